// How a message looked at each rule's place: the transforms are applied one rule more at a time, by the engine itself.
import type { Asking, Content } from "../../engine/decision.ts";
import { withLastingTags } from "../../engine/gates/lasting-tags.ts";
import { emptyNotes } from "../../engine/notes.ts";
import type { Facts, Surroundings } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { Scene } from "../../engine/scene.ts";
import { select } from "../../engine/matching/select.ts";
import { transformMessage, type TransformOutcome } from "../../engine/transforms/transform-message.ts";
import { unpackArguments } from "../../engine/transforms/unpack.ts";
import type { CompiledRule } from "../../language/compiled-policy.ts";

export interface JudgedMessage {
  readonly facts: Facts;
  readonly surroundings: Surroundings;
  /** As it came. */
  readonly content: Content;
}

export interface Passage {
  /** For rules without transforms, and those that change definitions, the message as it is judged. */
  at(rule: CompiledRule): Stop;
}

/** `before` is absent where the message never came so far; `after` where nothing was applied. */
export interface Stop {
  readonly before: Scene | undefined;
  readonly after?: Scene;
  readonly failure?: string;
}

/** Costs the square of the number of transforms: for people who ask why, not for messages. */
export function* passage(revision: Revision, { facts, surroundings, content }: JudgedMessage): Asking<Passage> {
  const definition = surroundings.thing?.definition;
  const { rules, readsTags } = select(revision, facts);
  const stops = new Map<string, Stop>();
  const came = new Scene({ revision, facts, surroundings, content, definition });
  const tagged = readsTags ? yield* withLastingTags(came, emptyNotes()) : came;
  const unpacked = unpackArguments(tagged, emptyNotes());
  const start = unpacked.kind === "done" ? unpacked.scene : tagged;
  let scene: Scene | undefined = unpacked.kind === "done" ? start : undefined;
  for (const [index, { rule }] of rules.transforms.entries()) {
    const sofar = { ...rules, transforms: rules.transforms.slice(0, index + 1), supplies: [] };
    const failedBefore = start.failures.length;
    const outcome: TransformOutcome | undefined = scene && (yield* transformMessage(sofar, start, emptyNotes()));
    if (!outcome) stops.set(rule.id, { before: undefined });
    else if (outcome.kind === "done") stops.set(rule.id, { before: scene, after: outcome.scene });
    else stops.set(rule.id, { before: scene, failure: failureOf(outcome, start.failures.slice(failedBefore)) });
    scene = outcome?.kind === "done" ? outcome.scene : undefined;
  }
  const final = scene;
  return { at: (rule) => stops.get(rule.id) ?? { before: final } };
}

/** With what the last expression said that failed on the way, if one did. */
function failureOf(outcome: Exclude<TransformOutcome, { readonly kind: "done" }>, failures: readonly string[]): string {
  if (outcome.kind !== "failed") return outcome.misfit;
  const said = failures.at(-1);
  return said === undefined || outcome.reason.includes(said) ? outcome.reason : `${outcome.reason}: ${said}`;
}
