// What a refused message looks like to the one who waits for it.
import type { JsonObject } from "../mcp/json.ts";
import type { ListedKind } from "../mcp/lists.ts";
import type { Decision } from "./decision.ts";
import type { Facts } from "./facts.ts";
import type { Revision } from "./policy-store.ts";

export type Refusal =
  | { readonly kind: "result"; readonly result: JsonObject }
  | { readonly kind: "error"; readonly code: number; readonly message: string; readonly data?: JsonObject }
  /** A notification: nobody waits. */
  | { readonly kind: "drop" };

/** Of a reply: what its request gets in its place. `decision.verdict` is `block`. */
export function refuse(facts: Facts, decision: Decision, revision: Revision): Refusal {
  throw new Error(`not built yet: ${revision.id} ${facts.method} ${decision.code}`);
}

/** Unlisted means unknown: what the protocol says to a name nobody has. `exposed` is the name as the client wrote it. */
export function unknownThing(kind: ListedKind, exposed: string): Refusal {
  throw new Error(`not built yet: ${kind} ${exposed}`);
}
