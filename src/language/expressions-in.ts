// Every expression, value and pattern of an item: for checks that look at all of them, wherever they stand.
import type {
  ActionNode,
  ClauseNode,
  ConditionNode,
  ExpressionNode,
  HeadNode,
  Item,
  PatternNode,
  SharerNode,
  StepNode,
  TestNode,
  ValueNode,
} from "./ast.ts";

export interface Leaves {
  readonly expressions: readonly ExpressionNode[];
  readonly values: readonly ValueNode[];
  readonly patterns: readonly PatternNode[];
}

export function leavesOf(item: Item): Leaves {
  switch (item.kind) {
    case "let":
      if (item.value.kind === "pattern") return { ...NONE, patterns: [item.value.pattern] };
      return item.value.kind === "expression" ? { ...NONE, expressions: [item.value.expression] } : NONE;
    case "default":
      return item.head === undefined ? NONE : ofHead(item.head);
    case "rule":
      return joined([ofHead(item.head), ...item.actions.map(ofAction)]);
    case "exception":
      return ofHead(item.head);
    case "test":
      return joined(item.steps.map(ofStep));
  }
}

export function ofHead(head: HeadNode): Leaves {
  const targets = head.targets.map((target) => (target.kind === "any" ? NONE : ofPattern(target.pattern)));
  const clauses = [...head.clauses, ...head.excepts.flatMap((group) => group.clauses)];
  return joined([...targets, ...clauses.map(ofClause)]);
}

export function ofAction(action: ActionNode): Leaves {
  switch (action.kind) {
    case "allow":
    case "block":
    case "ask":
    case "remove":
    case "translate":
    case "call":
      return NONE;
    case "answer":
    case "supply":
    case "set":
    case "add":
      return ofValue(action.value);
    case "limit":
      return joined([ofSharer(action.by), action.otherwise === undefined ? NONE : ofAction(action.otherwise)]);
    case "rename":
      return { ...NONE, patterns: [{ parts: [action.to], span: action.to.span }] };
    case "rewrite":
      return ofExpression(action.expression);
    case "redact":
      return ofPattern(action.pattern);
    case "log":
      return action.text !== undefined && "source" in action.text ? ofExpression(action.text) : NONE;
    case "tag":
      return ofSharer(action.lasting?.by);
    case "cache":
      return ofExpression(action.by);
  }
}

const NONE: Leaves = { expressions: [], values: [], patterns: [] };

function ofClause(clause: ClauseNode): Leaves {
  switch (clause.kind) {
    case "on":
    case "for":
    case "containing":
      return ofPattern(clause.pattern);
    case "from":
    case "without":
      return NONE;
    case "with":
      return joined(clause.conditions.map(ofCondition));
    case "where":
      return ofExpression(clause.expression);
  }
}

function ofCondition(condition: ConditionNode): Leaves {
  return ofTest(condition.test);
}

function ofTest(test: TestNode | undefined): Leaves {
  if (test === undefined) return NONE;
  return test.kind === "matches" ? ofPattern(test.pattern) : ofValue(test.value);
}

function ofStep(step: StepNode): Leaves {
  if (step.kind === "given-principal") return ofValue(step.value);
  if (step.kind === "given-call" && step.returns !== undefined) return ofValue(step.returns);
  if (step.kind === "expect-field") return ofTest(step.test);
  return step.kind === "expect-true" ? ofExpression(step.expression) : NONE;
}

function ofSharer(sharer: SharerNode | undefined): Leaves {
  return sharer?.kind === "expression" ? ofExpression(sharer.expression) : NONE;
}

function ofPattern(pattern: PatternNode | undefined): Leaves {
  return pattern === undefined ? NONE : { ...NONE, patterns: [pattern] };
}

function ofExpression(expression: ExpressionNode | undefined): Leaves {
  return expression === undefined ? NONE : { ...NONE, expressions: [expression] };
}

function ofValue(value: ValueNode): Leaves {
  return { ...NONE, values: [value], expressions: value.kind === "expression" ? [value.expression] : [] };
}

function joined(all: readonly Leaves[]): Leaves {
  return {
    expressions: all.flatMap((leaves) => leaves.expressions),
    values: all.flatMap((leaves) => leaves.values),
    patterns: all.flatMap((leaves) => leaves.patterns),
  };
}
