// Deciding costs the same at 10 and at 10,000 rules. A ratio of the best of many rounds, so that a busy machine does no harm.
import { expect, it } from "vitest";
import { decideByIdentity } from "../../src/engine/decide.ts";
import { indexPolicy } from "../../src/engine/index-policy.ts";
import type { Revision } from "../../src/engine/policy-store.ts";
import { select } from "../../src/engine/matching/select.ts";
import { compilePattern } from "../../src/expression/pattern.ts";
import type { CompiledRule } from "../../src/language/compiled-policy.ts";
import { call, NOWHERE, revisionOf } from "./policy.ts";

const { policy } = revisionOf("default allow rule r when tools/call t on s with path x block").policy;
const [MODEL] = policy.rules;

function revisionWith(count: number): Revision {
  const rules = Array.from({ length: count }, (_, order): CompiledRule => {
    if (!MODEL) throw new Error("the policy has a rule");
    const [target] = MODEL.head.targets;
    if (target?.kind !== "method") throw new Error("the rule is about a method");
    const name = compilePattern([{ kind: "glob", text: order % 2 === 0 ? `tool_${order}` : `t${order}_*` }]);
    return { ...MODEL, id: `r${order}`, order, head: { ...MODEL.head, targets: [{ ...target, name }] } };
  });
  return { id: `${count}`, policy: indexPolicy({ ...policy, rules }) };
}

const { facts } = call("echo", {}, { server: "s" });

/** Nanoseconds for a call that no rule touches. */
function costOf(revision: Revision, name: (round: number) => string): number {
  const best: number[] = [];
  for (let repeat = 0; repeat < 30; repeat += 1) {
    const start = performance.now();
    for (let round = 0; round < 1000; round += 1) {
      const message = { ...facts, name: name(repeat * 1000 + round) };
      decideByIdentity(revision, select(revision, message), message, NOWHERE);
    }
    best.push((performance.now() - start) * 1000);
  }
  return Math.min(...best);
}

it("decides a call that no rule touches at the same cost under 10 and 10,000 rules", () => {
  const few = costOf(revisionWith(10), () => "echo");
  const many = costOf(revisionWith(10_000), () => "echo");
  expect(many).toBeLessThan(few * 2 + 100);
});

it("finds the rules of a name it never saw without asking all of them", () => {
  const few = costOf(revisionWith(10), (round) => `echo${round}`);
  const many = costOf(revisionWith(10_000), (round) => `echo${round}`);
  expect(many).toBeLessThan(few * 5 + 1000);
});
