// The verdict on a message as it now stands. The order of rules gives the reason, never the verdict.
import type { Truth } from "../expression/truth.ts";
import type { Place } from "../language/compiled-policy.ts";
import { BLOCKED, POLICY_FAILED } from "../mcp/errors.ts";
import type { JsonObject } from "../mcp/json.ts";
import { answerResult } from "./answer-result.ts";
import { cachingOf } from "./gates/caching.ts";
import type { Asking, Caching, Question, Reservation } from "./decision.ts";
import { resolveValue } from "./evaluate.ts";
import { fillTemplate } from "./telling/fill-template.ts";
import { gatherVerdicts, gatherVerdictsNow, type Found, type SelectedVerdict } from "./gather-verdicts.ts";
import { leadingWay, truthOfMatch } from "./matching/match-truth.ts";
import type { ModuleFault } from "./need.ts";
import type { Notes } from "./notes.ts";
import { questionOf, type Asker } from "./gates/question.ts";
import { reservationsOf } from "./gates/reservations.ts";
import type { Scene } from "./scene.ts";
import type { SelectedRule, SelectedRules } from "./matching/selection.ts";
import type { Rejection } from "./modules/validate.ts";
import { inLanguageOf } from "./translation/policy-texts.ts";

export interface Judgement {
  readonly verdict: "allow" | "block" | "ask" | "answer";
  readonly rule: string | undefined;
  readonly place: Place | undefined;
  readonly reason: string | undefined;
  readonly asError: boolean;
  readonly code: number;
  /** Beside `ask`: what is answered once a human has said yes. */
  readonly answer: JsonObject | undefined;
  readonly question: Question | undefined;
  readonly limits: readonly Reservation[];
  readonly caching: Caching | undefined;
  readonly module?: ModuleFault | undefined;
}

export interface Judged {
  readonly judgement: Judgement;
  /** Rules that match and have something to note. */
  readonly matched: readonly SelectedRule[];
}

/** `rejections`: by modules, as verdicts of the rules that called them; in file order. */
export function* judge(
  rules: SelectedRules,
  scene: Scene,
  notes: Notes,
  rejections: readonly Rejection[] = NO_REJECTIONS,
): Asking<Judged> {
  const found = rules.asks ? yield* gatherVerdicts(rules, scene, notes) : gatherVerdictsNow(rules, scene, notes);
  const judgement =
    rejectedBy(rejections, found) ?? (yield* conclude(rules, found, askersOf(found, rejections), scene, notes));
  for (const { selected, truth } of found.inShadow) noteShadow(selected, truth, judgement, notes);
  return { judgement, matched: found.matched };
}

/** By rule, for a message that could not be judged. `reason` is for the one who is refused. */
export function refusal(selected: SelectedRule | undefined, code: number, reason: string | undefined): Judgement {
  const rule = selected?.rule;
  return { ...allowed(rule?.id, rule?.place), verdict: "block", reason, code };
}

const NO_REJECTIONS: readonly never[] = [];

/** A module that rejects competes with the rules that block. */
function rejectedBy(rejections: readonly Rejection[], { block }: Found): Judgement | undefined {
  const first = rejections.find(({ kind }) => kind === "block");
  if (!first || (block && block.selected.rule.order < first.selected.rule.order)) return undefined;
  return refusal(first.selected, BLOCKED, first.text ?? blockedText(first.selected));
}

function askersOf({ asks }: Found, rejections: readonly Rejection[]): readonly Asker[] {
  if (rejections.length === 0) return asks;
  const others = rejections.flatMap(({ selected, kind, text }): readonly Asker[] => {
    const template = text === undefined ? undefined : ([{ kind: "text", text }] as const);
    return kind === "ask" ? [{ selected, verdict: { text: template, withinMs: undefined, via: undefined } }] : [];
  });
  return [...asks, ...others].toSorted((one, other) => one.selected.rule.order - other.selected.rule.order);
}

function* conclude(
  rules: SelectedRules,
  found: Found,
  askers: readonly Asker[],
  scene: Scene,
  notes: Notes,
): Asking<Judgement> {
  if (found.block) return blockedBy(found.block, scene, notes);
  const start = found.allow
    ? allowedBy(found.allow)
    : byDefault(rules.defaults.length === 0 ? rules.bareDefault : yield* chosenDefault(rules, scene));
  if (start.verdict === "block") return start;
  const answered = found.answer ? yield* answeredBy(found.answer, scene) : undefined;
  if (answered?.verdict === "block") return answered;
  const sent = answered ?? start;
  const isCounted = found.limits.length > 0 || found.caches.length > 0;
  const counted = isCounted ? yield* countedBy(found, sent, askers.length > 0, scene, notes) : sent;
  const [first, ...others] = askers;
  return first && counted.verdict !== "block" ? askedBy([first, ...others], counted, scene, notes) : counted;
}

