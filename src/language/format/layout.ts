// Where lines begin in the one layout of a policy: found in its concrete syntax tree, for the formatter.
import type { CstNode } from "chevrotain";
import { nodeOf, nodesOf, theNode, theToken, tokensOf, tokenOf } from "../tree/cst.ts";
import { isKeyword } from "../words.ts";

/** Offsets of tokens in the text. */
export interface Layout {
  /** Tokens that begin a line, and how far it is indented. */
  readonly lines: ReadonlyMap<number, number>;
  /** Tokens before which a line that is too long may be broken: between its parts, or only within one. */
  readonly breaks: ReadonlyMap<number, Break>;
  /** Where items begin, with what they are. */
  readonly items: ReadonlyMap<number, string>;
}

export type Break = "part" | "within";

/** `tree` is a `file` of the grammar. */
export function layoutOf(tree: CstNode): Layout {
  const layout = {
    lines: new Map<number, number>(),
    breaks: new Map<number, Break>(),
    items: new Map<number, string>(),
  };
  layout.lines.set(theToken(tree, "MCPRULES").startOffset, 0);
  for (const item of nodesOf(theNode(tree, "items"), "item")) {
    const [name = ""] = Object.keys(item.children);
    const node = theNode(item, name);
    layout.items.set(startOf(node), name);
    layout.lines.set(startOf(node), 0);
    addItem(node, layout);
    addBreaks(node, layout.breaks);
  }
  return layout;
}

type Building = { readonly lines: Map<number, number>; readonly breaks: Map<number, Break> };

const PART = 2;

function addItem(node: CstNode, layout: Building): void {
  switch (node.name) {
    case "default":
      return addHead(nodeOf(node, "whenHead"), layout, true);
    case "rule":
      return addRule(node, layout);
    case "exception":
      addHead(nodeOf(node, "whenHead"), layout, false);
      return addLines(nodesOf(nodeOf(node, "exceptionClauses") ?? node, "clause"), layout);
    case "testItem":
      return addLines(nodesOf(theNode(node, "testBody"), "step"), layout);
    default:
  }
}

function addRule(node: CstNode, layout: Building): void {
  for (const annotation of nodesOf(node, "annotation")) layout.lines.set(startOf(annotation), 0);
  layout.lines.set(theToken(node, "RULE").startOffset, 0);
  for (const setting of nodesOf(node, "setting")) layout.breaks.set(startOf(setting), "part");
  const body = theNode(node, "ruleBody");
  const tail = theNode(body, "ruleTail");
  layout.lines.set(startOf(body), PART);
  addGuards(theNode(tail, "guards"), layout);
  addLines(nodesOf(tail, "action"), layout);
}

/** `isInline`: `when` stays on the line of what it belongs to. */
function addHead(head: CstNode | undefined, layout: Building, isInline: boolean): void {
  if (head === undefined) return;
  if (isInline) layout.breaks.set(startOf(head), "part");
  else layout.lines.set(startOf(head), PART);
  addGuards(theNode(head, "guards"), layout);
}

/** Who and where stay on the line of the targets; what looks at the body has lines of its own. */
const INLINE: ReadonlySet<string> = new Set(["onClause", "forClause", "fromClause"]);

function addGuards(guards: CstNode, layout: Building): void {
  let isInline = true;
  for (const clause of nodesOf(guards, "clause")) {
    isInline &&= Object.keys(clause.children).every((name) => INLINE.has(name));
    if (isInline) layout.breaks.set(startOf(clause), "part");
    else layout.lines.set(startOf(clause), PART);
  }
  for (const group of nodesOf(guards, "exceptGroup")) {
    layout.lines.set(startOf(group), PART);
    for (const clause of nodesOf(group, "clause").slice(1)) layout.breaks.set(startOf(clause), "part");
  }
}

function addLines(nodes: readonly CstNode[], layout: Building): void {
  for (const node of nodes) layout.lines.set(startOf(node), PART);
}

/** Words and signs inside a line before which it may be broken. */
const BREAKABLE: Readonly<Record<string, readonly string[]>> = {
  targets: ["OR"],
  pattern: ["BAR"],
  condition: ["OR"],
  withClause: ["AND"],
  redact: ["IN", "AS"],
  ask: ["WITHIN", "VIA"],
  limit: ["BY", "ELSE"],
  translate: ["TO", "USING"],
  tag: ["FOR"],
  send: ["NUMBER"],
  onServer: ["ON"],
};

function addBreaks(node: CstNode, breaks: Map<number, Break>): void {
  for (const name of BREAKABLE[node.name] ?? []) {
    for (const token of tokensOf(node, name)) breaks.set(token.startOffset, name === "BAR" ? "within" : "part");
  }
  if (tokenOf(node, "COMMA") !== undefined) addListBreaks(node, breaks);
  for (const children of Object.values(node.children)) {
    for (const child of children) if ("children" in child) addBreaks(child, breaks);
  }
}

/** Before each entry but the first; a keyword stays beside its comma, where alone it can be a field or a name. */
function addListBreaks(node: CstNode, breaks: Map<number, Break>): void {
  for (const name of ["PATH", "NAME", "ID"]) {
    for (const token of tokensOf(node, name).slice(1))
      if (!isKeyword(token.image)) breaks.set(token.startOffset, "within");
  }
}

function startOf(node: CstNode): number {
  const { location } = node;
  if (location === undefined) throw new Error(`${node.name} without a place`);
  return location.startOffset;
}
