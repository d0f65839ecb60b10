// Plays the tests of a policy given as text; expressions are not evaluated here, but answered by a function.
import { expect } from "vitest";
import type { Answer, Asking, Need } from "../../../src/engine/decision.ts";
import { indexPolicy } from "../../../src/engine/index-policy.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import { runTests } from "../../../src/inspect/play/run-tests.ts";
import type { TestReport } from "../../../src/inspect/play/test-report.ts";
import { compilePolicy } from "../../../src/language/compile-policy.ts";
import { renderDiagnostics } from "../../../src/source/render.ts";

/** 2026-03-02T00:00:00Z */
export const NOW = Date.UTC(2026, 2, 2);

const MEANT: ReadonlySet<string> = new Set(["MR313", "MR571", "MR572"]);

export function revisionOf(text: string): Revision {
  const sources = [{ path: "policy.mcprules", text: `mcprules 1\n${text}` }];
  const { policy, diagnostics } = compilePolicy(sources, { now: NOW });
  // Rules that no test covers, reasons that nobody sees, and ways to ask that no proxy has are what some of these tests are about.
  const others = diagnostics.filter(({ code, severity }) => severity === "error" || !MEANT.has(code));
  expect(renderDiagnostics(others, sources)).toBe("");
  if (!policy) throw new Error("a policy without diagnostics was not compiled");
  return { id: "revision", policy: indexPolicy(policy) };
}

export function play(text: string, answer?: (need: Need) => Answer): TestReport {
  return drive(runTests(revisionOf(text), { now: NOW }), answer);
}

export function drive<T>(asking: Asking<T>, answer: (need: Need) => Answer = refuseToAnswer): T {
  let step = asking.next();
  while (step.done !== true) step = asking.next(answer(step.value));
  return step.value;
}

function refuseToAnswer({ kind }: Need): Answer {
  throw new Error(`nobody was to ${kind}`);
}
