// Whether two clients are one and the same to every rule.
import type { Principal } from "../engine/facts.ts";

/** False where that would take a longer look, too. */
export function isSamePrincipal(one: Principal, other: Principal): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
