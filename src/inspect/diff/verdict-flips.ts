// What another policy makes of the same messages: those that the tests of both versions send, judged under both.
import type { Asking } from "../../engine/decision.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { TestBlock, TestStep } from "../../language/test-block.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { openConversation } from "../play/conversation.ts";
import { differences, type Difference } from "./json-diff.ts";
import type { Outcome } from "../play/judge.ts";
import { play } from "../play/play-step.ts";

export interface Flip {
  readonly test: string;
  /** `tools/call read_file on files`. */
  readonly message: string;
  readonly before: Judged;
  readonly after: Judged;
  /** Of what the other side gets, where the verdict is the same. */
  readonly differences: readonly Difference[];
}

export interface Judged {
  /** `undefined`: the test did not get so far. */
  readonly verdict: Outcome["decision"]["verdict"] | undefined;
  readonly rule: string | undefined;
}

/** Messages that end as before are left out. `now`: milliseconds since 1970. */
export function* verdictFlips(before: Revision, after: Revision, now: number): Asking<readonly Flip[]> {
  const flips: Flip[] = [];
  for (const block of testsOf(before, after)) {
    const olds = yield* outcomesOf(before, block, now);
    const news = yield* outcomesOf(after, block, now);
    for (const step of block.steps) {
      const flip = flipOf(block.name, olds.get(step), news.get(step));
      if (flip) flips.push(flip);
    }
  }
  return flips;
}

/** Those of the new policy, and those of the old one that are gone. */
function testsOf(before: Revision, after: Revision): readonly TestBlock[] {
  const { tests } = after.policy.policy;
  const names = new Set(tests.map(({ name }) => name));
  return [...tests, ...before.policy.policy.tests.filter(({ name }) => !names.has(name))];
}

function* outcomesOf(revision: Revision, { steps }: TestBlock, now: number): Asking<ReadonlyMap<TestStep, Outcome>> {
  const outcomes = new Map<TestStep, Outcome>();
  let conversation = openConversation(now);
  for (const step of steps) {
    const played = yield* play(revision, conversation, step);
    if (played.kind === "stuck") return outcomes;
    const { outcome } = played.conversation;
    if (outcome && outcome !== conversation.outcome) outcomes.set(step, outcome);
    conversation = played.conversation;
  }
  return outcomes;
}

function flipOf(test: string, before: Outcome | undefined, after: Outcome | undefined): Flip | undefined {
  const outcome = after ?? before;
  if (!outcome) return undefined;
  const [old, now] = [judged(before), judged(after)];
  const changed = old.verdict === now.verdict ? differences(shown(before), shown(after)) : [];
  if (old.verdict === now.verdict && old.rule === now.rule && changed.length === 0) return undefined;
  return { test, message: messageText(outcome), before: old, after: now, differences: changed };
}

function judged(outcome: Outcome | undefined): Judged {
  return { verdict: outcome?.decision.verdict, rule: outcome?.decision.rule };
}

function shown(outcome: Outcome | undefined): JsonObject | undefined {
  return outcome?.shown;
}

function messageText({ facts }: Outcome): string {
  const { kind, method, name, server } = facts;
  const phase = kind === "result" || kind === "error" ? `${kind} of ` : "";
  return [phase + method, name, server === undefined ? undefined : `on ${server}`]
    .filter((word) => word !== undefined)
    .join(" ");
}
