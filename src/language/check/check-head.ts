// Heads: targets that name what MCP has, patterns where a name is carried, clauses that can be asked of the target.
import { ABSOLUTE_ROOTS } from "../../expression/path.ts";
import type { Expression } from "../../expression/jsonata/expression.ts";
import { LISTS } from "../../mcp/lists.ts";
import { allMethods, methodFacts } from "../../mcp/methods.ts";
import { didYouMean } from "../../source/nearest.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { ConditionNode, ExpressionNode, PatternNode, ValueNode, Written } from "../tree/ast-values.ts";
import { checkField } from "./check-fields.ts";
import { methodsNamed, reachOfHead, type Reached } from "../reach.ts";
import { error, warning } from "../report.ts";
import { expressionOf, literalOf, spanOfVariable, type Scope } from "../scope.ts";

/** `reached`: what the head is about; an exception without targets is about what its rules are about. */
export function checkHead(head: HeadNode, scope: Scope, reached: readonly Reached[] = reachOfHead(head)): void {
  for (const target of head.targets) checkTarget(target, scope);
  for (const clause of head.clauses) checkClause(clause, reached, scope);
  for (const group of head.excepts) for (const clause of group.clauses) checkClause(clause, reached, scope);
}

/** A literal method: known to MCP, or at least not close to one that is. */
export function checkMethod(method: Written, scope: Scope): void {
  if (methodsNamed(method.text).length > 0) return;
  const help = didYouMean(method.text, knownMethods());
  const message = `MCP has no method \`${method.text}\``;
  if (help !== undefined || method.text.includes("*")) scope.report(error("MR307", method.span, message, help));
  else scope.report(warning("MR307", method.span, message, "this rule can only meet what an extension sends"));
}

/** Names are texts: `5` or `true` never matches one. */
function checkNamePattern(pattern: PatternNode, scope: Scope): void {
  for (const part of pattern.parts) {
    if (part.kind !== "literal") continue;
    const written = String(part.value);
    scope.report(error("MR403", part.span, `\`${written}\` is no text, and a name is one`, `write "${written}"`));
  }
}

/** Those of MCP, and its families: `tools/*`. */
function knownMethods(): readonly string[] {
  const methods = allMethods().map((facts) => facts.method);
  const families = methods.flatMap((method) =>
    method.includes("/") ? [`${method.slice(0, method.indexOf("/"))}/*`] : [],
  );
  return [...new Set([...methods, ...families])];
}

/** Its reply is judged as another one's: a rule on it would never apply. */
const OUTCOME = "tasks/result";

function checkTarget(target: TargetNode, scope: Scope): void {
  if (target.kind === "thing") return checkNamePattern(target.pattern, scope);
  if (target.kind === "any") return;
  checkMethod(target.method, scope);
  if (target.pattern !== undefined) checkNamePattern(target.pattern, scope);
  const methods = methodsNamed(target.method.text);
  if (methods.length === 0) return;
  const replied = target.reply === undefined ? methods : methods.filter((method) => method.kind === "request");
  if (replied.length === 0) {
    return scope.report(
      error("MR510", target.span, `a \`${target.method.text}\` is a notification: nothing replies to it`),
    );
  }
  if (target.reply !== undefined && target.method.text === OUTCOME) {
    const message = `what answers \`${OUTCOME}\` is the reply of the request that the task came of`;
    const help = "write the rule for that: `result of tools/call *`";
    return scope.report(error("MR510", target.span, message, help));
  }
  const carriers = replied.filter((method) => method.carries.length > 0);
  if (target.pattern !== undefined && carriers.length === 0) {
    const help = "leave the pattern out; conditions on the body are clauses: `with PATH pattern`";
    return scope.report(
      error("MR502", target.pattern.span, `a \`${target.method.text}\` message carries no name`, help),
    );
  }
  if (target.pattern === undefined && carriers.length === replied.length) checkMissingPattern(target, scope);
}

function checkMissingPattern(target: TargetNode & { kind: "method" }, scope: Scope): void {
  const thing = methodFacts(target.method.text)?.carries[0]?.thing ?? "thing";
  const written = target.reply === undefined ? target.method.text : `${target.reply} of ${target.method.text}`;
  scope.report(
    error(
      "MR502",
      target.method.span,
      `\`${written}\` does not say which ${thing}`,
      `write \`${written} *\` for every ${thing}`,
    ),
  );
}

function checkClause(clause: ClauseNode, reached: readonly Reached[], scope: Scope): void {
  switch (clause.kind) {
    case "on":
      checkNamePattern(clause.pattern, scope);
      return checkServers(clause.pattern, scope);
    case "for":
      return checkNamePattern(clause.pattern, scope);
    case "from":
    case "containing":
      return;
    case "with":
      for (const condition of clause.conditions) checkCondition(condition, reached, scope);
      return;
    case "without":
      return checkField(clause.path, reached, scope);
    case "where":
      checkReach(clause.expression, reached, scope);
  }
}

