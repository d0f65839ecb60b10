// One message, one decision: transforms in the order written, then the verdict on what came of it, then what is noted.
import { BLOCKED, POLICY_FAILED } from "../mcp/errors.ts";
import { leaveOutResources, mayCarryResources } from "./carried-resources.ts";
import type { Asking, Content, Decision } from "./decision.ts";
import type { Facts, Surroundings } from "./facts.ts";
import { shortened } from "./telling/fill-template.ts";
import { judge, refusal, type Judgement } from "./judge.ts";
import { maskText } from "./telling/masking.ts";
import { withLastingTags, withTagsOfFinal } from "./gates/lasting-tags.ts";
import { emptyNotes, type Notes } from "./notes.ts";
import { observe, type Observed } from "./telling/observe.ts";
import type { Revision } from "./policy-store.ts";
import { recordOf } from "./telling/record.ts";
import { Scene } from "./scene.ts";
import type { SelectedRule, Selection } from "./matching/selection.ts";
import { NOBODY_ASKED, validate, type Rejection } from "./modules/validate.ts";
import { transformMessage, type TransformOutcome } from "./transforms/transform-message.ts";

/**
 * `selection` is what `select` gave for the same revision and facts. What there is nothing to do for is not begun: a
 * generator that yields nothing costs 0.1 µs.
 */
export function* decide(
  revision: Revision,
  selection: Pick<Selection, "rules" | "record" | "readsTags">,
  facts: Facts,
  content: Content,
  surroundings: Surroundings,
): Asking<Decision> {
  const notes = emptyNotes(surroundings.secrets);
  const { rules, readsTags } = selection;
  const came = new Scene({ revision, facts, surroundings, content, definition: surroundings.thing?.definition });
  const scene = readsTags ? yield* withLastingTags(came, notes) : came;
  const transformed = yield* transformMessage(rules, scene, notes);
  if (transformed.kind !== "done") return unjudged(selection, scene, transformed, notes);
  const carries = mayCarryResources(revision.policy, facts);
  const kept = carries ? yield* leaveOutResources(transformed.scene, notes) : transformed.scene;
  const final = readsTags ? yield* withTagsOfFinal(scene, kept, notes) : kept;
  const { calls, changed } = transformed;
  const validated = calls.length === 0 ? NOBODY_ASKED : yield* validate(calls, final, notes);
  if (validated.kind === "failed") return unjudged(selection, final, validated, notes);
  const { rejections } = validated;
  const { judgement, matched } = yield* judge(rules, final, notes, rejections);
  const acting = changed.length + rejections.length === 0 ? NO_RULES : actingRules(changed, rejections);
  const noting = acting.length === 0 ? matched : [...matched, ...acting];
  const observed = noting.length === 0 ? NOTHING_OBSERVED : yield* observe(noting, final, notes);
  const { untagged } = observed;
  const told = untagged && judgement.verdict !== "block" ? unwritten(untagged) : judgement;
  return decisionOf(selection, told, final, content, observed, notes);
}

/** Only when `!selection.readsBody`. */
export function decideByIdentity(
  revision: Revision,
  selection: Selection,
  facts: Facts,
  surroundings: Surroundings,
): Decision {
  if (selection.byIdentity) return selection.byIdentity;
  const step = decide(revision, selection, facts, NO_CONTENT, surroundings).next();
  if (!step.done) throw new Error("a decision by identity asked for something");
  return step.value;
}

const NO_RULES: readonly never[] = [];

/** Rules that changed or rejected the message, and have something to note. */
function actingRules(changed: readonly SelectedRule[], rejections: readonly Rejection[]): readonly SelectedRule[] {
  const acting = new Set([...changed, ...rejections.map(({ selected }) => selected)]);
  return [...acting].filter(({ rule }) => rule.observations.length > 0);
}

export const NO_CONTENT: Content = Object.freeze({});
const NOTHING_OBSERVED: Observed = { tags: [], logs: [], lasting: [], untagged: undefined };

/** Some rule reads the tag, and would take the message for one that never had it. */
function unwritten(selected: SelectedRule): Judgement {
  return refusal(selected, POLICY_FAILED, `The policy could not be applied (${selected.rule.id}).`);
}

/** The one who is refused is told which rule; what exactly failed may hold what a server said, and is for the record. */
function unjudged(
  selection: Pick<Selection, "record">,
  scene: Scene,
  outcome: Exclude<TransformOutcome, { kind: "done" }>,
  notes: Notes,
): Decision {
  if (outcome.kind === "misfit") {
    const thing = scene.surroundings.thing;
    const reason = maskText(scene.revision, `The arguments do not fit: ${shortened(outcome.misfit)}`, notes.secrets);
    const judgement = { ...refusal(undefined, BLOCKED, reason), rule: thing?.schemaChangedBy };
    return decisionOf(selection, judgement, scene, scene.content, NOTHING_OBSERVED, notes);
  }
  const id = outcome.rule?.rule.id;
  const told = id === undefined ? "The policy could not be applied." : `The policy could not be applied (${id}).`;
  const judgement = { ...refusal(outcome.rule, POLICY_FAILED, told), module: outcome.module };
  const reason = maskText(scene.revision, shortened(outcome.reason), notes.secrets);
  return decisionOf(selection, judgement, scene, scene.content, NOTHING_OBSERVED, notes, reason);
}

function decisionOf(
  selection: Pick<Selection, "record">,
  judgement: Judgement,
  scene: Scene,
  before: Content,
  observed: Observed,
  notes: Notes,
  recordReason?: string,
): Decision {
  const { verdict, rule, reason, asError, code, answer, question, limits, caching, module } = judgement;
  return {
    verdict,
    rule,
    reason,
    asError,
    code,
    module,
    answer,
    question,
    limits,
    caching,
    lasting: observed.lasting,
    content: scene.content,
    changed: scene.content !== before,
    tags: observed.tags,
    logs: observed.logs,
    secrets: notes.secrets,
    record: recordOf(selection.record, judgement, notes, observed.tags, recordReason),
  };
}
