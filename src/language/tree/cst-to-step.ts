// Concrete syntax → tree, for the steps of tests.
import type { CstNode } from "chevrotain";
import type { StepNode } from "./ast-steps.ts";
import type { Written } from "./ast-values.ts";
import { has, jsonOf, nodeOf, oneOf, spanOfNode, spanOfToken, theNode, theToken, tokenOf, written } from "./cst.ts";
import {
  expressionFrom,
  principalFrom,
  testFrom,
  theWritten,
  thingFrom,
  valueFrom,
  writtenIn,
} from "./cst-to-value.ts";

export function stepFrom(node: CstNode, file: string): StepNode {
  const given = nodeOf(node, "given");
  if (given !== undefined) return givenFrom(given, file);
  const send = nodeOf(node, "send");
  if (send !== undefined) return sendFrom(send, file);
  const reply = nodeOf(node, "replyStep");
  return reply === undefined ? expectFrom(theNode(node, "expect"), file) : replyFrom(reply, file);
}

function givenFrom(node: CstNode, file: string): StepNode {
  const span = spanOfNode(node, file);
  const principal = nodeOf(node, "givenPrincipal");
  if (principal !== undefined) {
    const value = valueFrom(theNode(principal, "value"), file);
    return { kind: "given-principal", principal: principalFrom(theNode(principal, "principal")), value, span };
  }
  const now = nodeOf(node, "givenNow");
  if (now !== undefined) return { kind: "given-now", now: theWritten(now, "STRING", file), span };
  const human = nodeOf(node, "givenHuman");
  if (human !== undefined)
    return { kind: "given-human", decision: has(human, "APPROVES") ? "approves" : "declines", span };
  const thing = nodeOf(node, "givenThing");
  return thing === undefined
    ? givenCallFrom(theNode(node, "givenCall"), file, span)
    : givenThingFrom(thing, file, span);
}

function givenThingFrom(node: CstNode, file: string, span: StepNode["span"]): StepNode {
  const definition = theToken(node, "JSON");
  return {
    kind: "given-thing",
    thing: thingFrom(theNode(node, "thing")),
    name: plainNameFrom(theNode(node, "plainName"), file),
    definition: jsonOf(definition),
    definitionSpan: spanOfToken(definition, file),
    server: serverFrom(node, file),
    span,
  };
}

function givenCallFrom(node: CstNode, file: string, span: StepNode["span"]): StepNode {
  const value = nodeOf(node, "value");
  const returns = value === undefined ? undefined : valueFrom(value, file);
  return { kind: "given-call", module: theWritten(node, "NAME", file), returns, span };
}

function sendFrom(node: CstNode, file: string): StepNode {
  const name = nodeOf(node, "plainName");
  const body = tokenOf(node, "JSON");
  const times = tokenOf(node, "NUMBER");
  return {
    kind: has(node, "SEND") ? "send" : "push",
    method: theWritten(node, "METHOD", file),
    name: name === undefined ? undefined : plainNameFrom(name, file),
    body: body === undefined ? undefined : jsonOf(body),
    server: serverFrom(node, file),
    times: times === undefined ? undefined : { count: Number(times.image), span: spanOfToken(times, file) },
    span: spanOfNode(node, file),
  };
}

function replyFrom(node: CstNode, file: string): StepNode {
  const span = spanOfNode(node, file);
  const result = tokenOf(node, "JSON");
  if (result !== undefined)
    return { kind: "reply", result: jsonOf(result), resultSpan: spanOfToken(result, file), span };
  const code = theToken(node, "NUMBER");
  const message = writtenIn(node, "STRING", file);
  return { kind: "reply-error", code: Number(code.image), codeSpan: spanOfToken(code, file), message, span };
}

function expectFrom(node: CstNode, file: string): StepNode {
  const span = spanOfNode(node, file);
  const expression = tokenOf(node, "EXPR");
  if (expression !== undefined) return { kind: "expect-true", expression: expressionFrom(expression, file), span };
  const without = nodeOf(node, "withoutClause");
  if (without !== undefined) return { kind: "expect-without", path: theWritten(without, "PATH", file), span };
  const field = nodeOf(node, "expectField");
  if (field !== undefined) return expectFieldFrom(field, file, span);
  const verdict = nodeOf(node, "expectVerdict");
  if (verdict !== undefined) return expectVerdictFrom(verdict, file, span);
  const listing = nodeOf(node, "expectListing");
  if (listing !== undefined) return expectListingFrom(listing, file, span);
  const trace = theNode(node, "expectTrace");
  return { kind: has(trace, "TAG") ? "expect-tag" : "expect-log", name: theWritten(trace, "NAME", file), span };
}

function expectFieldFrom(node: CstNode, file: string, span: StepNode["span"]): StepNode {
  const test = nodeOf(node, "conditionTest");
  const path = theWritten(node, "EPATH", file);
  return { kind: "expect-field", path, test: test === undefined ? undefined : testFrom(test, file), span };
}

const VERDICTS = { ALLOW: "allow", BLOCK: "block", ASK: "ask", ANSWER: "answer" } as const;

function expectVerdictFrom(node: CstNode, file: string, span: StepNode["span"]): StepNode {
  const verdict = VERDICTS[oneOf(node, ["ALLOW", "BLOCK", "ASK", "ANSWER"])];
  return { kind: "expect-verdict", verdict, by: writtenIn(node, "ID", file) ?? writtenIn(node, "DEFAULT", file), span };
}

function expectListingFrom(node: CstNode, file: string, span: StepNode["span"]): StepNode {
  return {
    kind: "expect-listing",
    isListed: has(node, "LISTED"),
    thing: thingFrom(theNode(node, "thing")),
    name: plainNameFrom(theNode(node, "plainName"), file),
    server: serverFrom(node, file),
    span,
  };
}

function serverFrom(node: CstNode, file: string): Written | undefined {
  const server = nodeOf(node, "onServer");
  return server === undefined ? undefined : plainNameFrom(theNode(server, "plainName"), file);
}

function plainNameFrom(node: CstNode, file: string): Written {
  return written(tokenOf(node, "WORD") ?? theToken(node, "STRING"), file);
}
