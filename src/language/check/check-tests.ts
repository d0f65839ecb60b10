// Tests: what they send can be sent, what they are given is complete, and they expect something of something.
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts, type MethodFacts } from "../../mcp/methods.ts";
import type { Span } from "../../source/diagnostic.ts";
import { helpForSend } from "../explain/meant-send.ts";
import type { RuleItem, TestItem } from "../tree/ast.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import { checkExpectations } from "./check-expectations.ts";
import { checkTestShapes } from "./check-test-shapes.ts";
import { checkMethod, checkValuePath } from "./check-head.ts";
import { error } from "../report.ts";
import { literalOf, type Scope } from "../scope.ts";
import { nowOf } from "../until.ts";

export function checkTest(
  item: TestItem,
  rules: ReadonlyMap<string, RuleItem>,
  scope: Scope,
  isRemnant: boolean,
): void {
  checkExpectations(item, rules, scope);
  checkTestShapes(item, rules, scope);
  checkGivens(item, scope);
  let isSent = isRemnant;
  for (const step of item.steps) {
    if (!isSent && needsMessage(step)) {
      scope.report(error("MR513", step.span, "nothing was sent yet", "a `send` or `push` comes first"));
    }
    isSent ||= step.kind === "send" || step.kind === "push";
    checkStep(step, scope);
  }
  if (!isRemnant && item.steps.every((step) => !step.kind.startsWith("expect"))) {
    scope.report(
      error(
        "MR513",
        item.name.span,
        "this test expects nothing",
        "add `expect block by …`, `expect params.… = …` or another `expect`",
      ),
    );
  }
}

/** What is given holds for what comes after it. */
function checkGivens({ steps }: TestItem, scope: Scope): void {
  const isSent = steps.some(({ kind }) => kind === "send" || kind === "push");
  const last = steps.findLastIndex(({ kind }) => USING.has(kind));
  if (!isSent) return;
  for (const step of steps.slice(last + 1)) {
    if (!step.kind.startsWith("given-")) continue;
    const message = "a `given` holds for what is sent after it, and nothing is";
    scope.report(error("MR513", step.span, message, "move it up, above the `send`"));
  }
}

/** These go by what was given before. */
const USING: ReadonlySet<StepNode["kind"]> = new Set(["send", "push", "reply", "reply-error", "expect-listing"]);

function needsMessage(step: StepNode): boolean {
  return (
    step.kind === "reply" ||
    step.kind === "reply-error" ||
    (step.kind.startsWith("expect") && step.kind !== "expect-listing")
  );
}

function checkStep(step: StepNode, scope: Scope): void {
  switch (step.kind) {
    case "given-principal":
      return checkPrincipal(step, scope);
    case "given-now":
      if (nowOf(step.now.text) === undefined) {
        scope.report(
          error("MR405", step.now.span, `\`${step.now.text}\` is no point in time`, 'write "2026-12-01T09:30:00Z"'),
        );
      }
      return;
    case "given-thing":
      return checkIsObject(step.definition, step.definitionSpan, `the definition of a ${step.thing}`, scope);
    case "send":
    case "push":
      return checkMessage(step, scope);
    case "reply":
      return checkIsObject(step.result, step.resultSpan, "a result", scope);
    case "reply-error":
      if (!Number.isInteger(step.code))
        scope.report(error("MR406", step.codeSpan, "the code of an error is an integer"));
      return;
    case "expect-field":
      if (step.test?.kind === "compares") checkValuePath(step.test.value, [], scope);
      return;
    case "given-human":
    case "given-call":
    case "expect-without":
    case "expect-true":
    case "expect-verdict":
    case "expect-listing":
    case "expect-tag":
    case "expect-log":
  }
}

function checkPrincipal({ principal, value }: StepNode & { kind: "given-principal" }, scope: Scope): void {
  const literal = literalOf(value, scope);
  if (literal === undefined) return;
  const isText = typeof literal === "string";
  const mayBeObject = principal === "user" || principal === "client";
  if (isText || (mayBeObject && isJsonObject(literal))) return;
  const help = mayBeObject
    ? `write \`given ${principal} "name"\` or \`given ${principal} {…}\``
    : `write \`given ${principal} "name"\``;
  scope.report(
    error("MR407", value.span, `a ${principal} is given by a text${mayBeObject ? " or an object" : ""}`, help),
  );
}

function checkIsObject(value: JsonValue, span: Span, what: string, scope: Scope): void {
  if (isJsonArray(value)) scope.report(error("MR407", span, `${what} is an object, and this is a list`));
}

function checkMessage(step: StepNode & { kind: "send" | "push" }, scope: Scope): void {
  const { method, body, times } = step;
  if (method.text.includes("*"))
    return scope.report(
      error("MR513", method.span, `\`${method.text}\` is not one method`, "a test sends one message"),
    );
  checkMethod(method, scope);
  const facts = methodFacts(method.text);
  const from = step.kind === "send" ? "client" : "server";
  if (facts !== undefined && facts.from !== "either" && facts.from !== from) {
    const other = step.kind === "send" ? "push" : "send";
    scope.report(
      error(
        "MR513",
        method.span,
        `a ${from} sends no \`${method.text}\``,
        `write \`${other} ${method.text}\`: \`send\` goes from the client to a server, \`push\` the other way`,
      ),
    );
  }
  checkName(step, facts, scope);
  if (body !== undefined) checkIsObject(body, step.span, "what a message carries", scope);
  if (times !== undefined && !(Number.isInteger(times.count) && times.count > 0 && times.count <= MOST_TIMES)) {
    scope.report(error("MR406", times.span, `a message is sent 1 to ${String(MOST_TIMES)} times`));
  }
}

const MOST_TIMES = 10_000;

function checkName(
  { kind, method, name, body }: StepNode & { kind: "send" | "push" },
  facts: MethodFacts | undefined,
  scope: Scope,
): void {
  const [carried, other] = facts?.carries ?? [];
  if (carried !== undefined && other === undefined && name === undefined) {
    const step = `${kind} ${method.text}`;
    const help = helpForSend(step, carried.at.at(-1) ?? "name", body);
    scope.report(error("MR502", method.span, `\`${step}\` does not say which ${carried.thing}`, help));
  }
  if (facts !== undefined && carried === undefined && name !== undefined) {
    scope.report(error("MR502", name.span, `a \`${method.text}\` message carries no name`));
  }
}
