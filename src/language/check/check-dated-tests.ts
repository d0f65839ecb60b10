// Tests that an exception could change on the day it runs out: they say what time it is.
import { compilePattern } from "../../expression/pattern.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { LISTS } from "../../mcp/lists.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { ExceptionItem, Item, RuleItem, TestItem } from "../tree/ast.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { StepNode } from "../tree/ast-steps.ts";
import type { PatternNode } from "../tree/ast-values.ts";
import { alsoAt, error } from "../report.ts";
import { literalOf, patternOf, patternParts, type Scope } from "../scope.ts";
import { untilOf } from "../until.ts";

/** `rules` by id. Without a time of its own such a test fails from that day on, and with it the whole policy. */
export function checkDatedTests(items: readonly Item[], rules: ReadonlyMap<string, RuleItem>, scope: Scope): void {
  const dated = items.flatMap((item) => (item.kind === "exception" && isAhead(item, scope) ? [item] : []));
  if (dated.length === 0) return;
  for (const item of items) if (item.kind === "test") checkTest(item, { dated, rules, scope });
}

interface Dates {
  readonly dated: readonly ExceptionItem[];
  readonly rules: ReadonlyMap<string, RuleItem>;
  readonly scope: Scope;
}

function isAhead(item: ExceptionItem, scope: Scope): boolean {
  return (untilOf(item.until.text) ?? scope.now) > scope.now;
}

function checkTest(item: TestItem, dates: Dates): void {
  const at = item.steps.findIndex((step) => step.kind === "given-now");
  const timeless = at === -1 ? item.steps : item.steps.slice(0, at);
  const exception = dates.dated.find((one) => timeless.some((step) => isMet(step, timeless, one, dates)));
  if (exception === undefined) return;
  const id = exception.id.text;
  const message = `what this test expects may change on ${exception.until.text}, when \`${id}\` runs out`;
  const help = `write above the first \`send\` what time it is, such as \`given now "${exception.until.text}"\` for the time after it`;
  dates.scope.report(alsoAt(error("MR514", item.name.span, message, help), exception.until.span, "runs out here"));
}

function isMet(step: StepNode, steps: readonly StepNode[], exception: ExceptionItem, dates: Dates): boolean {
  const { head } = exception;
  if (!head.clauses.every((clause) => mayHold(clause, step, steps, dates.scope))) return false;
  if (head.targets.length > 0 ? !isAbout(head, step, dates) : !isOnIt(step, head, dates)) return false;
  return exception.rules.some((written) => {
    const rule = dates.rules.get(written.text);
    return rule !== undefined && isAbout(rule.head, step, dates);
  });
}

function isAbout(head: HeadNode, step: StepNode, dates: Dates): boolean {
  return head.targets.some((target) => mayMeet(step, target, dates)) && isOnIt(step, head, dates);
}

/** False where the test itself tells that it does not: by who asks, or by what it sends. */
function mayHold(clause: ClauseNode, step: StepNode, steps: readonly StepNode[], scope: Scope): boolean {
  if (clause.kind === "for") {
    const given = steps.filter((one) => one.kind === "given-principal");
    return given.some(({ principal, value }) => {
      const name = literalOf(value, scope);
      if (principal !== clause.principal) return typeof name !== "string";
      return (
        typeof name !== "string" || patternOf(patternParts(clause.pattern, scope), scope).matchesName(name) !== "no"
      );
    });
  }
  if (clause.kind !== "with" || step.kind !== "send" || !isJsonObject(step.body)) return true;
  const { body } = step;
  return clause.conditions.every(({ paths: [path, another], test }) => {
    if (path === undefined || another !== undefined || !/^\w+$/.test(path.text) || test?.kind !== "matches")
      return true;
    return patternOf(patternParts(test.pattern, scope), scope).matches(body[path.text], NOWHERE) !== "no";
  });
}

const NOWHERE = {};

function mayMeet(step: StepNode, target: TargetNode, dates: Dates): boolean {
  if (step.kind === "expect-listing") {
    return (
      target.kind !== "thing" || (target.thing === step.thing && mayBeNamed(step.name.text, target.pattern, dates))
    );
  }
  if (step.kind !== "send" && step.kind !== "push") return false;
  const name = step.name?.text;
  if (target.kind === "any") return true;
  if (target.kind === "method")
    return (
      compilePattern([{ kind: "glob", text: target.method.text }]).matchesName(step.method.text) !== "no" &&
      mayBeNamed(name, target.pattern, dates)
    );
  const isListed = LISTS.some(({ method, kind }) => method === step.method.text && kindOf(kind) === target.thing);
  const isCarried = methodFacts(step.method.text)?.carries.some(({ thing }) => thing === target.thing) === true;
  return isListed || (isCarried && mayBeNamed(name, target.pattern, dates));
}

function kindOf(listed: (typeof LISTS)[number]["kind"]): "tool" | "prompt" | "resource" {
  return listed === "template" ? "resource" : listed;
}

function mayBeNamed(name: string | undefined, pattern: PatternNode | undefined, { scope }: Dates): boolean {
  if (name === undefined || pattern === undefined) return true;
  return patternOf(patternParts(pattern, scope), scope).matchesName(name) !== "no";
}

/** A step that names its server meets no rule of another. */
function isOnIt(step: StepNode, head: HeadNode, { scope }: Dates): boolean {
  const server = "server" in step ? step.server?.text : undefined;
  if (server === undefined) return true;
  return head.clauses.every(
    (clause) =>
      clause.kind !== "on" || patternOf(patternParts(clause.pattern, scope), scope).matchesName(server) !== "no",
  );
}
