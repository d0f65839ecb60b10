// Plays the `test` blocks of a policy through the very engine that judges real messages, and reports what does not hold.
import type { Asking, Content } from "../engine/decision.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { TestBlock, TestStep } from "../language/test-block.ts";
import { isJsonObject, type JsonObject } from "../mcp/json.ts";
import { coverageOf, tallyStep, type Tally } from "./coverage.ts";
import { check, type Expectation, type Unmet } from "./expectation.ts";
import { explain } from "./explanation.ts";
import { withPrincipal } from "./given.ts";
import { reply } from "./reply.ts";
import { openConversation, type Played, type Conversation } from "./conversation.ts";
import { send, serverOf } from "./send.ts";
import { minimalDefinition, withDefinitions } from "./test-catalogue.ts";
import type { TestFailure, TestOutcome, TestReport } from "./test-report.ts";
import { valueOf } from "./test-value.ts";

export interface TestOptions {
  /** Milliseconds since 1970, for tests that do not say `given now`. */
  readonly now: number;
  /** Also gather what the tests have reached: costs a look at every rule for every message. */
  readonly coverage?: boolean;
}

export function* runTests(revision: Revision, options: TestOptions): Asking<TestReport> {
  const tally = options.coverage === true ? new Set<string>() : undefined;
  const tests: TestOutcome[] = [];
  for (const block of revision.policy.policy.tests) tests.push(yield* runTest(revision, block, options.now, tally));
  const failed = tests.filter((test) => test.failures.length > 0).length;
  const report = { passed: tests.length - failed, failed, tests };
  return tally ? { ...report, coverage: coverageOf(tally, revision.policy) } : report;
}

/** Every `expect` is looked at; a step that cannot be played ends the test. */
function* runTest(
  revision: Revision,
  { name, place, steps }: TestBlock,
  now: number,
  tally: Tally | undefined,
): Asking<TestOutcome> {
  const failures: TestFailure[] = [];
  let conversation = openConversation(now);
  for (const step of steps) {
    if (isExpectation(step)) {
      const unmet = yield* check(revision, conversation, step);
      if (unmet) failures.push(yield* failureAt(revision, step, conversation, unmet));
      if (tally) yield* tallyStep(tally, revision, conversation, step);
      continue;
    }
    const next = yield* play(revision, conversation, step);
    if (next.kind === "stuck") {
      const failure = yield* failureAt(revision, step, conversation, next);
      return { name, place, failures: [...failures, failure] };
    }
    conversation = next.conversation;
    if (tally) yield* tallyStep(tally, revision, conversation, step);
  }
  return { name, place, failures };
}

function isExpectation(step: TestStep): step is Expectation {
  return step.kind.startsWith("expect-");
}

function* failureAt(
  revision: Revision,
  { place, span }: TestStep,
  { outcome }: Conversation,
  { expected, got, differences = [] }: Unmet,
): Asking<TestFailure> {
  const explanation = outcome && (yield* explain(revision, outcome));
  return { place, span, expected, got, differences, message: outcome?.shown, explanation };
}

function* play(revision: Revision, conversation: Conversation, step: Exclude<TestStep, Expectation>): Asking<Played> {
  switch (step.kind) {
    case "given-principal":
      return yield* givePrincipal(revision, conversation, step);
    case "given-now":
      return played({ ...conversation, now: step.now });
    case "given-thing":
      return giveThing(revision, conversation, step);
    case "given-human":
      return stuck("a human who is asked", "no rule asks in this version");
    case "given-call":
      return stuck("a module that is called", "no rule calls one in this version");
    case "send":
    case "push":
      return played(yield* send(revision, conversation, step));
    case "reply":
      return yield* answer(revision, conversation, { result: step.result });
    case "reply-error":
      return yield* answer(revision, conversation, { error: { code: step.code, message: step.message } });
  }
}

type Step<K extends TestStep["kind"]> = Extract<TestStep, { readonly kind: K }>;

function* givePrincipal(revision: Revision, conversation: Conversation, step: Step<"given-principal">): Asking<Played> {
  const value = yield* valueOf(revision, conversation, step.value);
  const principal = value === undefined ? undefined : withPrincipal(conversation.principal, step.principal, value);
  if (principal) return played({ ...conversation, principal });
  const shape = step.principal === "client" ? "a name or an object with `name`" : "a text, or an object with `id`";
  return stuck(`${shape} for the ${step.principal}`, value === undefined ? "nothing" : JSON.stringify(value));
}

function giveThing(revision: Revision, conversation: Conversation, step: Step<"given-thing">): Played {
  const server = serverOf(revision, step.server);
  const list = { server, kind: step.thing, definitions: [definitionOf(step)] };
  return played({ ...conversation, lists: withDefinitions(conversation.lists, list) });
}

/** What the test writes completes, and wins over, the least a definition has. */
function definitionOf({ thing, name, definition }: Step<"given-thing">): JsonObject {
  return { ...minimalDefinition(thing, name), ...(isJsonObject(definition) && definition) };
}

function* answer(revision: Revision, conversation: Conversation, content: Content): Asking<Played> {
  if (conversation.pending) return played(yield* reply(revision, conversation, conversation.pending, content));
  const { outcome } = conversation;
  const by = outcome?.decision.rule === undefined ? "" : ` by ${outcome.decision.rule}`;
  return stuck(
    "a request that can be answered",
    outcome?.facts.kind === "request" ? `it went nowhere: ${outcome.decision.verdict}${by}` : "no request",
  );
}

function played(conversation: Conversation): Played {
  return { kind: "played", conversation };
}

function stuck(expected: string, got: string): Played {
  return { kind: "stuck", expected, got };
}
