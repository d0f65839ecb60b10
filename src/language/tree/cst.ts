// Looking into chevrotain's concrete syntax trees: their tokens and sub-trees by name, and the places of both.
import type { CstNode } from "chevrotain";
import type { JsonValue } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { Written } from "./ast-values.ts";
import type { Token } from "../text/lexer.ts";

export function nodesOf(node: CstNode, name: string): readonly CstNode[] {
  return (node.children[name] ?? []) as readonly CstNode[];
}

export function nodeOf(node: CstNode, name: string): CstNode | undefined {
  return nodesOf(node, name)[0];
}

/** One that the grammar guarantees; without it the tree is not of this grammar, which is our own bug. */
export function theNode(node: CstNode, name: string): CstNode {
  return guaranteed(nodeOf(node, name), node, name);
}

export function tokensOf(node: CstNode, name: string): readonly Token[] {
  return (node.children[name] ?? []) as readonly unknown[] as readonly Token[];
}

export function tokenOf(node: CstNode, name: string): Token | undefined {
  return tokensOf(node, name)[0];
}

export function theToken(node: CstNode, name: string): Token {
  return guaranteed(tokenOf(node, name), node, name);
}

export function has(node: CstNode, name: string): boolean {
  return node.children[name] !== undefined;
}

/** The one that is there, of several names of which the grammar admits exactly one. */
export function oneOf<Name extends string>(node: CstNode, names: readonly Name[]): Name {
  return guaranteed(
    names.find((name) => has(node, name)),
    node,
    names.join(" or "),
  );
}

export function spanOfNode(node: CstNode, file: string): Span {
  const { startOffset, endOffset } = guaranteed(node.location, node, "place");
  return { file, start: startOffset, end: guaranteed(endOffset, node, "end") + 1 };
}

export function spanOfToken(token: Token, file: string): Span {
  return { file, start: token.startOffset, end: token.startOffset + token.image.length };
}

/** A bare token as it stands, a quoted text by its value. */
export function written(token: Token, file: string): Written {
  const text = token.payload.kind === "text" ? token.payload.value : token.image;
  return { text, span: spanOfToken(token, file) };
}

export function jsonOf(token: Token): JsonValue {
  if (token.payload.kind !== "json") throw new Error(`no JSON: ${token.image}`);
  return token.payload.value;
}

/** `2m` → 120000. */
export function millisecondsOf(token: Token): number {
  const unit = /[a-z]+$/.exec(token.image)?.[0] ?? "ms";
  return Number.parseFloat(token.image) * (MILLISECONDS[unit] ?? 1);
}

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function guaranteed<T>(found: T | undefined, node: CstNode, name: string): T {
  if (found === undefined) throw new Error(`${node.name} without ${name}`);
  return found;
}
