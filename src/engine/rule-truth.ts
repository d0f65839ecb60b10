// Whether a rule that was selected matches: its head, what it remembers of the thing, and the exceptions to it.
import type { Truth } from "../expression/truth.ts";
import type { Asking } from "./decision.ts";
import { truthNow, truthOfMatch } from "./match-truth.ts";
import { noteOnce, type Notes } from "./notes.ts";
import type { Scene } from "./scene.ts";
import type { SelectedRule } from "./selection.ts";

export function* truthOfRule(scene: Scene, selected: SelectedRule, notes: Notes): Asking<Truth> {
  const failuresBefore = scene.failures.length;
  const truth = yield* truthOfHead(scene, selected);
  if (truth === "no") return "no";
  if (truth === "doubt" && scene.failures.length > failuresBefore && selected.rule.fails === "open") {
    if (selected.isEnforced) noteOnce(notes.failedOpen, selected.rule.id);
    return "no";
  }
  return (yield* isExcepted(scene, selected, notes)) ? "no" : truth;
}

function* truthOfHead(scene: Scene, selected: SelectedRule): Asking<Truth> {
  const { match } = selected;
  if (match.settled) return match.settled;
  const remembered = selected.isAboutThing ? scene.surroundings.thing?.truths.get(selected.rule.order) : undefined;
  if (remembered) return remembered;
  return match.asks ? yield* truthOfMatch(scene, match) : truthNow(scene, match);
}

/** An exception in doubt takes nothing out. */
function* isExcepted(scene: Scene, selected: SelectedRule, notes: Notes): Asking<boolean> {
  for (const exception of selected.exceptions) {
    if (scene.surroundings.now >= exception.until) continue;
    if ((yield* truthOfMatch(scene, exception.match)) !== "yes") continue;
    if (selected.isEnforced) noteOnce(notes.exceptions, exception.id);
    return true;
  }
  return false;
}
