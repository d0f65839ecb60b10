// Questions of servers to the person or model behind a client: who can be asked, and what it means that nobody was.
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";

const CAPABILITY_OF: ReadonlyMap<string, string> = new Map([
  ["sampling/createMessage", "sampling"],
  ["elicitation/create", "elicitation"],
  ["roots/list", "roots"],
]);

export function isQuestion(method: string): boolean {
  return CAPABILITY_OF.has(method);
}

/** What the client has not said it can do, and would have to; `undefined`: it can be asked this. */
export function lackingCapability(capabilities: JsonObject, question: RequestEnvelope): string | undefined {
  const name = CAPABILITY_OF.get(question.method);
  if (name === undefined) return undefined;
  if (!Object.hasOwn(capabilities, name)) return name;
  const mode = modeOf(question);
  return mode === undefined || canBeAsked(capabilities, name, mode) ? undefined : `${name}.${mode}`;
}

/** `mode`: of an elicitation; nothing else has any. */
export function canBeAsked(capabilities: JsonObject, name: string, mode: string): boolean {
  const capability = memberOf(capabilities, name);
  return capability !== undefined && (name !== "elicitation" || canElicit(capability, mode));
}

/** Of an elicitation that says so. */
export function modeOf({ bytes, params }: RequestEnvelope): string | undefined {
  return params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["mode"]));
}

/** `{}` means forms only (2025-11-25 and 2026-07-28, Elicitation). */
function canElicit(capability: JsonValue, mode: string): boolean {
  if (!isJsonObject(capability)) return mode === "form";
  return Object.hasOwn(capability, mode) || (mode === "form" && !Object.hasOwn(capability, "url"));
}

/** What its server hears of a question that a rule keeps from the client, as raw JSON text; `undefined`: it cannot be told so. */
export function declined(method: string): string | undefined {
  if (method === "elicitation/create") return '{"action":"decline"}';
  return method === "roots/list" ? '{"roots":[]}' : undefined;
}
