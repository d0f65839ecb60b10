// Modules for tests: what they answer, and all that a policy asked them.
import type { Answer, Decision, Need } from "../../src/engine/decision.ts";
import type { Surroundings } from "../../src/engine/facts.ts";
import type { ModuleAnswer, ModuleCall } from "../../src/engine/need.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { call, decided, NOWHERE, revisionOf, told, type Message } from "./policy.ts";

export const USED = { module: "dlp", interceptor: "i", ms: 1 } as const;
const PASS: ModuleAnswer = { kind: "pass", used: [{ ...USED, outcome: "pass" }] };
export const SEND = call("mail", { text: "hello", big: 1 });

export function changed(payload: JsonObject, more: { readonly failsOpen?: boolean } = {}): ModuleAnswer {
  return { kind: "changed", payload, used: [{ ...USED, outcome: "changed" }], ...more };
}

export function rejected(
  more: { readonly asks?: boolean; readonly mayTell?: boolean; readonly message?: string } = {},
): ModuleAnswer {
  const { asks = false, mayTell = false, message = "it is bad" } = more;
  return { kind: "rejected", messages: [{ message }], asks, mayTell, used: [{ ...USED, outcome: "rejected" }] };
}

export function broken(reason: "down" | "timeout" = "down"): ModuleAnswer {
  return { kind: "failed", reason, used: [{ ...USED, outcome: "failed" }] };
}

export function sends(name: string, args: JsonObject): JsonObject {
  return { method: "tools/call", params: { name, arguments: args } };
}

export interface Outcome {
  readonly decision: Decision;
  /** One list for each need. */
  readonly calls: readonly (readonly ModuleCall[])[];
}

/** `say`: what a mutator or validator answers; by default all pass. */
export function outcome(
  policy: string,
  message: Message = SEND,
  say: (call: ModuleCall) => ModuleAnswer | undefined = () => undefined,
  around: Partial<Surroundings> = {},
): Outcome {
  const answer = (need: Need): Answer => {
    if (need.kind !== "call") throw new Error(`asked to ${need.kind}`);
    return { kind: "call", answers: need.calls.map((one) => say(one) ?? PASS) };
  };
  const surroundings = { ...NOWHERE, session: "s-1", ...around };
  const { value, needs } = told(decided(revisionOf(`default allow ${policy}`, admits), message, surroundings), answer);
  return { decision: value, calls: needs.flatMap((need) => (need.kind === "call" ? [need.calls] : [])) };
}

/** Whatever says so is no fit. */
function admits(_schema: JsonObject, value: JsonValue): string | undefined {
  return JSON.stringify(value).includes("misfit") ? "it does not fit" : undefined;
}

export const mutators =
  (answer: ModuleAnswer) =>
  ({ type }: ModuleCall): ModuleAnswer | undefined =>
    type === "mutation" ? answer : undefined;

export const validators =
  (answer: ModuleAnswer) =>
  ({ type }: ModuleCall): ModuleAnswer | undefined =>
    type === "validation" ? answer : undefined;

export const DLP = "rule r when tools/call mail call dlp";

/** The argument `text` of a call. */
export function textOf(payload: JsonObject): string {
  const { params } = payload as { readonly params?: { readonly arguments?: { readonly text?: string } } };
  return params?.arguments?.text ?? "";
}
