// `call` at its place among the transforms: a module's mutators change the message, and what they make of it is checked.
import type { Asking, Content } from "../decision.ts";
import { shortened } from "../telling/fill-template.ts";
import { listQuestion, rememberAnswer } from "./list-answers.ts";
import { maskText } from "../telling/masking.ts";
import { leavingContent, moduleCall, noteModules, saidBy, type CallTransform } from "./module-call.ts";
import { applyMutation } from "./apply-mutation.ts";
import { answerTo, type ModuleAnswer, type ModuleCall, type ModuleFailure } from "../need.ts";
import { noteOnce, type Notes } from "../notes.ts";
import { mutationMisfit } from "../catalogue/schema-check.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { failed, type Transformed } from "../transforms/transformed.ts";

export function* mutate(
  scene: Scene,
  selected: SelectedRule,
  transform: CallTransform,
  notes: Notes,
): Asking<Transformed> {
  const sent = leavingContent(scene, notes);
  if (!sent) return failed("what has to be masked for a module cannot be changed");
  const call = moduleCall("mutation", scene, sent, selected, transform);
  if (!call) return { kind: "done", scene };
  const answer = yield* answerOn(scene, call);
  switch (answer.kind) {
    case "pass":
      noteModules(notes, selected, answer);
      return { kind: "done", scene };
    case "failed":
      noteModules(notes, selected, answer, { of: "failed", reason: answer.reason });
      return faulty(call, answer.reason);
    case "rejected": {
      // The settings show it results before they are changed: what it refuses then, no `fails open` lets pass.
      const says = saidBy(scene, answer.messages, notes);
      noteModules(notes, selected, answer, { of: "rejected", ...(says !== undefined && { says }) });
      return { ...faulty(call, "error", "refused it"), always: true };
    }
    case "changed":
      return taken(scene, selected, call, sent, answer, notes);
  }
}

type Changed = Extract<ModuleAnswer, { readonly kind: "changed" }>;

/** Nothing is believed of it: it has to be such a message still, and the same one. */
function taken(
  scene: Scene,
  selected: SelectedRule,
  call: ModuleCall,
  sent: Content,
  answer: Changed,
  notes: Notes,
): Transformed {
  const mutation = applyMutation(scene.facts, scene.content, sent, answer.payload);
  const misfit = mutation.kind === "content" ? mutationMisfit(scene, mutation.content) : `at \`${mutation.path}\``;
  if (mutation.kind === "content" && misfit === undefined) {
    const paths = mutation.paths.map((path) => shortened(maskText(scene.revision, path, notes.secrets)));
    noteModules(notes, selected, answer, { of: "changed", paths });
    return { kind: "done", scene: scene.withContent(mutation.content) };
  }
  const reason = mutation.kind === "failed" ? mutation.reason : "schema";
  noteModules(notes, selected, answer, { of: "changed", outcome: "failed", reason });
  if (!answer.failsOpen) return faulty(call, reason, misfit);
  if (selected.isEnforced) noteOnce(notes.failedOpen, selected.rule.id);
  return { kind: "done", scene };
}

function faulty({ module }: ModuleCall, reason: ModuleFailure, text = ""): Faulty {
  return {
    kind: "failed",
    reason: `module ${module}: ${reason} ${text}`.trimEnd(),
    always: false,
    module: { module, reason },
  };
}

type Faulty = Extract<Transformed, { readonly kind: "failed" }>;

function* answerOn({ facts, revision }: Scene, call: ModuleCall): Asking<ModuleAnswer> {
  const { listAnswers, tools } = revision.policy;
  const question = listQuestion(facts, call, tools.digest);
  const known = question === undefined ? undefined : listAnswers.get(question);
  if (known) return { ...known, used: [] };
  const [answer] = answerTo("call", yield { kind: "call", calls: [call] }).answers;
  if (!answer) throw new Error("a module was called, and gave no answer at all");
  if (question !== undefined) rememberAnswer(listAnswers, question, answer);
  return answer;
}
