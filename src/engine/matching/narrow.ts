// A rule's head, narrowed to one identity: what is left to ask of the body, or nothing when the identity says no.
import { every, some, type Truth } from "../../expression/truth.ts";
import type { CompiledTarget } from "../../language/compiled-policy.ts";
import type { Facts } from "../facts.ts";
import { truthOfIdentity, truthOfTarget, type Home } from "./identity-truth.ts";
import { allReads, type PreparedClauses, type PreparedHead, type Question, type Reads } from "./prepare-head.ts";

/** A way in which the rule can still match. It matches when one of them does. */
export interface Way {
  readonly truth: Exclude<Truth, "no">;
  readonly home: Home;
  /** Only a result that says `isError`. */
  readonly onlyErrors: boolean;
  readonly questions: readonly Question[];
  /** Does not match where one of these does. */
  readonly excepts: readonly Group[];
}

export interface Group {
  readonly truth: Exclude<Truth, "no">;
  readonly questions: readonly Question[];
}

export interface Match {
  readonly ways: readonly Way[];
  /** What is known without the body; `undefined` when it takes the body (or the thing, or the request). */
  readonly settled: Exclude<Truth, "no"> | undefined;
  /** Some question needs an expression evaluated. */
  readonly asks: boolean;
  readonly reads: MatchReads;
}

export interface MatchReads {
  readonly content: boolean;
  readonly request: boolean;
  readonly thing: boolean;
  readonly tags: boolean;
}

/** `undefined`: the identity says no. `targets`: those of the rules an exception names, when it has none itself. */
export function narrow(
  head: PreparedHead,
  facts: Facts,
  targets: readonly CompiledTarget[] = head.targets,
): Match | undefined {
  const truth = every(head.clauses.identity.map((clause) => truthOfIdentity(clause, facts)));
  if (truth === "no") return undefined;
  const excepts = groupsLeft(head.excepts, facts);
  if (!excepts) return undefined;
  const ways = targets.flatMap((target) => waysOf(target, facts, truth, head.clauses.questions, excepts));
  return ways.length === 0 ? undefined : matchOf(merged(ways));
}

/** Only the ways that start where they should; `undefined`: there is none. */
export function waysFrom(match: Match, isMeant: (home: Home) => boolean): Match | undefined {
  const ways = match.ways.filter((way) => isMeant(way.home));
  if (ways.length === match.ways.length) return match;
  return ways.length === 0 ? undefined : matchOf(ways);
}

function waysOf(
  target: CompiledTarget,
  facts: Facts,
  clauses: Truth,
  questions: readonly Question[],
  excepts: readonly Group[],
): readonly Way[] {
  const { truth: named, home, onlyErrors } = truthOfTarget(target, facts);
  const truth = every([named, clauses]);
  return truth === "no" ? [] : [{ truth, home, onlyErrors, questions, excepts }];
}

/** `undefined`: one of them holds already, so the rule is out. */
function groupsLeft(excepts: readonly PreparedClauses[], facts: Facts): readonly Group[] | undefined {
  const groups: Group[] = [];
  for (const { identity, questions } of excepts) {
    const truth = every(identity.map((clause) => truthOfIdentity(clause, facts)));
    if (truth === "yes" && questions.length === 0) return undefined;
    if (truth !== "no") groups.push({ truth, questions });
  }
  return groups;
}

/** Ways that start at the same place differ in nothing but their truth. */
function merged(ways: readonly Way[]): readonly Way[] {
  const byPlace = new Map<string, Way>();
  for (const way of ways) {
    const place = `${way.home} ${way.onlyErrors}`;
    const before = byPlace.get(place);
    const truth = some([before?.truth ?? "no", way.truth]);
    byPlace.set(place, { ...way, truth: truth === "no" ? way.truth : truth });
  }
  return [...byPlace.values()];
}

function matchOf(ways: readonly Way[]): Match {
  const reads = ways.map(readsOfWay);
  return {
    ways,
    settled: settledTruth(ways),
    asks: ways.some((way) => questionsOf(way).some((question) => question.asks)),
    reads: {
      content: reads.some((one) => one.content),
      request: reads.some((one) => one.request),
      thing: reads.some((one) => one.thing),
      tags: reads.some((one) => one.tags),
    },
  };
}

function settledTruth(ways: readonly Way[]): Exclude<Truth, "no"> | undefined {
  if (ways.some((way) => way.onlyErrors || questionsOf(way).length > 0)) return undefined;
  return ways.some((way) => way.truth === "yes" && way.excepts.length === 0) ? "yes" : "doubt";
}

function readsOfWay(way: Way): MatchReads {
  const reads: Reads = allReads(questionsOf(way).map((question) => question.reads));
  return {
    content: way.onlyErrors || reads.content || (reads.home && way.home !== "thing"),
    request: reads.request,
    thing: reads.home && way.home === "thing",
    tags: reads.tags,
  };
}

function questionsOf(way: Way): readonly Question[] {
  return [...way.questions, ...way.excepts.flatMap((group) => group.questions)];
}