function checkServers(pattern: PatternNode, scope: Scope): void {
  const { servers } = scope;
  if (servers === undefined) return;
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || /[*?]/.test(part.text) || servers.includes(part.text)) continue;
    const help = didYouMean(part.text, servers) ?? helpForServer(part.text, servers);
    scope.report(error("MR308", part.span, `no server is called \`${part.text}\``, help));
  }
}

/** A command that stands behind `--` is the only server, and has the name it is given there. */
function helpForServer(written: string, servers: readonly string[]): string {
  const known = servers.map((name) => `\`${name}\``).join(", ");
  if (servers.length !== 1) return `the servers are ${known}`;
  return `the only server is ${known}; one that stands behind \`--\` gets its name from \`--name ${written}\``;
}

function checkCondition(condition: ConditionNode, reached: readonly Reached[], scope: Scope): void {
  const [first] = condition.paths;
  if (first?.text === "not") return checkNot(condition, first, scope);
  for (const path of condition.paths) checkField(path, reached, scope);
  const { test } = condition;
  checkPrincipal(condition, scope);
  if (test?.kind === "compares") checkValuePath(test.value, reached, scope);
}

/** `with user "ada"`: a user is an object, which no text is. */
function checkPrincipal({ paths, test }: ConditionNode, scope: Scope): void {
  const isText =
    test?.kind === "matches" || (test?.kind === "compares" && typeof literalOf(test.value, scope) === "string");
  if (!isText) return;
  for (const { text, span } of paths) {
    const field = NAMES.get(text);
    if (field === undefined) continue;
    const help = `write \`for ${text} …\`, or \`with ${text}.${field} …\``;
    scope.report(error("MR407", span, `\`${text}\` is an object, and never a text`, help));
  }
}

const NAMES: ReadonlyMap<string, string> = new Map([
  ["user", "id"],
  ["client", "name"],
]);

/** `with not a` reads as "the field `not` matches `a`". */
function checkNot(condition: ConditionNode, first: Written, scope: Scope): void {
  const part = condition.test?.kind === "matches" ? condition.test.pattern.parts[0] : undefined;
  const field = part?.kind === "glob" ? part.text : "PATH";
  const help = `write \`without ${field}\`, \`except with …\`, or \`!=\``;
  scope.report(error("MR206", first.span, "a condition is not negated with `not`", help));
}

/** A path as a value is absolute: it starts at the message or beside it. */
export function checkValuePath(value: ValueNode, reached: readonly Reached[], scope: Scope): void {
  if (value.kind !== "path") return;
  if (ABSOLUTE_ROOTS.has(/^[A-Za-z_][A-Za-z0-9_-]*/.exec(value.path.text)?.[0] ?? ""))
    return checkField(value.path, reached, scope);
  const help = `a text is quoted: "${value.path.text}"; a field of the body starts with \`params.\`, \`result.\` …; or write an expression: \`(${value.path.text})\``;
  scope.report(error("MR407", value.span, `\`${value.path.text}\` is no value`, help));
}

/** What a thing is, is found out once for all messages: neither the time nor a request nor tags are there. */
export function checkReach(node: ExpressionNode, reached: readonly Reached[], scope: Scope): void {
  const expression = expressionOf(node, scope);
  if (expression === undefined) return;
  if (reached.some(isOfLists)) checkOnLists(node, expression, scope);
  const isSentOnly = reached.length > 0 && reached.every((one) => one.kind !== "thing" && one.phase === "request");
  if (!isSentOnly || !looksAt("request", expression, scope)) return;
  const help = "here the request itself is `$message`";
  scope.report(error("MR511", spanOfVariable("request", node), "`$request` is there beside a reply only", help));
}

/** A name that the expression binds itself is another. */
export function looksAt(name: string, { source, variables }: Expression, scope: Scope): boolean {
  if (!variables.includes(name)) return false;
  const isFree = scope.compiled.get(source)?.mentions?.some(({ root }) => root === name) === true;
  return isFree || !new RegExp(`\\$${name}\\s*:=|function\\s*\\([^)]*\\$${name}\\b`).test(source);
}

function isOfLists(reached: Reached): boolean {
  if (reached.kind !== "message") return reached.kind === "thing";
  return reached.phase === "result" && LISTS.some((list) => list.method === reached.method.method);
}

function checkOnLists(node: ExpressionNode, expression: Expression, scope: Scope): void {
  const help = "lists are worked out once for all messages; judge the call instead";
  if (expression.usesClock) {
    scope.report(error("MR511", node.span, "a rule on things or their lists cannot look at the time", help));
  }
  for (const name of ["request", "tags"]) {
    if (!looksAt(name, expression, scope)) continue;
    scope.report(
      error("MR511", spanOfVariable(name, node), `a rule on things or their lists has no \`$${name}\``, help),
    );
  }
}
