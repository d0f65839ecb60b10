// Which rules were meant by one message, what each part of their heads said of it, and what their transforms made of it.
import { answerQuestion } from "../../engine/matching/answer-question.ts";
import type { Asking } from "../../engine/decision.ts";
import type { Facts } from "../../engine/facts.ts";
import { truthOfIdentity, truthOfTarget, type Home } from "../../engine/matching/identity-truth.ts";
import { targetsOfException } from "../../engine/index-policy.ts";
import { truthOfMatch } from "../../engine/matching/match-truth.ts";
import { narrow } from "../../engine/matching/narrow.ts";
import { isFailedResult } from "../../engine/natural-body.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { PreparedClauses, PreparedHead, Question } from "../../engine/matching/prepare-head.ts";
import type { Scene } from "../../engine/scene.ts";
import { agreed, every, not, some, type Truth } from "../../expression/truth.ts";
import type { CompiledRule, Stage } from "../../language/compiled-policy.ts";
import type { Place } from "../../language/compiled-value.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { identityText, questionText, targetText } from "../clause-text.ts";
import { differences, type Difference } from "../diff/json-diff.ts";
import { passage, type JudgedMessage } from "./passage.ts";

export interface TriedRule {
  readonly rule: string;
  readonly place: Place;
  readonly stage: Stage["kind"];
  /** Of the whole head, exceptions to the rule included. Absent: the message was refused before it came to this rule. */
  readonly truth: Truth | undefined;
  readonly parts: readonly TriedPart[];
  /** What its transforms changed, at its place among the others. */
  readonly changes: readonly Difference[];
  /** Why its transforms could not be applied. */
  readonly failure?: string;
  /** Exceptions to it that have run out by then; absent: there are none. */
  readonly ended?: readonly EndedException[];
}

export interface EndedException {
  readonly exception: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface TriedPart {
  /** A target, a clause, one of the clauses of an `except` (by its number, from 0), or an exception to the rule. */
  readonly kind: "target" | "clause" | "except" | "exception";
  readonly group?: number;
  /** As one would write it; of an exception, its id. */
  readonly text: string;
  /** Of the part itself: an `except` or exception that says yes takes the rule out. */
  readonly truth: Truth;
  /** What its paths lead to; left out where it looks at no path. */
  readonly values?: readonly JsonValue[];
}

/** In file order. Rules of whose targets none means this message are left out. */
export function* tryRules(revision: Revision, message: JudgedMessage): Asking<readonly TriedRule[]> {
  const way = yield* passage(revision, message);
  const tried: TriedRule[] = [];
  for (const rule of revision.policy.policy.rules) {
    const head = revision.policy.heads[rule.order];
    if (!head || !isMeant(head, message.facts)) continue;
    const { before, after, failure } = way.at(rule);
    const { id, place, stage } = rule;
    const about = { rule: id, place, stage: stage.kind };
    if (!before) {
      tried.push({ ...about, truth: undefined, parts: [], changes: [] });
      continue;
    }
    const heard = yield* tryHead(before, rule, head);
    const changes = after ? differences(before.content, after.content) : [];
    const ended = endedFor(rule, before);
    const more = { ...(failure !== undefined && { failure }), ...(ended.length > 0 && { ended }) };
    tried.push({ ...about, ...heard, changes, ...more });
  }
  return tried;
}

function endedFor({ id }: CompiledRule, { revision, surroundings }: Scene): readonly EndedException[] {
  const exceptions = (revision.policy.exceptions.get(id) ?? []).map(({ exception }) => exception);
  return exceptions
    .filter(({ until }) => surroundings.now >= until)
    .map((exception) => ({ exception: exception.id, until: exception.until }));
}

/** Whether one of its targets means such a message. */
export function isMeant(head: PreparedHead, facts: Facts): boolean {
  return head.targets.some((target) => truthOfTarget(target, facts).truth !== "no");
}

/** What each part of a head says of a message as it stands. */
export function* tryHead(
  scene: Scene,
  rule: CompiledRule,
  head: PreparedHead,
): Asking<Pick<TriedRule, "truth" | "parts">> {
  const targets = head.targets.map((target) => {
    const { truth, home, onlyErrors } = truthOfTarget(target, scene.facts);
    const isOut = onlyErrors && !isFailedResult(scene.content);
    return { home, part: { kind: "target", text: targetText(target), truth: isOut ? "no" : truth } as const };
  });
  const home = targets.find(({ part }) => part.truth !== "no")?.home ?? "body";
  const parts: TriedPart[] = targets.map(({ part }) => part);
  const clauses = yield* tryClauses(scene, home, head.clauses, { kind: "clause" });
  const truths = [some(parts.map((part) => part.truth)), ...clauses.map((part) => part.truth)];
  parts.push(...clauses);
  for (const [group, except] of head.excepts.entries()) {
    const excepted = yield* tryClauses(scene, home, except, { kind: "except", group });
    parts.push(...excepted);
    truths.push(not(every(excepted.map((part) => part.truth))));
  }
  const exceptions = yield* tryExceptions(scene, rule);
  parts.push(...exceptions);
  const isOut = exceptions.some((part) => part.truth === "yes");
  return { truth: isOut ? "no" : every(truths), parts };
}

type Role = Pick<TriedPart, "kind" | "group">;

function* tryClauses(scene: Scene, home: Home, clauses: PreparedClauses, role: Role): Asking<readonly TriedPart[]> {
  const parts: TriedPart[] = clauses.identity.map((clause) => {
    const truth = truthOfIdentity(clause, scene.facts);
    return { ...role, text: identityText(clause), truth };
  });
  for (const question of clauses.questions) {
    const { otherReading = scene } = scene;
    const first = yield* answerQuestion(scene, home, question);
    const truth = otherReading === scene ? first : agreed([first, yield* answerQuestion(otherReading, home, question)]);
    const values = valuesOf(otherReading, home, question);
    parts.push({ ...role, text: questionText(question), truth, ...(values && { values }) });
  }
  return parts;
}

function valuesOf(scene: Scene, home: Home, question: Question): readonly JsonValue[] | undefined {
  switch (question.kind) {
    case "condition":
      return question.condition.anyOf.flatMap((path) => scene.values(home, path));
    case "without":
      return scene.values(home, question.path);
    case "containing":
    case "where":
      return undefined;
  }
}

/** Those that are in force. */
function* tryExceptions(scene: Scene, rule: CompiledRule): Asking<readonly TriedPart[]> {
  const parts: TriedPart[] = [];
  for (const entry of scene.revision.policy.exceptions.get(rule.id) ?? []) {
    const { id, until } = entry.exception;
    if (scene.surroundings.now >= until) continue;
    const match = narrow(entry.head, scene.facts, targetsOfException(entry, rule));
    parts.push({ kind: "exception", text: id, truth: match ? yield* truthOfMatch(scene, match) : "no" });
  }
  return parts;
}
