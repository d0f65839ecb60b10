// One expression in package jsonata: bounded, without what policies may not use, and its result made plain JSON.
import jsonata from "jsonata";
import type { EvaluationAnswer } from "../../expression/jsonata/evaluation.ts";
import {
  cleaned,
  guardEmptyLists,
  hasFunctionMark,
  LimitExceeded,
  MOST_ITEMS,
} from "../../expression/jsonata/jsonata-limits.ts";
import { JsonataRegex } from "../../expression/jsonata/jsonata-regex.ts";
import { failureReason } from "./failure-reason.ts";
import { guard, newRunning, type BuiltIn, type BuiltIns } from "./guards.ts";
import type { ToWorker } from "./messages.ts";

export type Runner = (task: Omit<ToWorker, "id">) => Promise<EvaluationAnswer>;

/** A runner keeps what it has compiled. Its expressions must not run at once: they share the count of steps. */
export async function createRunner(): Promise<Runner> {
  const builtIns = await builtInFunctions();
  const compiled = new Map<string, jsonata.Expression>();
  let running = newRunning(0);
  return ({ source, input, bindings, now }) => {
    let expression = compiled.get(source);
    if (!expression) {
      const engine: unknown = JsonataRegex;
      expression = jsonata(source, { sequence: MOST_ITEMS, RegexEngine: engine as RegExpConstructor });
      guard(expression, () => running, builtIns);
      if (compiled.size >= MOST_COMPILED) compiled.clear();
      compiled.set(source, expression);
    }
    running = newRunning(now);
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
    const reason = failureReason(error);
    return error instanceof LimitExceeded ? { kind: "failed", reason, isOverrun: true } : { kind: "failed", reason };
  }
}

async function builtInFunctions(): Promise<BuiltIns> {
  return {
    fromMillis: await builtIn("fromMillis"),
    pad: await builtIn("pad"),
    clone: await builtIn("clone"),
    split: await builtIn("split"),
    join: await builtIn("join"),
    string: await builtIn("string"),
  };
}

/** The package hands its own functions out as values. */
async function builtIn(name: string): Promise<BuiltIn> {
  const value: unknown = await jsonata(`$${name}`).evaluate({});
  if (typeof value !== "object" || value === null || !("implementation" in value)) throw new Error(`no $${name}`);
  return value.implementation as BuiltIn;
}
