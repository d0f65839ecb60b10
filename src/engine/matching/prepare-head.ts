// The head of a rule, sorted once: what its identity part asks, what its body part asks, and what that looks at.
import type { Expression } from "../../expression/jsonata/expression.ts";
import type { Path } from "../../expression/path.ts";
import type { Pattern } from "../../expression/pattern.ts";
import type {
  CompiledClause,
  CompiledCondition,
  CompiledHead,
  CompiledTarget,
  CompiledValue,
} from "../../language/compiled-policy.ts";

export type IdentityClause = Extract<CompiledClause, { readonly kind: "on" | "for" | "from" }>;

export type Question = { readonly asks: boolean; readonly reads: Reads } & (
  | { readonly kind: "condition"; readonly condition: CompiledCondition }
  | { readonly kind: "without"; readonly path: Path }
  | { readonly kind: "containing"; readonly pattern: Pattern }
  | { readonly kind: "where"; readonly expression: Expression }
);

/** What has to be at hand to answer. */
export interface Reads {
  /** Where relative paths start: the natural body, or the definition of a thing. */
  readonly home: boolean;
  /** `params`, `result`, `error`. */
  readonly content: boolean;
  readonly request: boolean;
  readonly tags: boolean;
}

export interface PreparedClauses {
  readonly identity: readonly IdentityClause[];
  /** The cheap ones first: those that need an expression evaluated elsewhere come last. */
  readonly questions: readonly Question[];
}

export interface PreparedHead {
  readonly targets: readonly CompiledTarget[];
  readonly clauses: PreparedClauses;
  readonly excepts: readonly PreparedClauses[];
}

export function prepareHead(head: CompiledHead): PreparedHead {
  return { targets: head.targets, clauses: prepareClauses(head.clauses), excepts: head.excepts.map(prepareClauses) };
}

/** What a path looks at. */
export function readsOfPath(path: Path): Reads {
  if (!path.absolute) return { ...NOTHING, home: true };
  const first = path.steps[0];
  const root = first?.kind === "member" ? first.key : "";
  return {
    home: false,
    content: root === "params" || root === "result" || root === "error",
    request: root === "request",
    tags: root === "tags",
  };
}

/** What an expression looks at besides the value it starts from. */
export function readsOfExpression(expression: Expression): Reads {
  return {
    home: true,
    content: expression.variables.includes("message"),
    request: expression.variables.includes("request"),
    tags: expression.variables.includes("tags"),
  };
}

export function readsOfValue(value: CompiledValue): Reads {
  switch (value.kind) {
    case "literal":
      return NOTHING;
    case "expression":
      return readsOfExpression(value.expression);
    case "path":
      return readsOfPath(value.path);
  }
}

export function allReads(reads: readonly Reads[]): Reads {
  return {
    home: reads.some((one) => one.home),
    content: reads.some((one) => one.content),
    request: reads.some((one) => one.request),
    tags: reads.some((one) => one.tags),
  };
}

export const NOTHING: Reads = { home: false, content: false, request: false, tags: false };

function prepareClauses(clauses: readonly CompiledClause[]): PreparedClauses {
  const identity: IdentityClause[] = [];
  const questions: Question[] = [];
  for (const clause of clauses) {
    if (clause.kind === "on" || clause.kind === "for" || clause.kind === "from") identity.push(clause);
    else questions.push(...questionsOf(clause));
  }
  return { identity, questions: questions.toSorted((one, other) => costOf(one) - costOf(other)) };
}

function questionsOf(clause: Exclude<CompiledClause, IdentityClause>): readonly Question[] {
  switch (clause.kind) {
    case "with":
      return clause.all.map(conditionQuestion);
    case "without":
      return [{ kind: "without", path: clause.path, asks: false, reads: readsOfPath(clause.path) }];
    case "containing":
      return [{ kind: "containing", pattern: clause.pattern, asks: false, reads: { ...NOTHING, home: true } }];
    case "where":
      return [whereQuestion(clause.expression)];
  }
}

function conditionQuestion(condition: CompiledCondition): Question {
  const value = condition.test.kind === "compares" ? condition.test.value : undefined;
  const reads = allReads([...condition.anyOf.map(readsOfPath), value ? readsOfValue(value) : NOTHING]);
  return { kind: "condition", condition, reads, asks: value?.kind === "expression" };
}

function whereQuestion(expression: Expression): Question {
  return { kind: "where", expression, asks: true, reads: readsOfExpression(expression) };
}

function costOf(question: Question): number {
  if (question.asks) return 2;
  return question.kind === "containing" ? 1 : 0;
}
