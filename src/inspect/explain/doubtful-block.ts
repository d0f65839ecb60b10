// Whether a message was blocked on doubt alone: then the rule may look at something that is never there.
import type { Asking } from "../../engine/decision.ts";
import { withLastingTags } from "../../engine/gates/lasting-tags.ts";
import { select } from "../../engine/matching/select.ts";
import { emptyNotes } from "../../engine/notes.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { Scene } from "../../engine/scene.ts";
import type { CompiledRule } from "../../language/compiled-policy.ts";
import type { Outcome } from "../play/judge.ts";
import { isMeant, tryHead, type TriedPart } from "./tried-rules.ts";

/** After "passed, but": the rule and what it doubts; `undefined`: some rule blocks without any doubt, or none does. */
export function* doubtOf(revision: Revision, outcome: Outcome): Asking<string | undefined> {
  const { rules } = revision.policy.policy;
  const decider = rules.find(({ id }) => id === outcome.decision.rule);
  if (decider === undefined || !blocks(decider)) return undefined;
  const scene = yield* judgedScene(revision, outcome);
  const parts = yield* doubtfulParts(scene, decider);
  if (parts === undefined) return undefined;
  for (const rule of rules) {
    if (rule === decider || !blocks(rule)) continue;
    const head = revision.policy.heads[rule.order];
    if (head && isMeant(head, outcome.facts) && (yield* tryHead(scene, rule, head)).truth === "yes") return undefined;
  }
  return `${decider.id} is in doubt: ${parts.map(textOf).join(" ")}`;
}

function blocks({ verdicts, stage }: CompiledRule): boolean {
  return stage.kind !== "shadow" && verdicts.some(({ kind }) => kind === "block");
}

/** As it was judged. */
function* judgedScene(revision: Revision, { facts, surroundings, decision }: Outcome): Asking<Scene> {
  const definition = surroundings.thing?.definition;
  const scene = new Scene({ revision, facts, surroundings, content: decision.content, definition });
  return select(revision, facts).readsTags ? yield* withLastingTags(scene, emptyNotes()) : scene;
}

function* doubtfulParts(scene: Scene, rule: CompiledRule): Asking<readonly TriedPart[] | undefined> {
  const head = scene.revision.policy.heads[rule.order];
  if (!head || !isMeant(head, scene.facts)) return undefined;
  const { truth, parts } = yield* tryHead(scene, rule, head);
  return truth === "doubt" ? parts.filter((part) => part.truth === "doubt") : undefined;
}

function textOf({ kind, text }: TriedPart): string {
  return kind === "except" || kind === "exception" ? `${kind} ${text}` : text;
}
