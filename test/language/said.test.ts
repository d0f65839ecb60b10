// The sentences of the language, said in the language: policies that hold a test for each. `sentences.md` says which is which.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { runTests } from "../../src/inspect/play/run-tests.ts";
import { indexPolicy } from "../../src/engine/index-policy.ts";
import { fulfil } from "../../src/io/answer-needs.ts";
import { createEvaluator } from "../../src/io/evaluation/evaluator.ts";
import { schemaCheckFor } from "../../src/io/schema-check.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { renderDiagnostics } from "../../src/source/render.ts";

const FOLDER = new URL("said/", import.meta.url);
const CARD = "the page's own example";
const NOW = Date.parse("2026-11-25T12:00:00Z");

const policies = [
  ...readdirSync(FOLDER).map((name) => [name, new URL(name, FOLDER)] as const),
  [CARD, new URL("../fixtures/ok/card.mcprules", import.meta.url)] as const,
];

describe.each(policies)("%s", (name, place) => {
  test("holds", async () => {
    const text = readFileSync(place, "utf8");
    const { policy, diagnostics } = compilePolicy([{ path: name, text }], { now: NOW });
    if (!policy) throw new Error(renderDiagnostics(diagnostics, [{ path: name, text }]));
    const revision = { id: "said", policy: indexPolicy(policy, { admits: await schemaCheckFor(policy) }) };
    const evaluator = createEvaluator();
    const report = await fulfil(runTests(revision, { now: NOW }), evaluator);
    await evaluator.close();
    const failures = report.tests.flatMap((one) =>
      one.failures.map(
        ({ expected, got, place }) => `${one.name}, line ${place.line}: expected ${expected}, got ${got}`,
      ),
    );
    expect(failures).toStrictEqual([]);
    expect(report.passed).toBeGreaterThan(name === CARD ? 1 : 5);
  });
});
