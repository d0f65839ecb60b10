// The closures say what package jsonata says: of any expression they take on, on any message, errors included.
import * as fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import type { EvaluationAnswer } from "../../../src/expression/jsonata/evaluation.ts";
import { compileExpression } from "../../../src/expression/jsonata/expression.ts";
import { createRunner, type Runner } from "../../../src/io/evaluation/run-expression.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { bindings, message, source } from "./generated.ts";

const NOW = Date.UTC(2026, 1, 3, 4, 5, 6, 7);
const KNOWN = new Set(["p", "q", "x", "y", "v", "i", "l", "r", "n"]);

let run: Runner;

beforeAll(async () => {
  run = await createRunner();
});

/** As far as both have to agree: the value with the order of its keys, or the code of the error. */
function outcome(answer: EvaluationAnswer, isCodeCertain: boolean): string {
  if (answer.kind === "value") return `value ${JSON.stringify(answer.value)}`;
  const code = /\b[A-Z]\d{4}\b/.exec(answer.reason)?.[0];
  return isCodeCertain && code !== undefined ? `failed ${code}` : "failed";
}

async function compare(
  written: string,
  input: JsonValue | undefined,
  bound: Readonly<Record<string, JsonValue>>,
): Promise<{ readonly compiled: string; readonly packaged: string } | undefined> {
  const { expression } = compileExpression(written, KNOWN);
  if (!expression?.compiled) return undefined;
  const compiled = expression.compiled(input, bound, NOW);
  const copy = structuredClone({ input, bound });
  const packaged = await run({ source: written, input: copy.input, bindings: copy.bound, now: NOW });
  // Where several parts of a constructor fail, which one the package reports hangs on when each was done.
  const isCodeCertain = !/[[{]/.test(written) && [compiled, packaged].every(hasCode);
  return { compiled: outcome(compiled, isCodeCertain), packaged: outcome(packaged, isCodeCertain) };
}

function hasCode(answer: EvaluationAnswer): boolean {
  return answer.kind === "value" || /\b[A-Z]\d{4}\b/.test(answer.reason);
}

test("on whatever is generated", async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(source, message, bindings, async (written, input, bound) => {
      const before = JSON.stringify([input, bound]);
      const outcomes = await compare(written, input, bound);
      if (!outcomes) return;
      compared += 1;
      expect(outcomes.compiled).toBe(outcomes.packaged);
      expect(JSON.stringify([input, bound])).toBe(before);
    }),
    { numRuns: 2500 },
  );
  expect(compared).toBeGreaterThan(1000);
}, 120_000);
