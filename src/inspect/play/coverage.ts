// Which rules and which parts of them the tests of a policy have brought to speak, and which never said yes, or never no.
import type { Asking } from "../../engine/decision.ts";
import type { Facts, ReviewedThing } from "../../engine/facts.ts";
import type { IndexedPolicy } from "../../engine/index-policy.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { PreparedClauses } from "../../engine/matching/prepare-head.ts";
import type { CompiledRule } from "../../language/compiled-policy.ts";
import type { Place, ThingKind } from "../../language/compiled-value.ts";
import type { TestStep } from "../../language/test-block.ts";
import { listOfMethod } from "../../mcp/lists.ts";
import { allMethods } from "../../mcp/methods.ts";
import { identityText, questionText, targetText } from "../clause-text.ts";
import type { Conversation } from "./conversation.ts";
import { serverOf } from "./send.ts";
import { findThing, review } from "./test-catalogue.ts";
import { tryRules, type TriedPart, type TriedRule } from "../explain/tried-rules.ts";

export interface Coverage {
  /** In file order. */
  readonly rules: readonly RuleCoverage[];
  readonly reached: number;
  /** One for each rule (it matched), one more for each of several targets, two for each clause (it held; it did not), but one for `on` and `from`. */
  readonly goals: number;
  /** 0 to 100, cut down to a whole number: 100 means all. */
  readonly percent: number;
}

export interface RuleCoverage {
  readonly rule: string;
  readonly place: Place;
  readonly reached: number;
  readonly goals: number;
  /** What no test has brought about, in words; empty: nothing is missing. */
  readonly missing: readonly string[];
}

/** What was heard of each rule so far: `RULE matched`, `RULE PART yes`, `RULE PART no`. Filled while tests are played. */
export type Tally = Set<string>;

/** After a step of a test; `conversation` as the step left it. */
export function* tallyStep(tally: Tally, revision: Revision, conversation: Conversation, step: TestStep): Asking<void> {
  switch (step.kind) {
    case "send":
    case "push":
      return yield* tallyMessage(tally, revision, conversation);
    case "reply":
    case "reply-error":
      yield* tallyMessage(tally, revision, conversation);
      return yield* tallyList(tally, revision, conversation);
    case "expect-listing": {
      const server = serverOf(revision, step.server);
      const wanted = { server, thing: step.thing, name: step.name };
      const { thing } = yield* findThing(revision, conversation.lists, conversation, wanted);
      return yield* tallyThing(tally, revision, conversation, { thing, server });
    }
    case "given-principal":
    case "given-now":
    case "given-human":
    case "given-thing":
    case "given-call":
    case "expect-path":
    case "expect-without":
    case "expect-true":
    case "expect-verdict":
    case "expect-tag":
    case "expect-log":
  }
}

export function coverageOf(tally: ReadonlySet<string>, policy: IndexedPolicy): Coverage {
  const rules = policy.policy.rules.map((rule) => ruleCoverage(tally, rule, policy));
  const goals = rules.reduce((sum, rule) => sum + rule.goals, 0);
  const reached = rules.reduce((sum, rule) => sum + rule.reached, 0);
  return { rules, reached, goals, percent: goals === 0 ? 100 : Math.floor((100 * reached) / goals) };
}

function* tallyMessage(tally: Tally, revision: Revision, { outcome }: Conversation): Asking<void> {
  if (!outcome) return;
  const { facts, surroundings, before } = outcome;
  for (const rule of yield* tryRules(revision, { facts, surroundings, content: before })) hear(tally, rule);
}

/** A list that came back: each of its things was looked at. */
function* tallyList(tally: Tally, revision: Revision, conversation: Conversation): Asking<void> {
  const { facts } = conversation.outcome ?? {};
  const list = facts?.kind === "result" ? listOfMethod(facts.method) : undefined;
  const { server } = facts ?? {};
  if (!list || server === undefined) return;
  const reviewed = yield* review(revision, conversation.lists, conversation);
  for (const thing of reviewed.things(server, list.kind))
    yield* tallyThing(tally, revision, conversation, { thing, server });
}

interface Looked {
  readonly thing: ReviewedThing;
  readonly server: string;
}

