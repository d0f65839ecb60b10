// Concrete syntax → tree, for actions: verdicts, transforms and observations.
import type { CstNode } from "chevrotain";
import type {
  ActionNode,
  AnswerNode,
  AskNode,
  BlockNode,
  DurationNode,
  ObservationNode,
  SharerNode,
  TransformNode,
  VerdictNode,
} from "./ast-actions.ts";
import {
  has,
  jsonOf,
  millisecondsOf,
  nodeOf,
  oneOf,
  spanOfNode,
  spanOfToken,
  theNode,
  theToken,
  tokenOf,
  tokensOf,
  written,
} from "./cst.ts";
import {
  expressionFrom,
  patFrom,
  patternFrom,
  principalFrom,
  theWritten,
  valueFrom,
  writtenIn,
} from "./cst-to-value.ts";
import type { Token } from "../text/lexer.ts";

export function actionFrom(node: CstNode, file: string): ActionNode {
  const verdict = nodeOf(node, "verdict");
  if (verdict !== undefined) return verdictFrom(verdict, file);
  const transform = nodeOf(node, "transform");
  if (transform !== undefined) {
    const name = oneOf(transform, TRANSFORM_NAMES);
    return TRANSFORMS[name](theNode(transform, name), file);
  }
  const observation = theNode(node, "observation");
  const name = oneOf(observation, OBSERVATION_NAMES);
  return OBSERVATIONS[name](theNode(observation, name), file);
}

function verdictFrom(node: CstNode, file: string): VerdictNode {
  if (has(node, "ALLOW")) return { kind: "allow", span: spanOfNode(node, file) };
  const limit = nodeOf(node, "limit");
  return limit === undefined ? alternativeFrom(node, file) : limitFrom(limit, file);
}

/** What a limit may turn to as well: `block`, `ask` or `answer`. */
function alternativeFrom(node: CstNode, file: string): BlockNode | AskNode | AnswerNode {
  const block = nodeOf(node, "block");
  if (block !== undefined) {
    const reason = writtenIn(block, "STRING", file);
    return { kind: "block", reason, asError: has(block, "AS"), span: spanOfNode(block, file) };
  }
  const ask = nodeOf(node, "ask");
  return ask === undefined ? answerFrom(theNode(node, "answer"), file) : askFrom(ask, file);
}

function askFrom(node: CstNode, file: string): AskNode {
  const within = tokenOf(node, "DURATION");
  return {
    kind: "ask",
    question: writtenIn(node, "STRING", file),
    within: within === undefined ? undefined : durationFrom(within, file),
    via: writtenIn(node, "NAME", file),
    span: spanOfNode(node, file),
  };
}

function answerFrom(node: CstNode, file: string): AnswerNode {
  return { kind: "answer", value: valueFrom(theNode(node, "value"), file), span: spanOfNode(node, file) };
}

function durationFrom(token: Token, file: string): DurationNode {
  return { ms: millisecondsOf(token), span: spanOfToken(token, file) };
}

function limitFrom(node: CstNode, file: string): VerdictNode {
  const sharer = nodeOf(node, "sharer");
  const amount = theToken(node, "NUMBER");
  return {
    kind: "limit",
    amount: { count: Number(amount.image), span: spanOfToken(amount, file) },
    of: writtenIn(node, "PATH", file),
    per: durationFrom(theToken(node, "DURATION"), file),
    by: sharer === undefined ? undefined : sharerFrom(sharer, file),
    otherwise: has(node, "ELSE") ? alternativeFrom(node, file) : undefined,
    span: spanOfNode(node, file),
  };
}

function sharerFrom(node: CstNode, file: string): SharerNode {
  const principal = nodeOf(node, "principal");
  if (principal !== undefined)
    return { kind: "principal", principal: principalFrom(principal), span: spanOfNode(principal, file) };
  return { kind: "expression", expression: expressionFrom(theToken(node, "EXPR"), file) };
}

