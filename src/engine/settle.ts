// Decisions that the identity settles: made once, when the selection is, and handed out from then on.
import type { CompiledObservation, CompiledVerdict } from "../language/compiled-policy.ts";
import { decide, NO_CONTENT } from "./decide.ts";
import type { Decision } from "./decision.ts";
import type { Facts, Surroundings } from "./facts.ts";
import { isAboutIdentity } from "./telling/fill-template.ts";
import type { Revision } from "./policy-store.ts";
import type { SelectedRule, SelectedRules, Selection } from "./matching/selection.ts";
import { isSharedByIdentity } from "./gates/sharers.ts";

type Drafted = Pick<Selection, "rules" | "record">;

/** `undefined`: it takes more than the identity. */
export function settle(revision: Revision, facts: Facts, drafted: Drafted, readsBody: boolean): Decision | undefined {
  const hasUser = facts.principal.user !== undefined;
  const rules = !readsBody && isSettled(drafted.rules, hasUser) ? drafted.rules : surelyBlocked(drafted.rules, hasUser);
  if (!rules) return undefined;
  const step = decide(revision, { ...drafted, rules, readsTags: false }, facts, NO_CONTENT, NOWHERE).next();
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

function isSettled({ transforms, supplies, verdicts, defaults }: SelectedRules, hasUser: boolean): boolean {
  return (
    transforms.length === 0 &&
    supplies.length === 0 &&
    verdicts.every((selected) => isSettledRule(selected, hasUser)) &&
    defaults.every((entry) => entry.match.settled)
  );
}

/**
 * Identity cannot change, so a block that needs nothing else holds whatever is inside; it gives the reason when no rule
 * before it could block, and whatever is noted has to need nothing else either.
 */
function surelyBlocked(rules: SelectedRules, hasUser: boolean): SelectedRules | undefined {
  const isSure = (selected: SelectedRule): boolean => isSettledRule(selected, hasUser);
  const first = rules.verdicts.find((selected) => selected.isEnforced && selected.verdicts.some(isBlock));
  if (!first || !isSure(first)) return undefined;
  const others = rules.verdicts.filter((selected) => selected.rule.observations.length > 0 || !selected.isEnforced);
  if (!others.every(isSure)) return undefined;
  return { ...rules, transforms: [], supplies: [], verdicts: rules.verdicts.filter(isSure) };
}

function isBlock(verdict: CompiledVerdict): boolean {
  return verdict.kind === "block";
}

function isSettledRule({ match, exceptions, verdicts, rule }: SelectedRule, hasUser: boolean): boolean {
  return (
    match.settled !== undefined &&
    exceptions.length === 0 &&
    verdicts.every((verdict) => isSettledVerdict(verdict, hasUser)) &&
    !rule.cache?.by &&
    rule.observations.every(isSettledObservation)
  );
}

function isSettledVerdict(verdict: CompiledVerdict, hasUser: boolean): boolean {
  switch (verdict.kind) {
    case "allow":
      return true;
    case "block":
      return !verdict.reason || isAboutIdentity(verdict.reason);
    case "ask":
      return !verdict.text || isAboutIdentity(verdict.text);
    case "answer":
      return verdict.value.kind === "literal";
    case "limit":
      return (
        !verdict.of &&
        isSharedByIdentity(verdict.by, hasUser) &&
        (!verdict.otherwise || isSettledVerdict(verdict.otherwise, hasUser))
      );
  }
}

function isSettledObservation(observation: CompiledObservation): boolean {
  if (observation.kind === "tag") return !observation.lasting || isSharedByIdentity(observation.lasting.by, false);
  const { text, percent } = observation;
  return percent >= 100 && (!text || (text.kind === "template" && isAboutIdentity(text.template)));
}