/** The rules on things were asked of the definition; how they would judge a call nobody has made does not count. */
function* tallyThing(
  tally: Tally,
  revision: Revision,
  conversation: Conversation,
  { thing, server }: Looked,
): Asking<void> {
  const { principal, now } = conversation;
  const kind = thing.kind === "template" ? "resource" : thing.kind;
  const method = CARRIERS[kind];
  const facts: Facts = { kind: "request", method, from: "client", server, name: thing.own, thing: kind, principal };
  const surroundings = { now, request: undefined, thing, tags: [], root: undefined, home: undefined };
  const onThings = new Set(revision.policy.policy.rules.filter(isAboutThings).map(({ id }) => id));
  for (const rule of yield* tryRules(revision, { facts, surroundings, content: {} })) {
    if (onThings.has(rule.rule)) hear(tally, rule);
  }
}

/** A message that carries such a thing, to ask the rules on it. */
const CARRIERS: Readonly<Record<ThingKind, string>> = {
  tool: carrierOf("tool"),
  prompt: carrierOf("prompt"),
  resource: carrierOf("resource"),
};

function carrierOf(kind: ThingKind): string {
  return allMethods().find(({ carries }) => carries[0]?.thing === kind)?.method ?? kind;
}

function isAboutThings({ head }: CompiledRule): boolean {
  return head.targets.some((target) => target.kind === "thing");
}

function hear(tally: Tally, { rule, truth, parts }: TriedRule): void {
  if (parts.length === 0) return;
  tally.add(rule);
  if (truth !== "no") tally.add(`${rule} matched`);
  for (const part of parts) tally.add(`${rule} ${keyOf(part)} ${part.truth === "yes" ? "yes" : "no"}`);
}

function ruleCoverage(tally: ReadonlySet<string>, rule: CompiledRule, policy: IndexedPolicy): RuleCoverage {
  const { id, place } = rule;
  const parts = partsOf(rule, policy);
  const goals = [
    { key: `${id} matched`, said: "it never matched" },
    ...parts.flatMap((part) => goalsOf(id, part, parts)),
  ];
  const open = goals.filter(({ key }) => !tally.has(key));
  const missing = tally.has(id) ? open.map(({ said }) => said) : ["no test reaches it"];
  return { rule: id, place, reached: goals.length - open.length, goals: goals.length, missing };
}

type Part = Pick<TriedPart, "kind" | "group" | "text">;

function partsOf(rule: CompiledRule, { heads, exceptions }: IndexedPolicy): readonly Part[] {
  const head = heads[rule.order];
  const excepts = head?.excepts ?? [];
  return [
    ...rule.head.targets.map((target): Part => ({ kind: "target", text: targetText(target) })),
    ...(head ? clausesOf(head.clauses).map((text): Part => ({ kind: "clause", text })) : []),
    ...excepts.flatMap((except, group) => clausesOf(except).map((text): Part => ({ kind: "except", group, text }))),
    ...(exceptions.get(rule.id) ?? []).map(({ exception }): Part => ({ kind: "exception", text: exception.id })),
  ];
}

function clausesOf({ identity, questions }: PreparedClauses): readonly string[] {
  return [...identity.map(identityText), ...questions.map(questionText)];
}

function keyOf({ kind, group = 0, text }: Part): string {
  return `${kind} ${group} ${text}`;
}

/** `on` and `from` say where a rule is at home: a test of every other place would prove little. */
const NOT_TO_FAIL = /^(?:on|from) /;

interface Goal {
  readonly key: string;
  /** What to say when it is not reached. */
  readonly said: string;
}

function goalsOf(id: string, part: Part, all: readonly Part[]): readonly Goal[] {
  const key = `${id} ${keyOf(part)}`;
  const held = { key: `${key} yes`, said: `\`${words(part)}\` never held` };
  const failed = { key: `${key} no`, said: `\`${words(part)}\` never failed to hold` };
  switch (part.kind) {
    case "target":
      return all.filter(({ kind }) => kind === "target").length > 1 ? [held] : [];
    case "clause":
    case "except":
      return NOT_TO_FAIL.test(part.text) ? [held] : [held, failed];
    case "exception":
      return [held];
  }
}

function words({ kind, text }: Part): string {
  return kind === "except" || kind === "exception" ? `${kind} ${text}` : text;
}
