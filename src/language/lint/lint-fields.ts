// Lints of fields that are hardly where a condition looks for them: the tool's name, its annotations, entries of a list.
import { parsePath, type Path } from "../../expression/path.ts";
import { fieldsOfThing } from "../../mcp/fields.ts";
import { LISTS } from "../../mcp/lists.ts";
import type { Item } from "../tree/ast.ts";
import type { ClauseNode, HeadNode, TargetNode } from "../tree/ast-heads.ts";
import type { ConditionNode, ExpressionNode, PatternNode, Written } from "../tree/ast-values.ts";
import { naturalFields } from "../check/known-fields.ts";
import type { ThingKind } from "../compiled-value.ts";
import { methodsNamed, reachOfHead, type Reached } from "../reach.ts";
import { warning } from "../report.ts";
import { literalOf, patternParts, type Scope } from "../scope.ts";
import { isEveryTool } from "./lint-caches.ts";
import type { Evidence } from "./misread-body.ts";

export function lintFields(items: readonly Item[], { argumentNames }: Evidence, scope: Scope): void {
  for (const item of items) {
    if (item.kind === "let" || item.kind === "test" || item.head === undefined) continue;
    const isEvery = item.head.targets.length > 0 && item.head.targets.every((target) => isCallOfAny(target, scope));
    const about = {
      isEvery: isEvery && !argumentNames.has("name"),
      isBlock: item.kind === "rule" && item.actions.some((action) => action.kind === "block"),
      reached: reachOfHead(item.head),
      scope,
    };
    for (const clause of clausesOf(item.head)) lintClause(clause, about);
    for (const action of item.kind === "rule" && about.isEvery ? item.actions : [])
      if (action.kind === "limit" && action.by?.kind === "expression") lintName(action.by.expression, scope);
  }
}

interface About {
  /** Whichever tool is called, and none is known to have an argument `name`. */
  readonly isEvery: boolean;
  readonly isBlock: boolean;
  readonly reached: readonly Reached[];
  readonly scope: Scope;
}

function clausesOf({ clauses, excepts }: HeadNode): readonly ClauseNode[] {
  return [...clauses, ...excepts.flatMap((group) => group.clauses)];
}

function isCallOfAny(target: TargetNode, scope: Scope): boolean {
  return target.kind === "method" && target.reply === undefined && isEveryTool(target, scope);
}

function lintClause(clause: ClauseNode, about: About): void {
  switch (clause.kind) {
    case "with":
      for (const condition of clause.conditions) for (const path of condition.paths) lintPath(path, condition, about);
      return;
    case "without":
      return lintPath(clause.path, undefined, about);
    case "where":
      return about.isEvery ? lintName(clause.expression, about.scope) : undefined;
    case "on":
    case "for":
    case "from":
    case "containing":
  }
}

function lintPath(written: Written, condition: ConditionNode | undefined, about: About): void {
  const path = parsePath(written.text);
  const [first] = path.steps;
  if (path.absolute || first?.kind !== "member" || about.reached.length === 0) return;
  const found = about.reached.every(isCall)
    ? meantInCall(written.text, first.key, condition, about)
    : meantInReply(path, first.key, written.text, about);
  if (found === undefined) return;
  about.scope.report(warning("MR570", written.span, found.message, found.help));
}

interface Meant {
  readonly message: string;
  readonly help: string;
}

function isCall(reached: Reached): boolean {
  return reached.kind === "message" && reached.phase === "request" && reached.method.method === "tools/call";
}

/** What looks for an argument, and is known of the call, or of the tool. */
function meantInCall(
  text: string,
  key: string,
  condition: ConditionNode | undefined,
  { isEvery, scope }: About,
): Meant | undefined {
  const message = `\`${text}\` looks for an argument called \`${key}\``;
  if (key === "annotations" && HINT.test(text))
    return { message, help: `annotations are of the tool: write \`when tool …\` with \`${text}\`` };
  if (key === "method" && text === key && isOfMethod(condition, scope))
    return { message, help: "the method is named by the target: `when tools/call …`" };
  if (key !== "name" || text !== key || !isEvery) return undefined;
  const help =
    "the tool's name is the pattern of the target, `tools/call delete_*`, or `params.name`; an argument is `params.arguments.name`";
  return { message, help };
}

const HINT = /^annotations\.\w+Hint$/;

function isOfMethod(condition: ConditionNode | undefined, scope: Scope): boolean {
  return textsOf(condition, scope).some((text) => text.includes("/") && methodsNamed(text).length > 0);
}

function textsOf(condition: ConditionNode | undefined, scope: Scope): readonly string[] {
  const test = condition?.test;
  if (test?.kind === "matches") return globsIn(test.pattern, scope);
  const literal = test?.kind === "compares" ? literalOf(test.value, scope) : undefined;
  return typeof literal === "string" ? [literal] : [];
}

function globsIn(pattern: PatternNode, scope: Scope): readonly string[] {
  return patternParts(pattern, scope).flatMap((part) => (part.kind === "glob" ? [part.text] : []));
}

/** Nothing keeps a server from other fields in its results, but MCP knows none. */
function meantInReply(path: Path, key: string, text: string, { reached, isBlock }: About): Meant | undefined {
  const [about] = reached;
  if (about?.kind !== "message" || about.phase !== "result") return undefined;
  const { method } = about.method;
  if (!reached.every((one) => one.kind === "message" && one.phase === "result" && one.method.method === method)) return;
  const isKnown = naturalFields(about)?.members?.has(key) !== false;
  const list = LISTS.find((one) => one.method === method);
  if (list !== undefined) return list.kind === "template" ? undefined : meantInList(path, key, list.kind, isBlock);
  if (isKnown || method !== "tools/call" || SAID_ELSEWHERE.has(key)) return undefined;
  return {
    message: `MCP knows no field \`${key}\` in a result of \`tools/call\``,
    help: `what was asked is \`request.params.arguments.${text}\`; data of the tool is \`structuredContent.${text}\``,
  };
}

/** What is known of the entries; and what blocks the whole list for one of them. */
function meantInList(path: Path, key: string, kind: ThingKind, isBlock: boolean): Meant | undefined {
  const help = `an entry is a thing: write \`when ${kind} …\``;
  if (key !== "_meta" && fieldsOfThing(kind).members?.has(key) === true)
    return { message: `a list has no field \`${key}\`: its entries have`, help };
  return isBlock && isEntries(path, key)
    ? { message: "this blocks the whole list for one of its entries", help }
    : undefined;
}

/** These are reported, with the field that is mostly meant, wherever they stand. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(["text", "message", "output", "body", "data", "json"]);

/** `tools[*].name`, and not how many there are. */
function isEntries({ steps }: Path, key: string): boolean {
  const [, second, third] = steps;
  return /^(?:tools|prompts|resources)$/.test(key) && second?.kind === "every" && third !== undefined;
}

/** `(name)`, where an argument of every tool is meant to be called so. */
function lintName(node: ExpressionNode, scope: Scope): void {
  const reads = scope.compiled.get(node.source)?.expression?.reads ?? [];
  if (!reads.includes("name")) return;
  const at = node.source.search(/(?<![\w$."'])name(?!\w)/);
  const start = node.span.start + Math.max(0, at);
  const span = at === -1 ? node.span : { ...node.span, start, end: start + "name".length };
  const help = "the tool's name is `$message.params.name`; an argument is `$message.params.arguments.name`";
  scope.report(warning("MR570", span, "`name` looks for an argument called `name`", help));
}
