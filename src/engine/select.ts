// Which rules a message's identity leaves in play; remembered, so that deciding costs the same at any number of rules.
import type { Decision } from "./decision.ts";
import type { Facts } from "./facts.ts";
import type { Revision } from "./policy-store.ts";

export interface Selection {
  /** The very decision, when nothing but the identity is needed for it. Its `content` means nothing. */
  readonly byIdentity: Decision | undefined;
  /** Some rule looks inside: the content has to be parsed, and `decide` asked. */
  readonly readsBody: boolean;
  /** Of a reply: some rule looks at its request (`Surroundings.request`). */
  readonly readsRequest: boolean;
  /** Some rule looks at the definition of the thing (`Surroundings.thing`). */
  readonly readsThing: boolean;
}

export function select(revision: Revision, facts: Facts): Selection {
  throw new Error(`not built yet: ${revision.id} ${facts.method}`);
}
