// One expression in package jsonata: bounded, without what policies may not use, and its result made plain JSON.
import jsonata from "jsonata";
import type { EvaluationAnswer } from "../../expression/evaluation.ts";
import {
  cleaned,
  guardEmptyLists,
  hasFunctionMark,
  LimitExceeded,
  LONGEST_TEXT,
  MOST_ITEMS,
  MOST_STEPS,
} from "../../expression/jsonata-limits.ts";
import { REFUSED_FUNCTIONS } from "../../expression/jsonata-names.ts";
import { JsonataRegex } from "../../expression/jsonata-regex.ts";
import { localTime, parseText, tokensIn, truncated } from "../../expression/own-functions.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { failureReason } from "./failure-reason.ts";
import type { ToWorker } from "./messages.ts";

export type Runner = (task: Omit<ToWorker, "id">) => Promise<EvaluationAnswer>;

/** A runner keeps what it has compiled. Its expressions must not run at once: they share the count of steps. */
export async function createRunner(): Promise<Runner> {
  const guards: Guards = {
    steps: 0,
    now: 0,
    fromMillis: await builtIn("fromMillis"),
    pad: await builtIn("pad"),
    clone: await builtIn("clone"),
  };
  const compiled = new Map<string, jsonata.Expression>();
  return ({ source, input, bindings, now }) => {
    const expression = compiled.get(source) ?? guarded(source, guards);
    if (compiled.size >= MOST_COMPILED) compiled.clear();
    compiled.set(source, expression);
    guards.steps = 0;
    guards.now = now;
    return evaluate(expression, input, bindings);
  };
}

/** More than any policy has; what old revisions used goes with it. */
const MOST_COMPILED = 10_000;

async function evaluate(
  expression: jsonata.Expression,
  input: ToWorker["input"],
  bindings: ToWorker["bindings"],
): Promise<EvaluationAnswer> {
  if (hasFunctionMark(input) || Object.values(bindings).some(hasFunctionMark)) {
    return { kind: "failed", reason: "the message holds a name that JSONata keeps for itself" };
  }
  for (const value of [input, ...Object.values(bindings)]) guardEmptyLists(value);
  try {
    const value: unknown = await expression.evaluate(input, { ...bindings });
    return { kind: "value", value: cleaned(value) };
  } catch (error) {
    return { kind: "failed", reason: failureReason(error) };
  }
}

/** What an expression may use while it runs. */
interface Guards {
  steps: number;
  now: number;
  readonly fromMillis: BuiltIn;
  readonly pad: BuiltIn;
  readonly clone: BuiltIn;
}

type BuiltIn = (...args: readonly unknown[]) => unknown;

/** The package hands its own functions out as values. */
async function builtIn(name: string): Promise<BuiltIn> {
  const value: unknown = await jsonata(`$${name}`).evaluate({});
  if (typeof value !== "object" || value === null || !("implementation" in value)) throw new Error(`no $${name}`);
  return value.implementation as BuiltIn;
}

function guarded(source: string, guards: Guards): jsonata.Expression {
  const engine: unknown = JsonataRegex;
  const expression = jsonata(source, { sequence: MOST_ITEMS, RegexEngine: engine as RegExpConstructor });
  watchSteps(expression, guards);
  for (const [name, reason] of REFUSED_FUNCTIONS) {
    expression.registerFunction(name, () => {
      throw new LimitExceeded(`$${name} is refused: ${reason}`);
    });
  }
  expression.registerFunction("now", (picture, zone) => guards.fromMillis(guards.now, picture, zone), "<s?s?:s>");
  expression.registerFunction("millis", () => guards.now, "<:n>");
  expression.registerFunction("pad", (text, width, filler) => padded(guards, text, width, filler), "<s-ns?:s>");
  expression.registerFunction("clone", (value) => guardedCopy(guards, value), "<(oa)-:o>");
  expression.registerFunction("parse", parseText, "<s-:x>");
  expression.registerFunction("tokens", tokensIn, "<s-:n>");
  expression.registerFunction("truncate", truncated, "<s-n:s>");
  expression.registerFunction("local", (zone?: string) => localTime(zone, guards.now), "<s:o>");
  return expression;
}

/** `registerFunction` and `assign` take names; these are symbols the package looks for at every node. */
interface Watched {
  assign(name: string | symbol, value: unknown): void;
}

function watchSteps(expression: jsonata.Expression, guards: Guards): void {
  const watched: Watched = expression;
  watched.assign(Symbol.for("jsonata.__evaluate_entry"), () => {
    guards.steps += 1;
    if (guards.steps > MOST_STEPS) throw new LimitExceeded(`more than ${MOST_STEPS} steps`);
  });
  watched.assign(
    Symbol.for("jsonata.__evaluate_exit"),
    (
      { type, value }: { readonly type: string; readonly value?: unknown },
      _input: unknown,
      _env: unknown,
      result: unknown,
    ) => {
      if (BUILDS.has(type) || (type === "binary" && value === "&")) checkBuilt(result);
    },
  );
}

/** What makes texts and lists that were not there before. */
const BUILDS: ReadonlySet<string> = new Set(["function", "apply", "unary", "partial"]);

function checkBuilt(value: unknown): void {
  if (typeof value === "string" && value.length > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
  if (Array.isArray(value) && value.length > MOST_ITEMS) throw new LimitExceeded(`more than ${MOST_ITEMS} items`);
}

function padded(guards: Guards, text: unknown, width: unknown, filler: unknown): unknown {
  if (typeof width === "number" && Math.abs(width) > LONGEST_TEXT) throw new LimitExceeded("a text of more than 1 MiB");
  return guards.pad(text, width, filler);
}

function guardedCopy(guards: Guards, value: unknown): unknown {
  const copy = guards.clone(value);
  guardEmptyLists(copy as JsonValue | undefined);
  return copy;
}
