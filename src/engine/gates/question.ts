// What a human is asked of a message: the texts of all rules that ask, as one question.
import type { Template } from "../../language/compiled-policy.ts";
import type { Question } from "../decision.ts";
import { characterBudget, fillTemplate, type CharacterBudget } from "../telling/fill-template.ts";
import type { SelectedVerdict } from "../gather-verdicts.ts";
import { maskText } from "../telling/masking.ts";
import { leadingWay } from "../matching/match-truth.ts";
import type { Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { inLanguageOf } from "../translation/policy-texts.ts";

/** A rule that asks, by itself or when a limit is used up. */
export interface Asker {
  readonly selected: SelectedRule;
  readonly verdict: Pick<SelectedVerdict<"ask">["verdict"], "text" | "withinMs" | "via">;
}

/** `conflict`: nobody can be asked, since two rules each want a way of their own. */
export type Put =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "conflict"; readonly reason: string };

/** Whoever asks is heard: the least time, and the one way that a rule insists on. At least one asks. */
export function questionOf(askers: readonly [Asker, ...Asker[]], scene: Scene, notes: Notes): Put {
  const ways = new Set(askers.flatMap(({ verdict: { via } }) => (via === undefined ? [] : [via])));
  const rules = askers.map(({ selected }) => selected.rule.id);
  if (ways.size > 1) {
    return {
      kind: "conflict",
      reason: `${rules.join(", ")} each want to be asked in another way (${[...ways].join(", ")}).`,
    };
  }
  const times = askers.flatMap(({ verdict: { withinMs } }) => (withinMs === undefined ? [] : [withinMs]));
  const [via] = ways;
  return {
    kind: "question",
    question: {
      text: textOf(askers, scene, notes),
      rules,
      place: askers[0].selected.rule.place,
      withinMs: times.length === 0 ? undefined : Math.min(...times),
      via,
    },
  };
}

/** Characters of all fields together. */
const MOST_CHARACTERS = 1000;

function textOf(askers: readonly Asker[], scene: Scene, notes: Notes): string {
  const budget = characterBudget(MOST_CHARACTERS);
  const texts = askers.flatMap(({ selected, verdict: { text } }) =>
    text ? [filled(scene, selected, text, notes, budget)] : [],
  );
  if (texts.length > 0) return [...new Set(texts)].join("\n");
  return maskText(scene.revision, `Shall this ${scene.facts.method} go on?`, notes.secrets);
}

function filled(scene: Scene, selected: SelectedRule, text: Template, notes: Notes, budget: CharacterBudget): string {
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const spoken = inLanguageOf(scene, selected.rule.id, "text", text);
  return fillTemplate(scene, home, spoken, "reason", notes.secrets, budget);
}
