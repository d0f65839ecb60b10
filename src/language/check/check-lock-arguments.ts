// Arguments beside the catalogue lock: what a rule looks at or writes is an argument of the tools it is about.
import { parsePath, type Step } from "../../expression/path.ts";
import { nearest } from "../../source/nearest.ts";
import { shapeAt, type Found, type Shape } from "../../mcp/argument-shape.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { ClauseNode, HeadNode } from "../tree/ast-heads.ts";
import type { ConditionNode, ExpressionNode, Written } from "../tree/ast-values.ts";
import { helpForList, throughLists } from "../explain/through-lists.ts";
import { checkLockedAmount, checkLockedCondition, checkLockedValue } from "./check-lock-values.ts";
import { fieldsOfText } from "./check-templates.ts";
import { aboutOf, argumentSteps, shapesAt, type About } from "./locked-callees.ts";
import type { Known } from "./locked-things.ts";
import { error, warning } from "../report.ts";
import { expressionOf, type Scope } from "../scope.ts";

export function checkLockedArguments(
  head: HeadNode,
  actions: readonly ActionNode[],
  opening: readonly (readonly ClauseNode[])[],
  known: Known,
): void {
  const about = aboutOf(head, known);
  if (about === undefined || about.callees.length === 0) return;
  for (const clause of [...head.clauses, ...head.excepts.flatMap(({ clauses }) => clauses)]) {
    checkClause(clause, about, known.scope);
  }
  const compared = fieldsCompared(head);
  for (const clause of opening.flat()) if (clause.kind === "with") warnOfFlags(clause, compared, about, known.scope);
  for (const action of actions) checkAction(action, about, known.scope);
}

function checkClause(clause: ClauseNode, about: About, scope: Scope): void {
  switch (clause.kind) {
    case "with":
      for (const condition of clause.conditions) checkCondition(condition, about, scope);
      return;
    case "without":
      return checkPath(clause.path, about, scope);
    case "where":
      return checkExpression(clause.expression, about, scope);
    case "on":
    case "for":
    case "from":
    case "containing":
  }
}

function checkAction(action: ActionNode, about: About, scope: Scope): void {
  switch (action.kind) {
    case "set":
    case "add":
      if (action.value.kind === "expression") checkExpression(action.value.expression, about, scope);
      checkPath(action.path, about, scope, WRITTEN);
      return checkLockedValue(action, shapesAt(argumentSteps(action.path, about.origin), about), scope);
    case "supply": {
      const steps = parsePath(action.path.text).steps;
      checkSteps(steps, action.path, about, scope, WRITTEN);
      return checkLockedValue(action, shapesAt(steps, about), scope);
    }
    case "rewrite":
      return checkPath(action.path, about, scope);
    case "remove":
      for (const path of action.paths) checkPath(path, about, scope);
      return;
    case "redact":
      if (action.path !== undefined) checkPath(action.path, about, scope);
      return;
    case "limit":
      if (action.of !== undefined) {
        checkPath(action.of, about, scope);
        checkLockedAmount(action.of, shapesAt(argumentSteps(action.of, about.origin), about), scope);
      }
      return action.otherwise && checkAction(action.otherwise, about, scope);
    case "translate":
      for (const path of action.paths) checkPath(path, about, scope);
      return;
    case "block":
      return checkText(action.reason, about, scope);
    case "ask":
      return checkText(action.question, about, scope);
    case "log":
      return action.text !== undefined && "text" in action.text ? checkText(action.text, about, scope) : undefined;
    case "allow":
    case "answer":
    case "rename":
    case "call":
    case "tag":
    case "cache":
  }
}

/** What is filled in where there is nothing stays empty. */
function checkText(text: Written | undefined, about: About, scope: Scope): void {
  for (const field of text === undefined ? [] : fieldsOfText(text)) checkPath(field, about, scope);
}

/** Of these, the rule says itself which value is meant. */
function fieldsCompared({ clauses, excepts }: HeadNode): ReadonlySet<string> {
  const all = [...clauses, ...excepts.flatMap((group) => group.clauses)];
  const conditions = all.flatMap((clause) => (clause.kind === "with" ? clause.conditions : []));
  return new Set(conditions.flatMap(({ paths, test }) => (test === undefined ? [] : paths.map(({ text }) => text))));
}

/** `with dry_run`, where access hangs on it: false is there as well as true. */
function warnOfFlags(
  { conditions }: ClauseNode & { kind: "with" },
  compared: ReadonlySet<string>,
  about: About,
  scope: Scope,
): void {
  for (const { paths, test, span } of conditions) {
    const [path, another] = paths;
    if (test !== undefined || path === undefined || another !== undefined || compared.has(path.text)) continue;
    const shapes = shapesAt(argumentSteps(path, about.origin), about);
    const isFlag = shapes.length > 0 && shapes.every(({ types }) => types?.size === 1 && types.has("boolean"));
    if (!isFlag) continue;
    const message = `this asks only whether \`${path.text}\` is there: \`false\` is as good as \`true\``;
    scope.report(warning("MR594", span, message, `write \`with ${path.text} = true\``));
  }
}

