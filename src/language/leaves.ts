// Every expression, value and pattern of an item: for checks that look at all of them, wherever they stand.
import type { Item } from "./tree/ast.ts";
import type { ActionNode, SharerNode } from "./tree/ast-actions.ts";
import type { ClauseNode, HeadNode } from "./tree/ast-heads.ts";
import type { StepNode } from "./tree/ast-steps.ts";
import type { ExpressionNode, PatternNode, TestNode, ValueNode } from "./tree/ast-values.ts";

export interface Visitor {
  readonly expression: (node: ExpressionNode) => void;
  /** An expression that is a value is visited as both. */
  readonly value: (node: ValueNode) => void;
  readonly pattern: (node: PatternNode) => void;
}

export function visitItem(item: Item, visitor: Visitor): void {
  switch (item.kind) {
    case "let":
      if (item.value.kind === "pattern") visitor.pattern(item.value.pattern);
      if (item.value.kind === "expression") visitor.expression(item.value.expression);
      return;
    case "default":
      if (item.head !== undefined) visitHead(item.head, visitor);
      return;
    case "rule":
      visitHead(item.head, visitor);
      for (const action of item.actions) visitAction(action, visitor);
      return;
    case "exception":
      return visitHead(item.head, visitor);
    case "test":
      for (const step of item.steps) visitStep(step, visitor);
  }
}

function visitHead(head: HeadNode, visitor: Visitor): void {
  for (const target of head.targets) {
    if (target.kind !== "any" && target.pattern !== undefined) visitor.pattern(target.pattern);
  }
  for (const clause of head.clauses) visitClause(clause, visitor);
  for (const group of head.excepts) for (const clause of group.clauses) visitClause(clause, visitor);
}

export function visitAction(action: ActionNode, visitor: Visitor): void {
  switch (action.kind) {
    case "allow":
    case "block":
    case "ask":
    case "remove":
    case "translate":
    case "call":
      return;
    case "answer":
    case "supply":
    case "set":
    case "add":
      return visitValue(action.value, visitor);
    case "limit":
      visitSharer(action.by, visitor);
      if (action.otherwise !== undefined) visitAction(action.otherwise, visitor);
      return;
    case "rename":
      return visitor.pattern({ parts: [action.to], span: action.to.span });
    case "rewrite":
      return visitor.expression(action.expression);
    case "redact":
      return visitor.pattern(action.pattern);
    case "log":
      if (action.text !== undefined && "source" in action.text) visitor.expression(action.text);
      return;
    case "tag":
      return visitSharer(action.lasting?.by, visitor);
    case "cache":
      if (action.by !== undefined) visitor.expression(action.by);
  }
}

function visitClause(clause: ClauseNode, visitor: Visitor): void {
  switch (clause.kind) {
    case "on":
    case "for":
    case "containing":
      return visitor.pattern(clause.pattern);
    case "from":
    case "without":
      return;
    case "with":
      for (const condition of clause.conditions) visitTest(condition.test, visitor);
      return;
    case "where":
      visitor.expression(clause.expression);
  }
}

function visitTest(test: TestNode | undefined, visitor: Visitor): void {
  if (test?.kind === "matches") visitor.pattern(test.pattern);
  if (test?.kind === "compares") visitValue(test.value, visitor);
}

function visitStep(step: StepNode, visitor: Visitor): void {
  if (step.kind === "given-principal") visitValue(step.value, visitor);
  if (step.kind === "given-call" && step.returns !== undefined) visitValue(step.returns, visitor);
  if (step.kind === "expect-field") visitTest(step.test, visitor);
  if (step.kind === "expect-true") visitor.expression(step.expression);
}

function visitSharer(sharer: SharerNode | undefined, visitor: Visitor): void {
  if (sharer?.kind === "expression") visitor.expression(sharer.expression);
}

function visitValue(value: ValueNode, visitor: Visitor): void {
  visitor.value(value);
  if (value.kind === "expression") visitor.expression(value.expression);
}
