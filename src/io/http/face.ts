// One path that MCP is served at, and what every request to it must be like before anything in it is read.
import { rememberingLast } from "../last-answer.ts";
import type { DoorLimits } from "./door-settings.ts";
import type { Refusal } from "./refusal.ts";
import type { ClientRequest } from "./request-and-response.ts";
import type { AttachCaller, Sessions } from "./sessions.ts";

export interface Face {
  readonly path: string;
  /** Where clients of 2024-11-05 find the same. */
  readonly oldPath: string;
  readonly sessions: Sessions;
  readonly limits: DoorLimits & { readonly isUtf8: (bytes: Uint8Array) => boolean };
  readonly attach: AttachCaller;
}

/** How a POST can be wrong before its body is read. */
export function faultOfPost(request: ClientRequest): Refusal | undefined {
  const { accept = "" } = request.headers;
  return faultOfBody(request) ?? (acceptsAnswers(accept) ? undefined : NOT_ACCEPTABLE);
}

export function faultOfBody({ headers }: ClientRequest): Refusal | undefined {
  if (!isJson(headers["content-type"] ?? ""))
    return { status: 415, reason: "`Content-Type` must be `application/json`" };
  const { "content-encoding": encoding } = headers;
  return encoding === undefined ? undefined : { status: 415, reason: "`Content-Encoding` is not supported" };
}

export function faultOfListener({ headers }: ClientRequest): Refusal | undefined {
  return accepts(headers.accept ?? "", "text/event-stream") ? undefined : NO_LISTENER;
}

export function tooLarge(limit: number): Refusal {
  return { status: 413, reason: `the body is longer than ${limit} bytes` };
}

const isJson = rememberingLast((type) => type.split(";")[0]?.trim().toLowerCase() === "application/json");

const acceptsAnswers = rememberingLast(
  (accept) => accepts(accept, "application/json") && accepts(accept, "text/event-stream"),
);

/** As the SDK reads it: what is listed, without weights. */
function accepts(accept: string, type: string): boolean {
  const [family] = type.split("/");
  const listed = new Set(accept.split(",").map((entry) => entry.split(";")[0]?.trim().toLowerCase()));
  return listed.has(type) || listed.has("*/*") || listed.has(`${family ?? ""}/*`);
}

export const TOO_MANY_SESSIONS: Refusal = {
  status: 503,
  reason: "there are as many sessions as there may be",
  headers: { "retry-after": "30" },
};
const NO_LISTENER: Refusal = { status: 406, reason: "`Accept` must list `text/event-stream`" };
const NOT_ACCEPTABLE: Refusal = {
  status: 406,
  reason: "`Accept` must list both `application/json` and `text/event-stream`",
};
