// Whether a thing is listed: the verdict on a call whose body nobody knows yet.
import { every, not, type Truth } from "../../expression/truth.ts";
import type { CompiledRule } from "../../language/compiled-policy.ts";
import { answerQuestion } from "../matching/answer-question.ts";
import type { Asking } from "../decision.ts";
import { noteOnce, type Notes } from "../notes.ts";
import type { Match, Way } from "../matching/narrow.ts";
import type { Question } from "../matching/prepare-head.ts";
import { truthOfRule } from "../matching/rule-truth.ts";
import type { Scene } from "../scene.ts";
import type { SelectedDefault, SelectedRule, SelectedRules } from "../matching/selection.ts";

export interface Listing {
  /** A rule, or `default`; `undefined`: it is listed. */
  readonly hiddenBy: Pick<CompiledRule, "id" | "place"> | undefined;
  /** By the order of the rule: what a rule on the definition says of it. */
  readonly truths: ReadonlyMap<number, Truth>;
}

/** What the definition says, and whether more hangs on the call: unknown counts as no block and as an allow. */
interface Known {
  readonly truth: Truth;
  readonly hangsOnCall: boolean;
}

export function* listingOf(rules: SelectedRules, scene: Scene, notes: Notes): Asking<Listing> {
  const truths = new Map<number, Truth>();
  let isAllowed = false;
  let blockedBy: Listing["hiddenBy"];
  for (const selected of rules.verdicts) {
    const ways = yield* knownOf(scene, selected, truths, notes);
    const kinds = new Set(selected.verdicts.map((verdict) => verdict.kind));
    const isBlocking = kinds.has("block") && ways.some(({ truth, hangsOnCall }) => truth !== "no" && !hangsOnCall);
    if (isBlocking && !selected.isEnforced) notes.shadow.push({ rule: selected.rule.id, would: "block" });
    if (!selected.isEnforced) continue;
    if (isBlocking) blockedBy ??= selected.rule;
    if (kinds.has("allow") && ways.some(({ truth }) => truth === "yes")) isAllowed = true;
  }
  const hiddenBy = blockedBy ?? (isAllowed ? undefined : yield* hiddenByDefault(rules, scene));
  return { hiddenBy, truths };
}

/** One for each way the rule can match, after its exceptions. */
function* knownOf(
  scene: Scene,
  selected: SelectedRule,
  truths: Map<number, Truth>,
  notes: Notes,
): Asking<readonly Known[]> {
  const { match, rule } = selected;
  if (selected.isAboutThing && !match.settled) {
    const truth = yield* truthOfRule(scene, { ...selected, exceptions: [] }, notes);
    truths.set(rule.order, truth);
    return yield* withoutExceptions(scene, selected, [{ truth, hangsOnCall: false }], notes);
  }
  return yield* withoutExceptions(scene, selected, yield* knownOfMatch(scene, match), notes);
}

/** An exception that hangs on the call makes the rule hang on it too. */
function* withoutExceptions(
  scene: Scene,
  { exceptions, isEnforced }: SelectedRule,
  ways: readonly Known[],
  notes: Notes,
): Asking<readonly Known[]> {
  if (ways.every(({ truth }) => truth === "no")) return ways;
  let left = ways;
  for (const { id, until, match } of exceptions) {
    if (scene.surroundings.now >= until) continue;
    const excepted = (yield* knownOfMatch(scene, match)).filter(({ truth }) => truth === "yes");
    if (excepted.some(({ hangsOnCall }) => !hangsOnCall)) {
      if (isEnforced) noteOnce(notes.exceptions, id);
      return [];
    }
    if (excepted.length > 0) left = left.map(({ truth }) => ({ truth, hangsOnCall: true }));
  }
  return left;
}

function* knownOfMatch(scene: Scene, match: Match): Asking<readonly Known[]> {
  if (match.settled) return [{ truth: match.settled, hangsOnCall: false }];
  const known: Known[] = [];
  for (const way of match.ways) known.push(yield* knownOfWay(scene, way));
  return known;
}

function* knownOfWay(scene: Scene, way: Way): Asking<Known> {
  let { truth, hangsOnCall } = yield* knownOfQuestions(scene, way, way.questions, way.truth);
  for (const group of way.excepts) {
    const except = yield* knownOfQuestions(scene, way, group.questions, group.truth);
    if (except.truth === "no") continue;
    if (except.hangsOnCall) hangsOnCall = true;
    else truth = every([truth, not(except.truth)]);
  }
  return { truth, hangsOnCall };
}

/** A question that says no settles it, whatever hangs on the call. */
function* knownOfQuestions(scene: Scene, way: Way, questions: readonly Question[], start: Truth): Asking<Known> {
  let truth = start;
  let hangsOnCall = way.onlyErrors;
  for (const question of questions) {
    if (hangsOn(question, way)) hangsOnCall = true;
    else truth = every([truth, yield* answerQuestion(scene, way.home, question)]);
    if (truth === "no") return { truth, hangsOnCall: false };
  }
  return { truth, hangsOnCall };
}

function hangsOn({ reads }: Question, way: Way): boolean {
  return reads.content || reads.request || reads.tags || (reads.home && way.home !== "thing");
}

function* hiddenByDefault({ defaults, bareDefault }: SelectedRules, scene: Scene): Asking<Listing["hiddenBy"]> {
  const matching: SelectedDefault[] = [];
  for (const entry of defaults) if (yield* counts(scene, entry)) matching.push(entry);
  const chosen = matching.find(({ verdict }) => verdict === "block") ?? matching[0] ?? bareDefault;
  return chosen?.verdict === "block" ? { id: "default", place: chosen.place } : undefined;
}

function* counts(scene: Scene, { verdict, match }: SelectedDefault): Asking<boolean> {
  const known = yield* knownOfMatch(scene, match);
  if (verdict === "allow") return known.some(({ truth }) => truth === "yes");
  return known.some(({ truth, hangsOnCall }) => truth !== "no" && !hangsOnCall);
}
