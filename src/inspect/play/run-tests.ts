// Plays the `test` blocks of a policy through the very engine that judges real messages, and reports what does not hold.
import type { Asking } from "../../engine/decision.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { TestBlock, TestStep } from "../../language/test-block.ts";
import { answering } from "./answer-needs.ts";
import { coverageOf, tallyStep, type Tally } from "./coverage.ts";
import { check, type Expectation, type Unmet } from "./expectation.ts";
import { explain } from "../explain/explanation.ts";
import { openConversation, type Conversation } from "./conversation.ts";
import { play } from "./play-step.ts";
import { doubtOf } from "../explain/doubtful-block.ts";
import type { TestFailure, TestNote, TestOutcome, TestReport } from "./test-report.ts";

export interface TestOptions {
  /** Milliseconds since 1970, for tests that do not say `given now`. */
  readonly now: number;
  /** Also gather what the tests have reached: costs a look at every rule for every message. */
  readonly coverage?: boolean;
}

export function* runTests(given: Revision, options: TestOptions): Asking<TestReport> {
  const revision = forgetful(given);
  const tally = options.coverage === true ? new Set<string>() : undefined;
  const tests: TestOutcome[] = [];
  for (const block of revision.policy.policy.tests) tests.push(yield* runTest(revision, block, options.now, tally));
  const failed = tests.filter((test) => test.failures.length > 0).length;
  const report = { passed: tests.length - failed, failed, tests };
  return tally ? { ...report, coverage: coverageOf(tally, revision.policy) } : report;
}

/** What a test says that a module returns is never remembered for real messages, nor for the next test. */
function forgetful(revision: Revision): Revision {
  const { policy } = revision;
  return { ...revision, policy: { ...policy, tools: { ...policy.tools, digest: undefined }, listAnswers: new Map() } };
}

/** Every `expect` is looked at; a step that cannot be played ends the test. */
function* runTest(
  revision: Revision,
  { name, place, steps }: TestBlock,
  now: number,
  tally: Tally | undefined,
): Asking<TestOutcome> {
  const failures: TestFailure[] = [];
  const notes: TestNote[] = [];
  let conversation = openConversation(now);
  for (const step of steps) {
    if (isExpectation(step)) {
      const failure = yield* outside(checkStep(revision, conversation, step), conversation);
      if (failure) failures.push(failure);
      else notes.push(...(yield* outside(notesOn(revision, conversation, step), conversation)));
      if (tally) yield* outside(tallyStep(tally, revision, conversation, step), conversation);
      continue;
    }
    const next = yield* play(revision, conversation, step);
    if (next.kind === "stuck") {
      const failure = yield* outside(failureAt(revision, step, conversation, next), conversation);
      return { name, place, failures: [...failures, failure] };
    }
    conversation = next.conversation;
    if (tally) yield* outside(tallyStep(tally, revision, conversation, step), conversation);
  }
  return { name, place, failures, ...(notes.length > 0 && { notes }) };
}

/** A block that holds only since nobody knows better: what the rule looks at may be misspelt. */
function* notesOn(revision: Revision, { outcome }: Conversation, step: Expectation): Asking<readonly TestNote[]> {
  if (step.kind !== "expect-verdict" || step.verdict !== "block" || !outcome) return [];
  const text = yield* doubtOf(revision, outcome);
  return text === undefined ? [] : [{ place: step.place, text }];
}

/** What is looked at again asks the same of the world outside. */
function outside<T>(asking: Asking<T>, conversation: Conversation): Asking<T> {
  return answering(asking, conversation.outside, conversation.now);
}

function* checkStep(
  revision: Revision,
  conversation: Conversation,
  step: Expectation,
): Asking<TestFailure | undefined> {
  const unmet = yield* check(revision, conversation, step);
  return unmet && (yield* failureAt(revision, step, conversation, unmet));
}

function isExpectation(step: TestStep): step is Expectation {
  return step.kind.startsWith("expect-");
}

function* failureAt(
  revision: Revision,
  { place, span }: TestStep,
  { outcome }: Conversation,
  { expected, got, differences = [], near = [] }: Unmet,
): Asking<TestFailure> {
  const explanation = outcome && (yield* explain(revision, outcome));
  const failure = { place, span, expected, got, differences, message: outcome?.shown, explanation };
  return near.length > 0 ? { ...failure, near } : failure;
}
