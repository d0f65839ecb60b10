// `mcprules explain`: why one message from a file ends as it does under a policy.
import { readFileSync } from "node:fs";
import { withPrincipal } from "../inspect/given.ts";
import { explainMessage, type Explained, type ExplainedMessage, type Question } from "../inspect/explain-message.ts";
import type { Principal } from "../engine/facts.ts";
import type { PrincipalKind } from "../language/compiled-value.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { methodFacts } from "../mcp/methods.ts";
import { loadPolicy } from "./load-policy.ts";
import { paintFor, type Paint } from "./paint.ts";
import { renderExplanation, row, shownJson } from "./render-explanation.ts";

export interface ExplainRequest {
  /** A JSON file, or `-` for stdin. */
  readonly file: string;
  readonly rules: readonly string[];
  readonly on?: string;
  readonly from?: "client" | "server";
  readonly user?: string;
  readonly group?: readonly string[];
  readonly client?: string;
  readonly profile?: string;
  /** A point in time, as `given now` takes it. */
  readonly now?: string;
  readonly json?: boolean;
}

/** The exit code: 0 explained, whatever the verdict; 1 there is no message or no sound policy. */
export async function explain(request: ExplainRequest): Promise<number> {
  const question = questionFrom(request);
  if (typeof question === "string") return complain(question);
  const policy = await loadPolicy(request.rules);
  if (policy.kind === "none") return 1;
  try {
    const explained = await policy.fulfil(explainMessage(policy.revision, question));
    if (request.json === true) process.stdout.write(`${JSON.stringify(explained, undefined, 2)}\n`);
    else print(explained, question, paintFor(process.stdout));
  } finally {
    await policy.close();
  }
  return 0;
}

/** A text: what is wrong with what was asked. */
function questionFrom(request: ExplainRequest): Question | string {
  const now = request.now === undefined ? Date.now() : Date.parse(request.now);
  if (Number.isNaN(now)) return `\`${request.now ?? ""}\` is no point in time: write 2026-12-01T09:30:00Z`;
  const principal = principalFrom(request);
  if (typeof principal === "string") return principal;
  const json = readJson(request.file);
  if (typeof json === "string") return json;
  const { request: asked, ...reply } = json;
  const message = isJsonObject(asked) ? asked : json;
  const { method, params } = message;
  if (typeof method !== "string") return `${request.file}: ${NO_MESSAGE}`;
  const from = request.from ?? (methodFacts(method)?.from === "server" ? "server" : "client");
  const content = params === undefined ? {} : { params };
  return {
    message: { method, content, from, server: request.on },
    reply: isJsonObject(asked) && ("result" in reply || "error" in reply) ? contentOf(reply) : undefined,
    principal,
    now,
  };
}

const NO_MESSAGE = `a message is {"method": …, "params": …}, or {"request": {"method": …}, "result": …}`;

function contentOf({ result, error }: JsonObject): JsonObject {
  return result === undefined ? { error: error ?? null } : { result };
}

function readJson(file: string): JsonObject | string {
  try {
    const value = JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8")) as JsonValue;
    return isJsonObject(value) ? value : `${file}: ${NO_MESSAGE}`;
  } catch (error) {
    return `${file}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function principalFrom({ user, group = [], client, profile }: ExplainRequest): Principal | string {
  const given: readonly (readonly [PrincipalKind, string | undefined])[] = [
    ["client", client],
    ["user", user],
    ...group.map((name) => ["group", name] as const),
    ["profile", profile],
  ];
  let principal: Principal = { client: undefined, user: undefined, profile: undefined };
  for (const [kind, text] of given) {
    const known = text === undefined ? principal : withPrincipal(principal, kind, valueOf(text));
    if (!known) return `\`${text ?? ""}\` is no ${kind}: write a name, or JSON with an \`id\``;
    principal = known;
  }
  return principal;
}

/** A name, or the whole as JSON. */
function valueOf(text: string): JsonValue {
  try {
    return text.startsWith("{") ? (JSON.parse(text) as JsonValue) : text;
  } catch {
    return null;
  }
}

function print({ request, reply }: ExplainedMessage, { message, reply: given }: Question, paint: Paint): void {
  const other = message.from === "client" ? "server" : "client";
  printOne(request, message.from, other, paint);
  if (reply) {
    process.stdout.write("\n");
    printOne(reply, other, message.from, paint);
  } else if (given) process.stdout.write("\nThe request went nowhere, so nothing comes back.\n");
}

function printOne({ explanation, outcome }: Explained, from: string, to: string, paint: Paint): void {
  const isRefused = explanation.record.verdict !== "allow";
  const isDropped = Object.keys(outcome).length === 0;
  const gets = `the ${isRefused && !isDropped ? from : to} gets ${isDropped ? "nothing" : shownJson(outcome)}`;
  const lines = [...renderExplanation(explanation, paint, { allParts: true }), row("outcome", gets)];
  process.stdout.write(`${lines.map((line) => line.slice(2)).join("\n")}\n`);
}

function complain(reason: string): number {
  process.stderr.write(`error: ${reason}\n`);
  return 1;
}
