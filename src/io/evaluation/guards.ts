// What stands between an expression and the thread it runs in: functions of the package that could take all memory or time.
import type jsonata from "jsonata";
import {
  guardEmptyLists,
  LimitExceeded,
  LONGEST_TEXT,
  MOST_ITEMS,
  MOST_STEPS,
} from "../../expression/jsonata/jsonata-limits.ts";
import { REFUSED_FUNCTIONS } from "../../expression/jsonata/jsonata-names.ts";
import { childrenOf, type JsonataNode } from "../../expression/jsonata/jsonata-tree.ts";
import { localTime, parseText, tokensIn, truncated } from "../../expression/jsonata/own-functions.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { Weights } from "./weights.ts";

/** The evaluation that runs at the moment; its steps are counted in it. */
export interface Running {
  steps: number;
  readonly now: number;
  readonly weights: Weights;
}

export function newRunning(now: number): Running {
  return { steps: 0, now, weights: new Weights() };
}

export type BuiltIn = (...args: readonly unknown[]) => unknown;

/** Functions as the package has them, which ours stand in front of. */
export type BuiltIns = Readonly<Record<"fromMillis" | "pad" | "clone" | "split" | "join" | "string", BuiltIn>>;

/** `running` answers for whichever evaluation of the expression is under way. */
export function guard(expression: jsonata.Expression, running: () => Running, builtIns: BuiltIns): void {
  watchNodes(expression, running);
  registerRefused(expression);
  registerClock(expression, running, builtIns);
  registerGuarded(expression, running, builtIns);
  expression.registerFunction("parse", parseText, "<s-:x>");
  expression.registerFunction("tokens", tokensIn, "<s-:n>");
  expression.registerFunction("truncate", truncated, "<s-n:s>");
}

/** `registerFunction` and `assign` take names; these are symbols the package looks for at every node. */
interface Watched {
  assign(name: string | symbol, value: unknown): void;
}

/** What makes texts, lists and objects that were not there before. */
const BUILDS: ReadonlySet<string> = new Set(["function", "apply", "unary", "partial"]);

function watchNodes(expression: jsonata.Expression, running: () => Running): void {
  const watched: Watched = expression;
  const tree: unknown = expression.ast();
  const nodes = nodesOf(tree as JsonataNode);
  for (const node of nodes) callInPlace(node);
  const ends = rangeEnds(nodes);
  watched.assign(Symbol.for("jsonata.__evaluate_entry"), (node: JsonataNode, input: unknown) => {
    const run = running();
    run.steps += 1;
    if (run.steps > MOST_STEPS) throw new LimitExceeded(`more than ${MOST_STEPS} steps`);
    if (node.type === "wildcard") run.weights.check(input);
  });
  watched.assign(
    Symbol.for("jsonata.__evaluate_exit"),
    (node: JsonataNode, _input: unknown, _environment: unknown, result: unknown) => {
      if (ends.has(node) && Number.isInteger(result) && !Number.isSafeInteger(result)) {
        // One more is the same number there, so the package would never come to the end of the range.
        throw new LimitExceeded("a range beyond 2^53");
      }
      if (BUILDS.has(node.type) || (node.type === "binary" && node.value === "&")) checkBuilt(result, running());
    },
  );
}

function nodesOf(tree: JsonataNode): readonly JsonataNode[] {
  const nodes = [tree];
  // The list grows while it is walked over.
  for (const node of nodes) nodes.push(...childrenOf(node).map((child) => child.node));
  return nodes;
}

/**
 * A call in tail position is put off by the package until its function has ended, and what comes of it is then never told:
 * it would build as much as it likes. Here it is a call like any other, with as many steps; those are few, so the stack is deep enough.
 */
function callInPlace(node: JsonataNode): void {
  if (node.type !== "lambda" || node.thunk !== true) return;
  const { body } = node;
  for (const key of ["thunk", "body"]) Reflect.deleteProperty(node, key);
  Object.assign(node, body);
}

/** What stands on either side of `..`. */
function rangeEnds(nodes: readonly JsonataNode[]): ReadonlySet<JsonataNode> {
  const ends = new Set<JsonataNode>();
  for (const node of nodes) if (node.type === "binary" && node.value === "..") ends.add(node.lhs).add(node.rhs);
  return ends;
}

function checkBuilt(value: unknown, { weights }: Running): void {
  if (typeof value === "string" && value.length > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
  if (Array.isArray(value) && value.length > MOST_ITEMS) throw new LimitExceeded(`more than ${MOST_ITEMS} items`);
  weights.addBuilt(value);
}

function registerRefused(expression: jsonata.Expression): void {
  for (const [name, reason] of REFUSED_FUNCTIONS) {
    expression.registerFunction(name, () => {
      throw new LimitExceeded(`$${name} is refused: ${reason}`);
    });
  }
}

function registerClock(expression: jsonata.Expression, running: () => Running, { fromMillis }: BuiltIns): void {
  expression.registerFunction("now", (picture, zone) => fromMillis(running().now, picture, zone), "<s?s?:s>");
  expression.registerFunction("millis", () => running().now, "<:n>");
  expression.registerFunction("local", (zone?: string) => localTime(zone, running().now), "<s:o>");
}

/** The parameters are as many as the package's own functions have: `$map` and the like go by that. */
function registerGuarded(expression: jsonata.Expression, running: () => Running, builtIns: BuiltIns): void {
  const { clone, join, pad, split, string } = builtIns;
  expression.registerFunction(
    "clone",
    (value) => {
      running().weights.check(value);
      const copy = clone(value);
      guardEmptyLists(copy as JsonValue | undefined);
      return copy;
    },
    "<(oa)-:o>",
  );
  expression.registerFunction(
    "string",
    (value, ...pretty: readonly unknown[]) => {
      running().weights.check(value);
      return string(value, ...pretty);
    },
    "<x-b?:s>",
  );
  expression.registerFunction("pad", (text, width, filler) => pad(text, bounded(width), filler), "<s-ns?:s>");
  expression.registerFunction(
    "split",
    (text, separator, limit) => split(text, separator, pieces(separator, limit)),
    "<s-(sf)n?:a<s>>",
  );
  expression.registerFunction("join", (texts, separator) => join(short(texts, separator), separator), "<a<s>s?:s>");
}

function bounded(width: unknown): unknown {
  if (typeof width !== "number" || Math.abs(width) <= LONGEST_TEXT) return width;
  throw new LimitExceeded("a text of more than 1 MiB");
}

/** One more than allowed is enough to be refused; without a limit, a long text could become a list of any length. */
function pieces(separator: unknown, limit: unknown): unknown {
  return limit === undefined && typeof separator === "string" ? MOST_ITEMS + 1 : limit;
}

function short(texts: unknown, separator: unknown): unknown {
  if (!Array.isArray(texts)) return texts;
  const between = typeof separator === "string" ? separator.length : 0;
  const length = texts.reduce<number>((sum, text) => sum + String(text).length + between, 0);
  if (length > LONGEST_TEXT + between) throw new LimitExceeded("a text of more than 1 MiB");
  return texts;
}
