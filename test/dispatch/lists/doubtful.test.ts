// A list that a module should have looked at and did not: it is looked at again when the module may be well.
import { expect, test } from "vitest";
import type { ModuleAnswer } from "../../../src/engine/need.ts";
import { type Said, Stage } from "../stage.ts";

const POLICY = (fails: string): string => `default allow\nrule m ${fails} when result of tools/list call filter`;
const LIST = { id: 7, method: "tools/list" };
const USE = { module: "filter", interceptor: "f", ms: 1 };
const DEAD: ModuleAnswer = { kind: "failed", reason: "timeout", used: [{ ...USE, outcome: "failed" }] };
const OPEN: ModuleAnswer = { kind: "pass", used: [{ ...USE, outcome: "failed" }] };
const FINE: ModuleAnswer = { kind: "pass", used: [{ ...USE, outcome: "pass" }] };
const EMPTY: ModuleAnswer = { kind: "changed", payload: { tools: [] }, used: [{ ...USE, outcome: "changed" }] };

function shown(said: readonly Said[]): number | undefined {
  const results = said.map(([, message]) => (message as { readonly result?: Listed }).result);
  return results.find((result) => result !== undefined)?.tools?.length;
}

interface Listed {
  readonly tools?: readonly unknown[];
}

/** To all that is asked of modules. */
function told(stage: Stage, answer: ModuleAnswer): readonly Said[] {
  const said: Said[] = [];
  for (let asks = stage.asked()[0]; asks?.kind === "call"; asks = stage.asked()[0])
    said.push(...stage.tell({ kind: "call", answers: asks.calls.map(() => answer) }));
  return said;
}

test.each<readonly [string, string, ModuleAnswer, number, ModuleAnswer, number]>([
  ["hides what it did not see, for a while", "fails closed", DEAD, 0, FINE, 1],
  ["shows what it did not see, for a while, where the rule says so", "fails open", OPEN, 1, EMPTY, 0],
])("a module that gives no answer %s", (_what, fails, first, before, later, after) => {
  const stage = Stage.open();
  stage.swap(POLICY(fails));
  told(stage, first);
  expect(shown([...stage.client(LIST), ...told(stage, first)])).toBe(before);
  stage.now += 10_000;
  expect(shown(stage.client(LIST))).toBe(before);
  stage.now += 1;
  const read = stage.client(LIST);
  expect(read).toMatchObject([["a", { method: "tools/list" }]]);
  expect(shown([...stage.play("a", read), ...told(stage, later)])).toBe(after);
});
