// Concrete syntax → tree, for heads: targets, clauses and `except` groups.
import type { CstNode } from "chevrotain";
import type { ClauseNode, HeadNode, ReplyKind, TargetNode } from "./ast-heads.ts";
import { nodeOf, nodesOf, oneOf, spanOfNode, theNode, theToken, has } from "./cst.ts";
import { conditionFrom, expressionFrom, patternFrom, principalFrom, theWritten, thingFrom } from "./cst-to-value.ts";

/** `targets` and `guards` are sub-trees of the node. */
export function headFrom(node: CstNode, file: string): HeadNode {
  return headOf(theNode(node, "targets"), theNode(node, "guards"), file);
}

export function headOf(targets: CstNode, guards: CstNode, file: string): HeadNode {
  const start = spanOfNode(targets, file);
  const isBare = Object.keys(guards.children).length === 0;
  return {
    targets: nodesOf(targets, "target").map((target) => targetFrom(target, file)),
    clauses: clausesFrom(guards, file),
    excepts: nodesOf(guards, "exceptGroup").map((group) => ({
      clauses: clausesFrom(group, file),
      span: spanOfNode(group, file),
    })),
    span: isBare ? start : { ...start, end: spanOfNode(guards, file).end },
  };
}

export function clausesFrom(node: CstNode, file: string): readonly ClauseNode[] {
  return nodesOf(node, "clause").map((clause) => clauseFrom(clause, file));
}

function targetFrom(node: CstNode, file: string): TargetNode {
  const span = spanOfNode(node, file);
  const thing = nodeOf(node, "thing");
  if (thing !== undefined)
    return { kind: "thing", thing: thingFrom(thing), pattern: patternFrom(theNode(node, "pattern"), file), span };
  const method = nodeOf(node, "methodTarget");
  if (method !== undefined) return methodTargetFrom(method, file);
  const reply = nodeOf(node, "replyKind");
  if (reply !== undefined) return { kind: "any", of: replyKindFrom(reply), span };
  return { kind: "any", of: ANY[oneOf(node, ["MESSAGE", "REQUEST", "NOTIFICATION"])], span };
}

const ANY = { MESSAGE: "message", REQUEST: "request", NOTIFICATION: "notification" } as const;

function methodTargetFrom(node: CstNode, file: string): TargetNode {
  const reply = nodeOf(node, "replyKind");
  const pattern = nodeOf(node, "pattern");
  return {
    kind: "method",
    reply: reply === undefined ? undefined : replyKindFrom(reply),
    method: theWritten(node, "METHOD", file),
    pattern: pattern === undefined ? undefined : patternFrom(pattern, file),
    span: spanOfNode(node, file),
  };
}

const REPLIES = { RESULT: "result", ERROR: "error", REPLY: "reply", FAILURE: "failure" } as const;

function replyKindFrom(node: CstNode): ReplyKind {
  return REPLIES[oneOf(node, ["RESULT", "ERROR", "REPLY", "FAILURE"])];
}

const CLAUSES = {
  onClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "on",
    pattern: patternFrom(theNode(node, "pattern"), file),
    span: spanOfNode(node, file),
  }),
  forClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "for",
    principal: principalFrom(theNode(node, "principal")),
    pattern: patternFrom(theNode(node, "pattern"), file),
    span: spanOfNode(node, file),
  }),
  fromClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "from",
    side: has(node, "CLIENT") ? "client" : "server",
    span: spanOfNode(node, file),
  }),
  withClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "with",
    conditions: nodesOf(node, "condition").map((condition) => conditionFrom(condition, file)),
    span: spanOfNode(node, file),
  }),
  withoutClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "without",
    path: theWritten(node, "PATH", file),
    span: spanOfNode(node, file),
  }),
  containingClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "containing",
    pattern: patternFrom(theNode(node, "pattern"), file),
    span: spanOfNode(node, file),
  }),
  whereClause: (node: CstNode, file: string): ClauseNode => ({
    kind: "where",
    expression: expressionFrom(theToken(node, "EXPR"), file),
    span: spanOfNode(node, file),
  }),
} as const;

const CLAUSE_NAMES = Object.keys(CLAUSES) as readonly (keyof typeof CLAUSES)[];

function clauseFrom(node: CstNode, file: string): ClauseNode {
  const name = oneOf(node, CLAUSE_NAMES);
  return CLAUSES[name](theNode(node, name), file);
}
