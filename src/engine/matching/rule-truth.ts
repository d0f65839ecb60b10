// Whether a rule that was selected matches: its head, what it remembers of the thing, and the exceptions to it.
import type { Truth } from "../../expression/truth.ts";
import type { Asking } from "../decision.ts";
import { truthNow, truthOfMatch } from "./match-truth.ts";
import { noteOnce, type Notes } from "../notes.ts";
import type { Scene } from "../scene.ts";
import type { SelectedException, SelectedRule } from "./selection.ts";

export function* truthOfRule(scene: Scene, selected: SelectedRule, notes: Notes): Asking<Truth> {
  if (!selected.asks) return truthOfRuleNow(scene, selected, notes);
  const failuresBefore = scene.failures.length;
  const truth = knownTruth(scene, selected) ?? (yield* truthOfMatch(scene, selected.match));
  if (truth === "no") return "no";
  if (
    truth === "doubt" &&
    (scene.failures.length > failuresBefore || lacksTags(scene, selected)) &&
    isSkipped(selected, notes)
  ) {
    return "no";
  }
  for (const exception of exceptionsInForce(scene, selected)) {
    if ((yield* truthOfMatch(scene, exception.match)) === "yes") return excepted(selected, exception, notes);
  }
  return truth;
}

/** For a rule that asks nobody, as most do: no generator is made for it. An exception in doubt takes nothing out. */
export function truthOfRuleNow(scene: Scene, selected: SelectedRule, notes: Notes): Truth {
  const truth = knownTruth(scene, selected) ?? truthNow(scene, selected.match);
  if (truth === "no") return truth;
  if (truth === "doubt" && lacksTags(scene, selected) && isSkipped(selected, notes)) return "no";
  if (selected.exceptions.length === 0) return truth;
  const exception = exceptionsInForce(scene, selected).find(({ match }) => truthNow(scene, match) === "yes");
  return exception ? excepted(selected, exception, notes) : truth;
}

/** Tags that it looks at could not be read. */
function lacksTags(scene: Scene, { match }: SelectedRule): boolean {
  return scene.lasting === "unknown" && match.reads.tags;
}

/** `fails open`: what failed does not count. */
function isSkipped({ rule, isEnforced }: SelectedRule, notes: Notes): boolean {
  if (rule.fails !== "open") return false;
  if (isEnforced) noteOnce(notes.failedOpen, rule.id);
  return true;
}

/** What takes no body: the identity settled it, or the catalogue review has the answer. */
function knownTruth(scene: Scene, { match, isAboutThing, rule }: SelectedRule): Truth | undefined {
  return match.settled ?? (isAboutThing ? scene.surroundings.thing?.truths.get(rule.order) : undefined);
}

function exceptionsInForce(scene: Scene, { exceptions }: SelectedRule): readonly SelectedException[] {
  return exceptions.filter(({ until }) => scene.surroundings.now < until);
}

function excepted({ isEnforced }: SelectedRule, { id }: SelectedException, notes: Notes): "no" {
  if (isEnforced) noteOnce(notes.exceptions, id);
  return "no";
}
