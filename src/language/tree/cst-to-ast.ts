// Concrete syntax → tree: the items of a file.
import type { CstNode } from "chevrotain";
import type { DefaultItem, ExceptionItem, Item, LetItem, LetValue, RuleItem, SettingNode, TestItem } from "./ast.ts";
import type { HeadNode } from "./ast-heads.ts";
import {
  has,
  jsonOf,
  millisecondsOf,
  nodeOf,
  nodesOf,
  oneOf,
  spanOfNode,
  spanOfToken,
  theNode,
  theToken,
  tokenOf,
  tokensOf,
  written,
} from "./cst.ts";
import { actionFrom } from "./cst-to-action.ts";
import { clausesFrom, headFrom, headOf } from "./cst-to-head.ts";
import { stepFrom } from "./cst-to-step.ts";
import { expressionFrom, patternFrom, theWritten, writtenIn } from "./cst-to-value.ts";

/** `tree` is an `items` or a `file` of the grammar. */
export function itemsFrom(tree: CstNode, file: string): readonly Item[] {
  const items = nodeOf(tree, "items") ?? tree;
  return nodesOf(items, "item").map((item) => {
    const name = oneOf(item, ITEM_NAMES);
    return ITEMS[name](theNode(item, name), file);
  });
}

const ITEMS = {
  let: letFrom,
  default: defaultFrom,
  rule: ruleFrom,
  exception: exceptionFrom,
  testItem: testItemFrom,
} as const;
const ITEM_NAMES = Object.keys(ITEMS) as readonly (keyof typeof ITEMS)[];

function letFrom(node: CstNode, file: string): LetItem {
  return {
    kind: "let",
    name: theWritten(node, "NAME", file),
    value: letValueFrom(node, file),
    span: spanOfNode(node, file),
  };
}

function letValueFrom(node: CstNode, file: string): LetValue {
  const pattern = nodeOf(node, "pattern");
  if (pattern !== undefined)
    return { kind: "pattern", pattern: patternFrom(pattern, file), span: spanOfNode(pattern, file) };
  const duration = tokenOf(node, "DURATION");
  if (duration !== undefined)
    return { kind: "value", value: millisecondsOf(duration), span: spanOfToken(duration, file) };
  const json = tokenOf(node, "JSON");
  if (json !== undefined) return { kind: "value", value: jsonOf(json), span: spanOfToken(json, file) };
  const expression = expressionFrom(theToken(node, "EXPR"), file);
  return { kind: "expression", expression, span: expression.span };
}

function defaultFrom(node: CstNode, file: string): DefaultItem {
  const head = nodeOf(node, "whenHead");
  return {
    kind: "default",
    verdict: has(node, "ALLOW") ? "allow" : "block",
    reason: writtenIn(node, "STRING", file),
    head: head === undefined ? undefined : headFrom(head, file),
    span: spanOfNode(node, file),
  };
}

function ruleFrom(node: CstNode, file: string): RuleItem {
  const body = theNode(node, "ruleBody");
  const tail = theNode(body, "ruleTail");
  return {
    kind: "rule",
    annotations: nodesOf(node, "annotation").map((annotation) => theWritten(annotation, "ANNOTATION", file)),
    id: theWritten(node, "ID", file),
    description: writtenIn(node, "STRING", file),
    settings: nodesOf(node, "setting").map((setting) => settingFrom(setting, file)),
    head: headOf(theNode(body, "targets"), theNode(tail, "guards"), file),
    actions: nodesOf(tail, "action").map((action) => actionFrom(action, file)),
    span: spanOfNode(node, file),
  };
}

function settingFrom(node: CstNode, file: string): SettingNode {
  const span = spanOfNode(node, file);
  if (has(node, "SHADOW")) return { kind: "shadow", span };
  if (has(node, "CANARY")) return { kind: "canary", percent: Number.parseFloat(theToken(node, "PERCENT").image), span };
  return { kind: "fails", fails: has(node, "OPEN") ? "open" : "closed", span };
}

function exceptionFrom(node: CstNode, file: string): ExceptionItem {
  const [id, ...rules] = tokensOf(node, "ID").map((token) => written(token, file));
  const [until, reason] = tokensOf(node, "STRING").map((token) => written(token, file));
  if (id === undefined || until === undefined) throw new Error("an exception without id or end");
  return { kind: "exception", id, rules, until, reason, head: exceptionHead(node, file), span: spanOfNode(node, file) };
}

function exceptionHead(node: CstNode, file: string): HeadNode {
  const head = nodeOf(node, "whenHead");
  if (head !== undefined) return headFrom(head, file);
  const clauses = theNode(node, "exceptionClauses");
  return { targets: [], clauses: clausesFrom(clauses, file), excepts: [], span: spanOfNode(clauses, file) };
}

function testItemFrom(node: CstNode, file: string): TestItem {
  return {
    kind: "test",
    name: theWritten(node, "STRING", file),
    steps: nodesOf(theNode(node, "testBody"), "step").map((step) => stepFrom(step, file)),
    span: spanOfNode(node, file),
  };
}
