// Which answers of servers may be kept for others, and how they are written down.
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { isAmbiguous } from "../../message/content.ts";
import { readEnvelope, type ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import { rewordWritten } from "../../message/eras/reword.ts";
import type { DispatchLimits } from "../options.ts";
import type { Reply } from "../peers/peer.ts";
import { resultTypeOf } from "../wording/crossing.ts";
import type { KeptAnswer } from "./flights.ts";

/** Errors, failures of tools, questions and tasks are for who asked. */
export function keptAnswer(
  reply: Reply,
  { asked, at, owner }: Pick<KeptAnswer, "asked" | "at" | "owner">,
): KeptAnswer | undefined {
  if (reply.kind === "error" || isAmbiguous(reply)) return undefined;
  const { bytes, result } = reply;
  const failed = rangeAt(bytes, result, ["isError"]);
  if (failed !== undefined && rawAt(bytes, failed) !== "false") return undefined;
  if (resultTypeOf(reply) !== "complete" || rangeAt(bytes, result, ["task"]) !== undefined) return undefined;
  const scope = rangeAt(bytes, result, ["cacheScope"]);
  const isPrivate = scope !== undefined && textAt(bytes, scope) !== "public";
  return { envelope: reply, asked, at, owner, isPrivate };
}

/** Bytes of a result; longer ones are not written down. */
const MOST = 1024 * 1024;

/** `undefined`: it is too long. */
export function textOfKept({ envelope, asked, at, owner, isPrivate }: KeptAnswer): string | undefined {
  const { bytes, result } = envelope;
  if (result.end - result.start > MOST) return undefined;
  return JSON.stringify({ v: 1, asked, at, owner, isPrivate, result: rawAt(bytes, result) });
}

/** `undefined`: nobody here has written that. */
export function keptOfText(text: string, limits: DispatchLimits): KeptAnswer | undefined {
  const said = parsed(text);
  if (!isJsonObject(said)) return undefined;
  const { v, asked, at, owner, isPrivate, result } = said;
  if (v !== 1 || typeof asked !== "number" || typeof at !== "number") return undefined;
  if (typeof owner !== "string" || typeof result !== "string") return undefined;
  const envelope = readEnvelope(Buffer.from(`{"jsonrpc":"2.0","id":0,"result":${result}}`), limits);
  return envelope.kind === "result" ? { envelope, asked, at, owner, isPrivate: isPrivate !== false } : undefined;
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return null;
  }
}

/** It stays fresh no longer than its server said when it was given. */
export function agedAnswer({ envelope, at }: KeptAnswer, now: number, limits: DispatchLimits): ResultEnvelope {
  const { bytes, result } = envelope;
  const range = rangeAt(bytes, result, ["ttlMs"]);
  const ttl = range === undefined ? undefined : Number(rawAt(bytes, range));
  if (ttl === undefined || !(ttl > 0)) return envelope;
  const left = Math.max(0, Math.floor(ttl - (now - at)));
  const read = readEnvelope(
    Buffer.concat(rewordWritten([bytes], { members: { ttlMs: String(left) }, meta: {} })),
    limits,
  );
  return read.kind === "result" ? read : envelope;
}
