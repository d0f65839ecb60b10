// Whether proxies that share a store would share what they keep in it: it is sealed, so they need the same keys for that.
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import type { Settings } from "./settings/settings.ts";

/** For the operator; `undefined`: they would, or nothing is kept for others. */
export function unsharedWarning(
  { keys, store }: Pick<Settings, "keys" | "store">,
  { rules }: Pick<CompiledPolicy, "rules">,
): string | undefined {
  if (keys.length > 0 || store?.server === undefined || !rules.some(({ cache }) => cache !== undefined))
    return undefined;
  return "what rules `cache` is kept in the store for this proxy alone, and for others never: give all that share it the same `keys`";
}