/** Of several paths one that no tool has does no harm, as long as there is another. */
function checkCondition(condition: ConditionNode, about: About, scope: Scope): void {
  const leads = condition.paths.map((path) => argumentSteps(path, about.origin));
  if (leads.includes(undefined)) return;
  const steps = leads.filter((lead) => lead !== undefined);
  const isDead = steps.every((lead) => about.callees.every(({ shape }) => shapeAt(shape, lead).kind === "missing"));
  if (isDead) for (const path of condition.paths) checkPath(path, about, scope);
  else warnOfBlindSpots(condition, steps, about, scope);
  const found = steps.flatMap((lead) => shapesAt(lead, about));
  if (condition.test !== undefined) checkLockedCondition(condition, condition.test, found, scope);
}

/** A tool that the head names and the condition can never hold for, while it may for others. */
function warnOfBlindSpots(
  { paths, span }: ConditionNode,
  leads: readonly (readonly Step[])[],
  { callees }: About,
  scope: Scope,
): void {
  const [path] = paths;
  for (const { own, shape, isNamed } of callees) {
    const found = leads.map((lead) => shapeAt(shape, lead));
    const missing = found.flatMap((one) => (one.kind === "missing" ? [one] : []));
    const [first] = missing;
    if (!isNamed || first === undefined || path === undefined || missing.length < found.length) continue;
    const what = paths.map(({ text }) => `\`${text}\``).join(" or ");
    const close = nearest(first.key, first.known);
    const help = close === undefined ? "give that tool a rule of its own" : `write \`${path.text} or ${close}\``;
    scope.report(warning("MR582", span, `\`${own}\` has no argument ${what}: this never holds for it`, help));
  }
}

/** Which names of its context an expression looks at is known of most. */
function checkExpression(node: ExpressionNode, about: About, scope: Scope): void {
  const reads = about.origin === "request" ? (expressionOf(node, scope)?.reads ?? []) : [];
  for (const name of reads) {
    const found = new RegExp(`(?<![\\w$.])${name.replaceAll(/[^\w]/g, "\\$&")}(?!\\w)`).exec(node.source);
    const start = found === null ? node.span.start : node.span.start + found.index;
    const span = found === null ? node.span : { ...node.span, start, end: start + name.length };
    checkSteps([{ kind: "member", key: name }], { text: name, span }, about, scope);
  }
}

/** What is written where no tool of that name is asked for. */
const WRITTEN = "what is written there is sent to a tool that does not know it";

function checkPath(path: Written, about: About, scope: Scope, consequence?: string): void {
  const steps = argumentSteps(path, about.origin);
  if (steps !== undefined) checkSteps(steps, path, about, scope, consequence);
}

function checkSteps(
  steps: readonly Step[],
  { text, span }: Written,
  about: About,
  scope: Scope,
  consequence?: string,
): void {
  const { callees } = about;
  const found = callees.map(({ shape }) => shapeAt(shape, steps));
  const missing = found.flatMap((one) => (one.kind === "missing" ? [one] : []));
  if (missing.length === found.length) return reportMissing({ text, span }, missing, about, scope);
  if (consequence === undefined) return;
  for (const [index, { own, isNamed }] of callees.entries()) {
    if (!isNamed || found[index]?.kind !== "missing") continue;
    scope.report(warning("MR582", span, `\`${own}\` has no argument \`${text}\``, consequence));
  }
}

function reportMissing(
  { text, span }: Written,
  missing: readonly Extract<Found, { readonly kind: "missing" }>[],
  about: About,
  scope: Scope,
): void {
  const [only, another] = [...new Set(about.callees.map(({ own }) => own))];
  const whose = another === undefined ? `\`${only ?? ""}\` has` : "none of these tools has";
  const what = another === undefined ? "no argument" : "an argument";
  scope.report(error("MR516", span, `${whose} ${what} \`${text}\``, helpForMissing(text, missing, about)));
}

function helpForMissing(
  text: string,
  missing: readonly Extract<Found, { readonly kind: "missing" }>[],
  about: About,
): string | undefined {
  const shapesOf = (way: string): readonly Shape[] => shapesAt(argumentSteps({ text: way }, about.origin), about);
  const entered = throughLists(text, (way) => shapesOf(way).some(({ types }) => types?.has("array") === true));
  if (entered !== undefined && shapesOf(entered).length > 0) return helpForList(entered);
  const known = [...new Set(missing.flatMap((one) => one.known))];
  const close = nearest(missing[0]?.key ?? "", known);
  const few =
    known.length > 0 && known.length <= MOST_NAMES ? known.map((name) => `\`${name}\``).join(", ") : undefined;
  const there = few === undefined ? undefined : `there is ${few}`;
  return close === undefined ? there : `did you mean \`${close}\`?`;
}

/** More are not read in one line. */
const MOST_NAMES = 8;
