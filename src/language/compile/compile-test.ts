// Checked trees → what the test runner plays.
import { parsePath } from "../../expression/path.ts";
import type { TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import { compiledExpression, compileTest, compileValue } from "./compile-head.ts";
import { placeOf, type Scope } from "../scope.ts";
import type { TestAction, TestBlock } from "../test-block.ts";
import { nowOf } from "../until.ts";

export function compileTestItem(item: TestItem, scope: Scope): TestBlock {
  return {
    name: item.name.text,
    place: placeOf(item.span, scope),
    steps: item.steps.map((step) => ({
      ...compileStep(step, scope),
      span: step.span,
      place: placeOf(step.span, scope),
    })),
  };
}

function compileStep(step: StepNode, scope: Scope): TestAction {
  switch (step.kind) {
    case "given-principal":
      return { kind: "given-principal", principal: step.principal, value: compileValue(step.value, scope) };
    case "given-now":
      return { kind: "given-now", now: nowOf(step.now.text) ?? 0 };
    case "given-human":
      return { kind: "given-human", decision: step.decision };
    case "given-thing":
      return {
        kind: "given-thing",
        thing: step.thing,
        name: step.name.text,
        definition: step.definition,
        server: step.server?.text,
      };
    case "given-call":
      return {
        kind: "given-call",
        module: step.module.text,
        returns: step.returns === undefined ? undefined : compileValue(step.returns, scope),
      };
    case "send":
    case "push":
      return {
        kind: step.kind,
        method: step.method.text,
        name: step.name?.text,
        body: step.body,
        server: step.server?.text,
        times: step.times?.count ?? 1,
      };
    case "reply":
      return { kind: "reply", result: step.result };
    case "reply-error":
      return { kind: "reply-error", code: step.code, message: step.message?.text ?? "" };
    case "expect-field":
    case "expect-without":
    case "expect-true":
    case "expect-verdict":
    case "expect-listing":
    case "expect-tag":
    case "expect-log":
      return compileExpectation(step, scope);
  }
}

type ExpectNode = Extract<StepNode, { kind: `expect-${string}` }>;

function compileExpectation(step: ExpectNode, scope: Scope): TestAction {
  switch (step.kind) {
    case "expect-field":
      return { kind: "expect-path", path: parsePath(step.path.text), test: compileTest(step.test, scope) };
    case "expect-without":
      return { kind: "expect-without", path: parsePath(step.path.text) };
    case "expect-true":
      return { kind: "expect-true", expression: compiledExpression(step.expression, scope) };
    case "expect-verdict":
      return { kind: "expect-verdict", verdict: step.verdict, by: step.by?.text };
    case "expect-listing":
      return {
        kind: "expect-listing",
        listed: step.isListed,
        thing: step.thing,
        name: step.name.text,
        server: step.server?.text,
      };
    case "expect-tag":
      return { kind: "expect-tag", name: step.name.text };
    case "expect-log":
      return { kind: "expect-log", sink: step.name.text };
  }
}
