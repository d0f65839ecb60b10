// Calls that hold nothing of what their rules look for: what is decided of them is known before the first one comes.
import type { Path } from "../../expression/path.ts";
import type { Facts } from "../facts.ts";
import type { Revision } from "../policy-store.ts";
import { settle } from "../settle.ts";
import { notSieved, type SievedGroup } from "./rule-sieve.ts";
import type { Absence, Selection, Sought } from "./selection.ts";

type Drafted = Pick<Selection, "rules" | "record">;

/** `undefined`: without its arguments not all can be said of a call. */
export function absenceOf(
  revision: Revision,
  facts: Facts,
  drafted: Drafted,
  groups: readonly SievedGroup[],
): Absence | undefined {
  if (facts.kind !== "request" || facts.method !== "tools/call" || facts.from !== "client") return undefined;
  const found = groups.flatMap((group) => soughtBy(group));
  if (found.length === 0) return undefined;
  const inGroups = found.map(({ group }) => group);
  const rules = { ...drafted.rules, verdicts: notSieved(drafted.rules.verdicts, inGroups) };
  const decision = settle(revision, facts, { ...drafted, rules }, false);
  return decision && { decision, sought: found.map(({ sought }) => sought) };
}

function soughtBy(group: SievedGroup): readonly { readonly group: SievedGroup; readonly sought: Sought }[] {
  const keys = keysOf(group.path);
  return keys === undefined ? [] : [{ group, sought: { keys, sieve: group.sieve } }];
}

/** `undefined`: it starts elsewhere, or goes through a list. */
function keysOf({ absolute, steps }: Path): readonly string[] | undefined {
  const keys = steps.flatMap((step) => (step.kind === "member" ? [step.key] : []));
  if (keys.length < steps.length) return undefined;
  if (!absolute) return keys;
  return keys[0] === "params" && keys[1] === "arguments" ? keys.slice(2) : undefined;
}