const TRANSFORMS = {
  rename: (node: CstNode, file: string): TransformNode => ({
    kind: "rename",
    to: patFrom(theNode(node, "pat"), file),
    span: spanOfNode(node, file),
  }),
  supply: (node: CstNode, file: string): TransformNode => ({ kind: "supply", ...assignmentFrom(node, file) }),
  set: (node: CstNode, file: string): TransformNode => ({ kind: "set", ...assignmentFrom(node, file) }),
  add: (node: CstNode, file: string): TransformNode => ({ kind: "add", ...assignmentFrom(node, file) }),
  rewrite: (node: CstNode, file: string): TransformNode => ({
    kind: "rewrite",
    path: theWritten(node, "PATH", file),
    expression: expressionFrom(theToken(node, "EXPR"), file),
    span: spanOfNode(node, file),
  }),
  remove: (node: CstNode, file: string): TransformNode => ({
    kind: "remove",
    paths: pathsFrom(theNode(node, "paths"), file),
    span: spanOfNode(node, file),
  }),
  redact: (node: CstNode, file: string): TransformNode => ({
    kind: "redact",
    pattern: patternFrom(theNode(node, "pattern"), file),
    path: writtenIn(node, "PATH", file),
    as: writtenIn(node, "STRING", file),
    span: spanOfNode(node, file),
  }),
  translate: (node: CstNode, file: string): TransformNode => {
    const paths = nodeOf(node, "paths");
    return {
      kind: "translate",
      paths: paths === undefined ? [] : pathsFrom(paths, file),
      to: theWritten(node, "STRING", file),
      using: writtenIn(node, "NAME", file),
      span: spanOfNode(node, file),
    };
  },
  call: (node: CstNode, file: string): TransformNode => {
    const config = tokenOf(node, "JSON");
    return {
      kind: "call",
      module: theWritten(node, "NAME", file),
      config: config === undefined ? undefined : { value: jsonOf(config), span: spanOfToken(config, file) },
      span: spanOfNode(node, file),
    };
  },
} as const;

const TRANSFORM_NAMES = Object.keys(TRANSFORMS) as readonly (keyof typeof TRANSFORMS)[];

function assignmentFrom(node: CstNode, file: string) {
  return {
    path: theWritten(node, "PATH", file),
    value: valueFrom(theNode(node, "value"), file),
    span: spanOfNode(node, file),
  };
}

function pathsFrom(node: CstNode, file: string) {
  return tokensOf(node, "PATH").map((path) => written(path, file));
}

const OBSERVATIONS = {
  log: (node: CstNode, file: string): ObservationNode => {
    const percent = tokenOf(node, "PERCENT");
    const expression = tokenOf(node, "EXPR");
    return {
      kind: "log",
      level: writtenIn(node, "LEVEL", file),
      percent: percent === undefined ? undefined : Number.parseFloat(percent.image),
      sink: writtenIn(node, "NAME", file),
      text: expression === undefined ? writtenIn(node, "STRING", file) : expressionFrom(expression, file),
      span: spanOfNode(node, file),
    };
  },
  tag: (node: CstNode, file: string): ObservationNode => {
    const sharer = nodeOf(node, "sharer");
    return {
      kind: "tag",
      names: tokensOf(node, "NAME").map((name) => written(name, file)),
      lasting:
        sharer === undefined
          ? undefined
          : { duration: durationFrom(theToken(node, "DURATION"), file), by: sharerFrom(sharer, file) },
      span: spanOfNode(node, file),
    };
  },
  cache: (node: CstNode, file: string): ObservationNode => {
    const by = tokenOf(node, "EXPR");
    return {
      kind: "cache",
      duration: durationFrom(theToken(node, "DURATION"), file),
      by: by === undefined ? undefined : expressionFrom(by, file),
      span: spanOfNode(node, file),
    };
  },
} as const;

const OBSERVATION_NAMES = Object.keys(OBSERVATIONS) as readonly (keyof typeof OBSERVATIONS)[];
