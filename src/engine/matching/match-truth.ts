// Whether a rule matches: one of its ways, with every question answered yes and no exception to it.
import { agreed, every, not, some, type Truth } from "../../expression/truth.ts";
import { answerNow, answerQuestion } from "./answer-question.ts";
import type { Asking } from "../decision.ts";
import { isFailedResult } from "../natural-body.ts";
import type { Group, Match, Way } from "./narrow.ts";
import type { Question } from "./prepare-head.ts";
import type { Scene } from "../scene.ts";

/** Cheap questions first; whoever says no spares the others, so few messages pay for an expression. */
export function* truthOfMatch(scene: Scene, match: Match): Asking<Truth> {
  if (match.settled) return match.settled;
  const { otherReading } = scene;
  const truth = yield* truthOfWays(scene, match);
  return otherReading ? agreed([truth, yield* truthOfWays(otherReading, match)]) : truth;
}

/** For a match that asks nobody. */
export function truthNow(scene: Scene, match: Match): Truth {
  if (match.settled) return match.settled;
  const { otherReading } = scene;
  const truth = waysNow(scene, match);
  return otherReading ? agreed([truth, waysNow(otherReading, match)]) : truth;
}

function* truthOfWays(scene: Scene, match: Match): Asking<Truth> {
  const [only] = match.ways;
  if (only && match.ways.length === 1) return match.asks ? yield* truthOfWay(scene, only) : wayNow(scene, only);
  const truths: Truth[] = [];
  for (const way of match.ways) truths.push(yield* truthOfWay(scene, way));
  return some(truths);
}

function waysNow(scene: Scene, match: Match): Truth {
  const [only] = match.ways;
  return only && match.ways.length === 1 ? wayNow(scene, only) : some(match.ways.map((way) => wayNow(scene, way)));
}

/** The way this rule is meant for this message: where its transforms and texts start. */
export function leadingWay(scene: Scene, match: Match): Way | undefined {
  return match.ways.find((way) => !way.onlyErrors || isFailedResult(scene.content));
}

function wayNow(scene: Scene, way: Way): Truth {
  if (way.onlyErrors && !isFailedResult(scene.content)) return "no";
  const truth = andNow(scene, way, way.questions, way.truth);
  if (truth === "no" || way.excepts.length === 0) return truth;
  return every([truth, ...way.excepts.map((group) => not(andNow(scene, way, group.questions, group.truth)))]);
}

function* truthOfWay(scene: Scene, way: Way): Asking<Truth> {
  if (way.onlyErrors && !isFailedResult(scene.content)) return "no";
  const cheap = cheapTruth(scene, way);
  if (cheap === "no") return "no";
  const asked = yield* andAsked(scene, way, way.questions, cheap);
  if (asked === "no") return "no";
  let truth: Truth = asked;
  for (const group of way.excepts) {
    if (!group.questions.some((question) => question.asks)) continue;
    truth = every([truth, not(yield* truthOfGroup(scene, way, group))]);
    if (truth === "no") return "no";
  }
  return truth;
}

/** All that can be said without asking anybody. */
function cheapTruth(scene: Scene, way: Way): Truth {
  const truth = andNow(scene, way, way.questions, way.truth);
  if (truth === "no") return "no";
  const groups = way.excepts.filter((group) => !group.questions.some((question) => question.asks));
  return every([truth, ...groups.map((group) => not(andNow(scene, way, group.questions, group.truth)))]);
}

function* truthOfGroup(scene: Scene, way: Way, group: Group): Asking<Truth> {
  const cheap = andNow(scene, way, group.questions, group.truth);
  return cheap === "no" ? "no" : yield* andAsked(scene, way, group.questions, cheap);
}

/** Leaves out the questions that ask. */
function andNow(scene: Scene, way: Way, questions: readonly Question[], start: Truth): Truth {
  let truth = start;
  for (const question of questions) {
    if (question.asks) continue;
    const answer = answerNow(scene, way.home, question);
    if (answer === "no") return "no";
    if (answer === "doubt") truth = "doubt";
  }
  return truth;
}

function* andAsked(scene: Scene, way: Way, questions: readonly Question[], start: Truth): Asking<Truth> {
  let truth = start;
  for (const question of questions) {
    if (!question.asks) continue;
    const answer = yield* answerQuestion(scene, way.home, question);
    if (answer === "no") return "no";
    if (answer === "doubt") truth = "doubt";
  }
  return truth;
}
