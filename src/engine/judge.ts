// The verdict on a message as it now stands. The order of rules gives the reason, never the verdict.
import type { Truth } from "../expression/truth.ts";
import type { Place } from "../language/compiled-policy.ts";
import { BLOCKED, POLICY_FAILED } from "../mcp/errors.ts";
import type { JsonObject } from "../mcp/json.ts";
import { answerResult } from "./answer-result.ts";
import type { Asking } from "./decision.ts";
import { resolveValue } from "./evaluate.ts";
import { fillTemplate } from "./fill-template.ts";
import { gatherVerdicts, type Found, type SelectedVerdict } from "./gather-verdicts.ts";
import { leadingWay, truthOfMatch } from "./match-truth.ts";
import type { Notes } from "./notes.ts";
import type { Scene } from "./scene.ts";
import type { SelectedRule, SelectedRules } from "./selection.ts";

export interface Judgement {
  readonly verdict: "allow" | "block" | "answer";
  readonly rule: string | undefined;
  readonly place: Place | undefined;
  readonly reason: string | undefined;
  readonly asError: boolean;
  readonly code: number;
  readonly answer: JsonObject | undefined;
}

export interface Judged {
  readonly judgement: Judgement;
  /** Rules that match and have something to note. */
  readonly matched: readonly SelectedRule[];
}

export function* judge(rules: SelectedRules, scene: Scene, notes: Notes): Asking<Judged> {
  const found = yield* gatherVerdicts(rules, scene, notes);
  const judgement = yield* conclude(rules, found, scene, notes);
  for (const { selected, truth } of found.inShadow) noteShadow(selected, truth, judgement, notes);
  return { judgement, matched: found.matched };
}

/** By rule, for a message that could not be judged. `reason` is for the one who is refused. */
export function refusal(selected: SelectedRule | undefined, code: number, reason: string | undefined): Judgement {
  const rule = selected?.rule;
  return { verdict: "block", rule: rule?.id, place: rule?.place, reason, asError: false, code, answer: undefined };
}

function* conclude(rules: SelectedRules, found: Found, scene: Scene, notes: Notes): Asking<Judgement> {
  if (found.block) return blockedBy(found.block, scene, notes);
  const start = found.allow ? allowedBy(found.allow) : yield* byDefault(rules, scene);
  if (start.verdict === "block" || !found.answer) return start;
  return yield* answeredBy(found.answer, scene);
}

function blockedBy({ selected, verdict }: SelectedVerdict<"block">, scene: Scene, notes: Notes): Judgement {
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const reason = verdict.reason
    ? fillTemplate(scene, home, verdict.reason, "reason", notes.secrets)
    : `Blocked by the policy (${selected.rule.id}).`;
  return { ...refusal(selected, BLOCKED, reason), asError: verdict.asError };
}

function allowedBy({ rule }: SelectedRule): Judgement {
  return allowed(rule.id, rule.place);
}

function* answeredBy({ selected, verdict }: SelectedVerdict<"answer">, scene: Scene): Asking<Judgement> {
  if (scene.facts.kind !== "request") return refusal(selected, BLOCKED, `Blocked by the policy (${selected.rule.id}).`);
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const value = yield* resolveValue(scene, home, verdict.value);
  const answer = value === undefined ? undefined : answerResult(scene.facts, value);
  if (!answer) return refusal(selected, POLICY_FAILED, `The answer of rule ${selected.rule.id} could not be made.`);
  return { ...allowedBy(selected), verdict: "answer", answer };
}

/** Any default with a head is more specific than the bare one; among those that match, block wins. */
function* byDefault(rules: SelectedRules, scene: Scene): Asking<Judgement> {
  const { bareDefault } = rules;
  if (!bareDefault) return NOTHING_SAID;
  let chosen: Pick<typeof bareDefault, "verdict" | "reason" | "place"> | undefined;
  for (const entry of rules.defaults) {
    const truth = yield* truthOfMatch(scene, entry.match);
    if (truth === "no" || (truth === "doubt" && entry.verdict === "allow")) continue;
    if (!chosen || (chosen.verdict === "allow" && entry.verdict === "block")) chosen = entry;
  }
  const { verdict, reason, place } = chosen ?? bareDefault;
  if (verdict === "allow") return allowed("default", place);
  const text = reason ?? "Blocked by the default of the policy.";
  return { ...refusal(undefined, BLOCKED, text), rule: "default", place };
}

function allowed(rule: string | undefined, place: Place | undefined): Judgement {
  return { verdict: "allow", rule, place, reason: undefined, asError: false, code: BLOCKED, answer: undefined };
}

const NOTHING_SAID = allowed(undefined, undefined);

function noteShadow(selected: SelectedRule, truth: Truth, { verdict: actual }: Judgement, notes: Notes): void {
  const verdicts = selected.verdicts.filter(({ kind }) => kind !== "allow" || truth === "yes");
  const would = verdicts.find(({ kind }) => kind === "block") ?? verdicts.find(({ kind }) => kind === "answer");
  const kind = (would ?? verdicts[0])?.kind;
  if (kind && kind !== actual) notes.shadow.push({ rule: selected.rule.id, would: kind });
}
