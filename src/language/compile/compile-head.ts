// Checked trees → what the engine reads: heads, patterns, conditions and values.
import type { Expression } from "../../expression/jsonata/expression.ts";
import { parsePath } from "../../expression/path.ts";
import type { Pattern } from "../../expression/pattern.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { ConditionNode, ExpressionNode, PatternNode, TestNode, ValueNode } from "../tree/ast-values.ts";
import type { CompiledClause, CompiledCondition, CompiledHead, CompiledTarget } from "../compiled-policy.ts";
import type { CompiledValue, ConditionTest } from "../compiled-value.ts";
import { expressionOf, patternOf, patternParts, type Scope } from "../scope.ts";

export function compileHead(head: HeadNode, scope: Scope): CompiledHead {
  return {
    targets: head.targets.map((target) => compileTarget(target, scope)),
    clauses: head.clauses.map((clause) => compileClause(clause, scope)),
    excepts: head.excepts.map((group) => group.clauses.map((clause) => compileClause(clause, scope))),
  };
}

export function compilePatternNode(pattern: PatternNode, scope: Scope): Pattern {
  return patternOf(patternParts(pattern, scope), scope);
}

/** Compiled before, when it was checked. */
export function compiledExpression(node: ExpressionNode, scope: Scope): Expression {
  const expression = expressionOf(node, scope);
  if (expression === undefined) throw new Error("an expression that was refused is not compiled");
  return expression;
}

export function compileValue(value: ValueNode, scope: Scope): CompiledValue {
  switch (value.kind) {
    case "literal":
      return { kind: "literal", value: value.value };
    case "expression":
      return { kind: "expression", expression: compiledExpression(value.expression, scope) };
    case "path":
      return { kind: "path", path: parsePath(value.path.text) };
    case "variable":
      return compileVariable(value.name, scope);
  }
}

export function compileTest(test: TestNode | undefined, scope: Scope): ConditionTest {
  if (test === undefined) return { kind: "present" };
  if (test.kind === "matches") return { kind: "matches", pattern: compilePatternNode(test.pattern, scope) };
  return { kind: "compares", comparison: test.comparison, value: compileValue(test.value, scope) };
}

function compileVariable(name: string, scope: Scope): CompiledValue {
  const known = scope.lets.get(name);
  if (known?.kind === "expression")
    return { kind: "expression", expression: compiledExpression(known.expression, scope) };
  if (known?.value === undefined) throw new Error(`no value of $${name}`);
  return { kind: "literal", value: known.value };
}

function compileTarget(target: TargetNode, scope: Scope): CompiledTarget {
  switch (target.kind) {
    case "thing":
      return { kind: "thing", thing: target.thing, name: compilePatternNode(target.pattern, scope) };
    case "method":
      return {
        kind: "method",
        phase: target.reply ?? "request",
        method: patternOf([{ kind: "glob", text: target.method.text }], scope),
        name: target.pattern === undefined ? undefined : compilePatternNode(target.pattern, scope),
      };
    case "any":
      return { kind: "any", of: target.of };
  }
}

function compileClause(clause: ClauseNode, scope: Scope): CompiledClause {
  switch (clause.kind) {
    case "on":
      return { kind: "on", server: compilePatternNode(clause.pattern, scope) };
    case "for":
      return { kind: "for", principal: clause.principal, name: compilePatternNode(clause.pattern, scope) };
    case "from":
      return { kind: "from", side: clause.side };
    case "with":
      return { kind: "with", all: clause.conditions.map((condition) => compileCondition(condition, scope)) };
    case "without":
      return { kind: "without", path: parsePath(clause.path.text) };
    case "containing":
      return { kind: "containing", pattern: compilePatternNode(clause.pattern, scope) };
    case "where":
      return { kind: "where", expression: compiledExpression(clause.expression, scope) };
  }
}

function compileCondition(condition: ConditionNode, scope: Scope): CompiledCondition {
  return { anyOf: condition.paths.map((path) => parsePath(path.text)), test: compileTest(condition.test, scope) };
}
