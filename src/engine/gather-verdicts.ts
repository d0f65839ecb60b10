// What the rules in play say of a message, rule by rule, before it is added up.
import type { Truth } from "../expression/truth.ts";
import type { CompiledVerdict } from "../language/compiled-policy.ts";
import type { Asking } from "./decision.ts";
import type { Notes } from "./notes.ts";
import { truthOfRule, truthOfRuleNow } from "./matching/rule-truth.ts";
import type { Scene } from "./scene.ts";
import type { SelectedRule, SelectedRules } from "./matching/selection.ts";

/** In file order. Where only the first of a kind counts, it alone. */
export interface Found {
  readonly allow: SelectedRule | undefined;
  readonly block: SelectedVerdict<"block"> | undefined;
  readonly answer: SelectedVerdict<"answer"> | undefined;
  readonly asks: readonly SelectedVerdict<"ask">[];
  readonly limits: readonly SelectedVerdict<"limit">[];
  readonly caches: readonly SelectedRule[];
  /** Rules that match and have something to note. */
  readonly matched: readonly SelectedRule[];
  readonly inShadow: readonly { readonly selected: SelectedRule; readonly truth: Truth }[];
}

export interface SelectedVerdict<Kind extends CompiledVerdict["kind"]> {
  readonly selected: SelectedRule;
  readonly verdict: Extract<CompiledVerdict, { readonly kind: Kind }>;
}

export function* gatherVerdicts(rules: SelectedRules, scene: Scene, notes: Notes): Asking<Found> {
  const found = nothing();
  for (const selected of inPlay(rules, scene)) {
    if (mayMatter(selected, found)) take(found, selected, yield* truthOfRule(scene, selected, notes));
  }
  return found;
}

/** Unless `rules.asks`. Most policies ask nobody; a plain loop over a hundred rules costs half of one in a generator. */
export function gatherVerdictsNow(rules: SelectedRules, scene: Scene, notes: Notes): Found {
  const found = nothing();
  for (const selected of inPlay(rules, scene)) {
    if (mayMatter(selected, found)) take(found, selected, truthOfRuleNow(scene, selected, notes));
  }
  return found;
}

function inPlay({ sieve, verdicts }: SelectedRules, scene: Scene): readonly SelectedRule[] {
  return sieve?.(scene) ?? verdicts;
}

type Gathered = { -readonly [Key in keyof Found]: Found[Key] } & {
  readonly matched: SelectedRule[];
  readonly inShadow: { readonly selected: SelectedRule; readonly truth: Truth }[];
};

const NONE: readonly never[] = [];

/** Few rules ask, count or keep: the lists of those are made when the first one does. */
function nothing(): Gathered {
  return {
    allow: undefined,
    block: undefined,
    answer: undefined,
    asks: NONE,
    limits: NONE,
    caches: NONE,
    matched: [],
    inShadow: [],
  };
}

/** Once a rule blocks, only what is noted is of interest: no later rule has the better reason. */
function mayMatter({ isEnforced, rule, verdicts }: SelectedRule, found: Found): boolean {
  if (!isEnforced || rule.observations.length > 0) return true;
  if (found.block) return false;
  return rule.cache !== undefined || verdicts.some(({ kind }) => kind === "ask" || kind === "limit" || !found[kind]);
}

/** In doubt, what takes away counts, and what gives does not. */
function take(found: Gathered, selected: SelectedRule, truth: Truth): void {
  if (truth === "no") return;
  if (!selected.isEnforced) {
    found.inShadow.push({ selected, truth });
    return;
  }
  const { observations, cache } = selected.rule;
  if (observations.length > 0) found.matched.push(selected);
  for (const verdict of selected.verdicts) takeVerdict(found, selected, verdict, truth);
  if (cache && truth === "yes") found.caches = [...found.caches, selected];
}

function takeVerdict(found: Gathered, selected: SelectedRule, verdict: CompiledVerdict, truth: Truth): void {
  switch (verdict.kind) {
    case "allow":
      if (truth === "yes") found.allow ??= selected;
      break;
    case "block":
      found.block ??= { selected, verdict };
      break;
    case "answer":
      found.answer ??= { selected, verdict };
      break;
    case "ask":
      found.asks = [...found.asks, { selected, verdict }];
      break;
    case "limit":
      found.limits = [...found.limits, { selected, verdict }];
      break;
  }
}
