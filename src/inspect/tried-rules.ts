// Which rules were meant by one message, and what each part of their heads says of it: yes, no or doubt, and of which value.
import { answerQuestion } from "../engine/answer-question.ts";
import type { Asking, Content } from "../engine/decision.ts";
import type { Facts, Surroundings } from "../engine/facts.ts";
import { truthOfIdentity, truthOfTarget, type Home } from "../engine/identity-truth.ts";
import { isFailedResult } from "../engine/natural-body.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { PreparedClauses, PreparedHead, Question } from "../engine/prepare-head.ts";
import { Scene } from "../engine/scene.ts";
import { every, not, some, type Truth } from "../expression/truth.ts";
import type { CompiledRule } from "../language/compiled-policy.ts";
import type { Place } from "../language/compiled-value.ts";
import type { JsonValue } from "../mcp/json.ts";
import { identityText, questionText, targetText } from "./clause-text.ts";

export interface TriedRule {
  readonly rule: string;
  readonly place: Place;
  /** Of the whole head. */
  readonly truth: Truth;
  readonly parts: readonly TriedPart[];
}

export interface TriedPart {
  /** `target`, a `clause`, or a clause below the except group of this number (from 0). */
  readonly kind: "target" | "clause" | "except";
  readonly group?: number;
  /** As one would write it. */
  readonly text: string;
  /** Of the part itself: an `except` that says yes takes the rule out. */
  readonly truth: Truth;
  /** What its paths lead to; left out where it looks at no path. */
  readonly values?: readonly JsonValue[];
}

/** Rules of whose targets none means this message are left out, unless `all`. In file order. */
export function* tryRules(
  revision: Revision,
  message: { readonly facts: Facts; readonly surroundings: Surroundings; readonly content: Content },
  all = false,
): Asking<readonly TriedRule[]> {
  const definition = message.surroundings.thing?.definition;
  const scene = new Scene({ revision, ...message, definition });
  const tried: TriedRule[] = [];
  for (const rule of revision.policy.policy.rules) {
    const head = revision.policy.heads[rule.order];
    const one = head && (yield* tryRule(scene, rule, head));
    if (one && (all || one.parts.some((part) => part.kind === "target" && part.truth !== "no"))) tried.push(one);
  }
  return tried;
}

function* tryRule(scene: Scene, { id, place }: CompiledRule, head: PreparedHead): Asking<TriedRule> {
  const targets = head.targets.map((target) => {
    const { truth, home, onlyErrors } = truthOfTarget(target, scene.facts);
    const isOut = onlyErrors && !isFailedResult(scene.content);
    return { home, part: { kind: "target", text: targetText(target), truth: isOut ? "no" : truth } as const };
  });
  const home = targets.find(({ part }) => part.truth !== "no")?.home;
  const parts: TriedPart[] = targets.map(({ part }) => part);
  const target = some(parts.map((part) => part.truth));
  if (home === undefined) return { rule: id, place, truth: "no", parts };
  const clauses = yield* tryClauses(scene, home, head.clauses, { kind: "clause" });
  const truths = [target, ...clauses.map((part) => part.truth)];
  parts.push(...clauses);
  for (const [group, except] of head.excepts.entries()) {
    const excepted = yield* tryClauses(scene, home, except, { kind: "except", group });
    parts.push(...excepted);
    truths.push(not(every(excepted.map((part) => part.truth))));
  }
  return { rule: id, place, truth: every(truths), parts };
}

type Role = Pick<TriedPart, "kind" | "group">;

function* tryClauses(scene: Scene, home: Home, clauses: PreparedClauses, role: Role): Asking<readonly TriedPart[]> {
  const parts: TriedPart[] = clauses.identity.map((clause) => {
    const truth = truthOfIdentity(clause, scene.facts);
    return { ...role, text: identityText(clause), truth };
  });
  for (const question of clauses.questions) {
    const truth = yield* answerQuestion(scene, home, question);
    const values = valuesOf(scene, home, question);
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
