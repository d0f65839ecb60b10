// Concrete syntax → tree, for patterns, values, conditions and what both rules and tests are made of.
import type { CstNode } from "chevrotain";
import type { JsonValue } from "../../mcp/json.ts";
import type {
  ConditionNode,
  ExpressionNode,
  PatNode,
  PatternNode,
  TestNode,
  ValueNode,
  Written,
} from "./ast-values.ts";
import type { Comparison, PrincipalKind, ThingKind } from "../compiled-value.ts";
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
import type { Token } from "../text/lexer.ts";

export function patternFrom(node: CstNode, file: string): PatternNode {
  return { parts: nodesOf(node, "pat").map((pat) => patFrom(pat, file)), span: spanOfNode(node, file) };
}

export function patFrom(node: CstNode, file: string): PatNode {
  const span = spanOfNode(node, file);
  const text = tokenOf(node, "STRING");
  if (text !== undefined) return { kind: "glob", text: written(text, file).text, isQuoted: true, span };
  const word = tokenOf(node, "WORD");
  if (word !== undefined) return { kind: "glob", text: word.image, isQuoted: false, span };
  const regex = tokenOf(node, "REGEX")?.payload;
  if (regex?.kind === "regex") return { kind: "regex", source: regex.source, flags: regex.flags, span };
  const variable = tokenOf(node, "VAR");
  if (variable !== undefined) return { kind: "variable", name: variable.image.slice(1), span };
  return { kind: "literal", value: scalarFrom(node), span };
}

export function valueFrom(node: CstNode, file: string): ValueNode {
  const span = spanOfNode(node, file);
  const literal = nodeOf(node, "literal");
  if (literal !== undefined) return { kind: "literal", value: literalFrom(literal), span };
  const expression = tokenOf(node, "EXPR");
  if (expression !== undefined) return { kind: "expression", expression: expressionFrom(expression, file), span };
  const variable = tokenOf(node, "VAR");
  if (variable !== undefined) return { kind: "variable", name: variable.image.slice(1), span };
  return { kind: "path", path: written(theToken(node, "VPATH"), file), span };
}

function literalFrom(node: CstNode): JsonValue {
  const text = tokenOf(node, "STRING")?.payload;
  if (text?.kind === "text") return text.value;
  const duration = tokenOf(node, "DURATION");
  if (duration !== undefined) return millisecondsOf(duration);
  const json = tokenOf(node, "JSON");
  return json === undefined ? scalarFrom(node) : jsonOf(json);
}

export function expressionFrom(token: Token, file: string): ExpressionNode {
  return { source: token.image, span: spanOfToken(token, file) };
}

export function conditionFrom(node: CstNode, file: string): ConditionNode {
  const test = nodeOf(node, "conditionTest");
  return {
    paths: tokensOf(node, "PATH").map((path) => written(path, file)),
    test: test === undefined ? undefined : testFrom(test, file),
    span: spanOfNode(node, file),
  };
}

export function testFrom(node: CstNode, file: string): TestNode {
  const pattern = nodeOf(node, "pattern");
  if (pattern !== undefined) return { kind: "matches", pattern: patternFrom(pattern, file) };
  const comparison = theToken(node, "COMPARE").image as Comparison;
  return { kind: "compares", comparison, value: valueFrom(theNode(node, "value"), file) };
}

export function principalFrom(node: CstNode): PrincipalKind {
  return PRINCIPALS[oneOf(node, ["CLIENT", "USER", "GROUP", "PROFILE"])];
}

const PRINCIPALS = { CLIENT: "client", USER: "user", GROUP: "group", PROFILE: "profile" } as const;

export function thingFrom(node: CstNode): ThingKind {
  return THINGS[oneOf(node, ["TOOL", "PROMPT", "RESOURCE"])];
}

const THINGS = { TOOL: "tool", PROMPT: "prompt", RESOURCE: "resource" } as const;

export function writtenIn(node: CstNode, name: string, file: string): Written | undefined {
  const token = tokenOf(node, name);
  return token === undefined ? undefined : written(token, file);
}

export function theWritten(node: CstNode, name: string, file: string): Written {
  return written(theToken(node, name), file);
}

function scalarFrom(node: CstNode): number | boolean | null {
  if (has(node, "NUMBER")) return Number(theToken(node, "NUMBER").image);
  if (has(node, "TRUE")) return true;
  return has(node, "FALSE") ? false : null;
}
