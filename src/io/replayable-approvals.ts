// Whether an approval could be used a second time at another proxy: several open the same states, and none knows what the others have taken.
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import type { Settings } from "./settings/settings.ts";

/** For the operator; `undefined`: it could not. */
export function replayWarning(
  { keys, store }: Pick<Settings, "keys" | "store">,
  { rules }: Pick<CompiledPolicy, "rules">,
): string | undefined {
  const isShared = keys.length > 0 && store?.server === undefined;
  if (!isShared || !rules.some(({ verdicts }) => verdicts.some(asks))) return undefined;
  return "an approval could be used once more at another proxy with these `keys`, until it runs out: name a `store.url` that they share";
}

type Verdict = CompiledPolicy["rules"][number]["verdicts"][number];

function asks(verdict: Verdict): boolean {
  return verdict.kind === "ask" || (verdict.kind === "limit" && verdict.otherwise?.kind === "ask");
}
