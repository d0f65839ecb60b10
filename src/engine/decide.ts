// One message, one decision: transforms in the order written, then the verdict on what came of it, then what is noted.
import type { Asking, Content, Decision } from "./decision.ts";
import type { Facts, Surroundings } from "./facts.ts";
import type { Revision } from "./policy-store.ts";
import type { Selection } from "./select.ts";

/** `selection` is what `select` gave for the same revision and facts. */
export function* decide(
  revision: Revision,
  _selection: Selection,
  _facts: Facts,
  _content: Content,
  _surroundings: Surroundings,
): Asking<Decision> {
  throw new Error(`not built yet: ${revision.id}`);
}

/** Only when `!selection.readsBody`. */
export function decideByIdentity(
  revision: Revision,
  selection: Selection,
  _facts: Facts,
  _surroundings: Surroundings,
): Decision {
  if (selection.byIdentity) return selection.byIdentity;
  throw new Error(`not built yet: ${revision.id}`);
}