/** What is answered in the server's place is not sent, so nothing is counted, nor kept; it has to be possible, though. */
function* countedBy(found: Found, start: Judgement, isAsked: boolean, scene: Scene, notes: Notes): Asking<Judgement> {
  const reserved = yield* reservationsOf(found.limits, scene, notes);
  if (reserved.kind === "failed") {
    const reason = `The limit of rule ${reserved.selected.rule.id} could not be counted: ${reserved.reason}.`;
    return refusal(reserved.selected, POLICY_FAILED, reason);
  }
  if (start.verdict === "answer") return start;
  const caching = isAsked ? undefined : yield* cachingOf(found.caches, scene);
  return { ...start, limits: reserved.reservations, caching };
}

/** `sent`: what becomes of it when a human says yes. */
function askedBy(asks: readonly [Asker, ...Asker[]], sent: Judgement, scene: Scene, notes: Notes): Judgement {
  const [{ selected }] = asks;
  const { kind } = scene.facts;
  if (kind === "notification" || kind === "error") return refusal(selected, BLOCKED, blockedText(selected));
  const put = questionOf(asks, scene, notes);
  if (put.kind === "conflict") return refusal(selected, POLICY_FAILED, put.reason);
  const { id, place } = selected.rule;
  return { ...sent, verdict: "ask", rule: id, place, question: put.question };
}

function blockedBy({ selected, verdict }: SelectedVerdict<"block">, scene: Scene, notes: Notes): Judgement {
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const reason = verdict.reason
    ? fillTemplate(
        scene,
        home,
        inLanguageOf(scene, selected.rule.id, "reason", verdict.reason),
        "reason",
        notes.secrets,
      )
    : blockedText(selected);
  return { ...refusal(selected, BLOCKED, reason), asError: verdict.asError };
}

function blockedText({ rule }: SelectedRule): string {
  return `Blocked by the policy (${rule.id}).`;
}

function allowedBy({ rule }: SelectedRule): Judgement {
  return allowed(rule.id, rule.place);
}

function* answeredBy({ selected, verdict }: SelectedVerdict<"answer">, scene: Scene): Asking<Judgement> {
  if (scene.facts.kind !== "request") return refusal(selected, BLOCKED, blockedText(selected));
  const home = leadingWay(scene, selected.match)?.home ?? "body";
  const value = yield* resolveValue(scene, home, verdict.value);
  const answer = value === undefined ? undefined : answerResult(scene.facts, value);
  if (!answer) return refusal(selected, POLICY_FAILED, `The answer of rule ${selected.rule.id} could not be made.`);
  return { ...allowedBy(selected), verdict: "answer", answer };
}

type Default = Pick<NonNullable<SelectedRules["bareDefault"]>, "verdict" | "reason" | "place">;

/** Any default with a head is more specific than the bare one; among those that match, block wins. */
function* chosenDefault({ bareDefault, defaults }: SelectedRules, scene: Scene): Asking<Default | undefined> {
  if (!bareDefault) return undefined;
  let chosen: Default | undefined;
  for (const entry of defaults) {
    const truth = yield* truthOfMatch(scene, entry.match);
    if (truth === "no" || (truth === "doubt" && entry.verdict === "allow")) continue;
    if (!chosen || (chosen.verdict === "allow" && entry.verdict === "block")) chosen = entry;
  }
  return chosen ?? bareDefault;
}

function byDefault(chosen: Default | undefined): Judgement {
  if (!chosen) return NOTHING_SAID;
  const { verdict, reason, place } = chosen;
  if (verdict === "allow") return allowed("default", place);
  const text = reason ?? "Blocked by the default of the policy.";
  return { ...refusal(undefined, BLOCKED, text), rule: "default", place };
}

function allowed(rule: string | undefined, place: Place | undefined): Judgement {
  return {
    verdict: "allow",
    rule,
    place,
    reason: undefined,
    asError: false,
    code: BLOCKED,
    answer: undefined,
    question: undefined,
    limits: NO_LIMITS,
    caching: undefined,
  };
}

const NO_LIMITS: readonly never[] = [];
const NOTHING_SAID = allowed(undefined, undefined);

/** The strongest of what it would do. */
function noteShadow(selected: SelectedRule, truth: Truth, { verdict: actual }: Judgement, notes: Notes): void {
  const kinds = new Set(selected.verdicts.map(({ kind }) => kind));
  if (truth !== "yes") kinds.delete("allow");
  const kind = STRENGTHS.find((one) => kinds.has(one));
  if (kind && kind !== actual) notes.shadow.push({ rule: selected.rule.id, would: kind });
  else if (!kind && selected.rule.cache && truth === "yes")
    notes.shadow.push({ rule: selected.rule.id, would: "cache" });
}

const STRENGTHS = ["block", "ask", "answer", "limit", "allow"] as const;
