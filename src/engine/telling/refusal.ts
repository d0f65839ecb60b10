// What a refused message looks like to the one who waits for it.
import { INVALID_PARAMS, RESOURCE_NOT_FOUND } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { Decision } from "../decision.ts";
import type { Facts } from "../facts.ts";
import type { Revision } from "../policy-store.ts";

export type Refusal =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly data?: JsonObject }
  /** A notification: nobody waits. */
  | { readonly kind: "drop" };

/** Of a reply: what its request gets in its place. `decision.verdict` is `block`. */
export function refuse(facts: Facts, decision: Decision, revision: Revision): Refusal {
  if (facts.kind === "notification") return { kind: "drop" };
  const message = decision.reason ?? "Blocked by the policy.";
  if (facts.method === "tools/call" && !decision.asError) return failedCall(message);
  const { code, rule, verdict, retryAfterMs, declined, module: fault } = decision;
  const why = declined !== undefined && { reason: declined };
  const when = retryAfterMs !== undefined && { retryAfterMs };
  const data = {
    ...(rule !== undefined && { rule }),
    revision: revision.id,
    decision: verdict,
    ...when,
    ...why,
    ...fault,
  };
  return { kind: "error", code, message, data };
}

/** Unlisted means unknown: what the protocol says to a name nobody has. `exposed` is the name as the client wrote it. */
export function unknownThing(kind: ListedKind, exposed: string): Refusal {
  switch (kind) {
    case "tool":
      return { kind: "error", code: INVALID_PARAMS, message: `Unknown tool: ${exposed}` };
    case "prompt":
      return { kind: "error", code: INVALID_PARAMS, message: `Unknown prompt: ${exposed}` };
    case "resource":
    case "template":
      return { kind: "error", code: RESOURCE_NOT_FOUND, message: "Resource not found", data: { uri: exposed } };
  }
}

/** A result, so that the model reads why and can do something else (2025-11-25, Tools, Error Handling). */
function failedCall(text: string): Refusal {
  return { kind: "result", result: { content: [{ type: "text", text }], isError: true } };
}
