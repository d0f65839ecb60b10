// Decisions that the identity settles: made once, when the selection is, and handed out from then on.
import type { CompiledObservation, CompiledVerdict } from "../language/compiled-policy.ts";
import { decide, NO_CONTENT } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Facts, Surroundings } from "./facts.ts";
import { isAboutIdentity } from "./fill-template.ts";
import type { Revision } from "./policy-store.ts";
import type { SelectedRule, SelectedRules, Selection } from "./selection.ts";

type Drafted = Pick<Selection, "rules" | "record">;

/** `undefined`: it takes more than the identity. */
export function settle(revision: Revision, facts: Facts, drafted: Drafted, readsBody: boolean): Decision | undefined {
  const rules = !readsBody && isSettled(drafted.rules) ? drafted.rules : surelyBlocked(drafted.rules);
  if (!rules) return undefined;
  const step = decide(revision, { ...drafted, rules }, facts, NO_CONTENT, NOWHERE).next();
  return step.done ? step.value : undefined;
}

/** Nothing that is settled looks at any of this. */
const NOWHERE: Surroundings = {
  now: 0,
  request: undefined,
  thing: undefined,
  tags: [],
  root: undefined,
  home: undefined,
};

function isSettled({ transforms, supplies, verdicts, defaults }: SelectedRules): boolean {
  return (
    transforms.length === 0 &&
    supplies.length === 0 &&
    verdicts.every(isSettledRule) &&
    defaults.every((entry) => entry.match.settled)
  );
}

/**
 * Identity cannot change, so a block that needs nothing else holds whatever is inside; it gives the reason when no rule
 * before it could block, and whatever is noted has to need nothing else either.
 */
function surelyBlocked(rules: SelectedRules): SelectedRules | undefined {
  const first = rules.verdicts.find((selected) => selected.isEnforced && selected.verdicts.some(isBlock));
  if (!first || !isSettledRule(first)) return undefined;
  const others = rules.verdicts.filter((selected) => selected.rule.observations.length > 0 || !selected.isEnforced);
  if (!others.every(isSettledRule)) return undefined;
  return { ...rules, transforms: [], supplies: [], verdicts: rules.verdicts.filter(isSettledRule) };
}

function isBlock(verdict: CompiledVerdict): boolean {
  return verdict.kind === "block";
}

function isSettledRule({ match, exceptions, verdicts, rule }: SelectedRule): boolean {
  return (
    match.settled !== undefined &&
    exceptions.length === 0 &&
    verdicts.every(isSettledVerdict) &&
    rule.observations.every(isSettledObservation)
  );
}

function isSettledVerdict(verdict: CompiledVerdict): boolean {
  switch (verdict.kind) {
    case "allow":
      return true;
    case "block":
      return !verdict.reason || isAboutIdentity(verdict.reason);
    case "answer":
      return verdict.value.kind === "literal";
    case "ask":
    case "limit":
      return false;
  }
}

function isSettledObservation(observation: CompiledObservation): boolean {
  if (observation.kind === "tag") return true;
  const { text, percent } = observation;
  return percent >= 100 && (!text || (text.kind === "template" && isAboutIdentity(text.template)));
}
