// Whether an `expect` holds of the message where it now stands, and if not, what is there instead.
import type { Asking } from "../../engine/decision.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { callFacts } from "../../engine/matching/call-facts.ts";
import { compareValues } from "../../expression/compare.ts";
import type { Path } from "../../expression/path.ts";
import type { Truth } from "../../expression/truth.ts";
import { truthOf } from "../../expression/where.ts";
import type { ConditionTest } from "../../language/compiled-value.ts";
import type { TestStep } from "../../language/test-block.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { differences, type Difference } from "../diff/json-diff.ts";
import type { Conversation } from "./conversation.ts";
import { hiddenBecause } from "../explain/hidden-because.ts";
import { nearRules } from "../explain/near-rules.ts";
import { serverOf } from "./send.ts";
import { findThing } from "./test-catalogue.ts";
import { evaluate, valueOf, valuesIn } from "./test-value.ts";

export type Expectation = Extract<TestStep, { readonly kind: `expect-${string}` }>;

/** What does not hold. */
export interface Unmet {
  readonly expected: string;
  readonly got: string;
  readonly differences?: readonly Difference[];
  /** Rules that hardly miss what was asked for. */
  readonly near?: readonly string[];
}

export function* check(revision: Revision, conversation: Conversation, step: Expectation): Asking<Unmet | undefined> {
  switch (step.kind) {
    case "expect-listing":
      return yield* checkListing(revision, conversation, step);
    case "expect-path":
      return yield* checkPath(revision, conversation, step);
    case "expect-true":
      return yield* checkTrue(revision, conversation, step);
    case "expect-without":
      return checkWithout(conversation, step);
    case "expect-verdict":
      return checkVerdict(revision, conversation, step);
    case "expect-tag":
      return checkTag(conversation, step.name);
    case "expect-log":
      return checkLog(conversation, step.sink);
  }
}

type Step<K extends Expectation["kind"]> = Extract<Expectation, { readonly kind: K }>;

function* checkListing(
  revision: Revision,
  conversation: Conversation,
  step: Step<"expect-listing">,
): Asking<Unmet | undefined> {
  const server = serverOf(revision, step.server);
  const wanted = { server, thing: step.thing, name: step.name };
  const { thing, reviewed } = yield* findThing(revision, conversation.lists, conversation, wanted);
  if (thing.listed === step.listed) return undefined;
  const what = `${step.thing} ${step.name} on ${server}`;
  const outcome = reviewed.outcomes(server, thing.kind).find(({ own }) => own === thing.own);
  const how =
    outcome && !thing.listed ? yield* hiddenBecause(revision, { server, thing }, conversation, outcome.record) : "";
  const facts = callFacts({ server, kind: thing.kind, own: thing.own }, conversation.principal);
  return {
    expected: `${step.listed ? "listed" : "hidden"} ${what}`,
    got: thing.listed ? "it is listed" : `it is hidden${how}`,
    near: nearRules(revision, facts, undefined),
  };
}

function* checkPath(
  revision: Revision,
  conversation: Conversation,
  { path, test }: Step<"expect-path">,
): Asking<Unmet | undefined> {
  const values = valuesIn(conversation, path);
  const value = values.length > 1 ? values : values[0];
  const absent = (): string => absenceOf(conversation, path);
  switch (test.kind) {
    case "present":
      return values.length > 0
        ? undefined
        : { expected: `${path.text} to be present`, got: absenceOf(conversation, path) };
    case "matches": {
      const truth = test.pattern.matches(value, {});
      return unmet(truth, `${path.text} to match ${test.pattern.text}`, value, absent);
    }
    case "compares": {
      const other = yield* valueOf(revision, conversation, test.value);
      const expected = compared(path.text, test, other);
      const found = unmet(compareValues(value, test.comparison, other), expected, value, absent);
      return found && test.comparison === "=" ? { ...found, differences: differences(other, value) } : found;
    }
  }
}

function compared(
  path: string,
  test: Extract<ConditionTest, { readonly kind: "compares" }>,
  other: JsonValue | undefined,
): string {
  return `${path} ${test.comparison} ${written(other)}`;
}

/** Doubt is not good enough for an expectation. */
function unmet(truth: Truth, expected: string, value: JsonValue | undefined, absent: () => string): Unmet | undefined {
  if (truth === "yes") return undefined;
  const doubt = truth === "doubt" ? ", which cannot be compared (in doubt)" : "";
  return { expected, got: value === undefined ? absent() : `${written(value)}${doubt}` };
}

/** Who looks into a part that did not come sees what came. */
function absenceOf({ outcome }: Conversation, path: Path): string {
  const [first] = path.steps;
  const root = path.absolute && first?.kind === "member" ? first.key : "";
  const shown = outcome?.shown;
  if (shown === undefined || !PARTS.has(root) || Object.hasOwn(shown, root)) return "it is absent";
  const hint = root === "error" && "result" in shown ? ", where a tool's reason is `result.content[0].text`" : "";
  return Object.keys(shown).length === 0 ? "it is absent" : `it is absent${hint}: what came is ${written(shown)}`;
}

const PARTS: ReadonlySet<string> = new Set(["params", "result", "error"]);

function* checkTrue(
  revision: Revision,
  conversation: Conversation,
  { expression }: Step<"expect-true">,
): Asking<Unmet | undefined> {
  const answer = yield* evaluate(revision, conversation, expression);
  if (truthOf(answer) === "yes") return undefined;
  const got = answer.kind === "failed" ? `it failed: ${answer.reason}` : written(answer.value);
  return { expected: `${expression.source} to be true`, got };
}

function checkWithout(conversation: Conversation, { path }: Step<"expect-without">): Unmet | undefined {
  const [value] = valuesIn(conversation, path);
  return value === undefined ? undefined : { expected: `no ${path.text}`, got: written(value) };
}

function checkVerdict(
  revision: Revision,
  { outcome }: Conversation,
  { verdict, by }: Step<"expect-verdict">,
): Unmet | undefined {
  const expected = by === undefined ? verdict : `${verdict} by ${by}`;
  if (!outcome) return { expected, got: "no message yet" };
  const { decision, facts } = outcome;
  if (decision.verdict === verdict && (by === undefined || by === decision.rule)) return undefined;
  const { verdict: said, rule, record } = decision;
  const near = nearRules(revision, facts, by);
  if (rule !== undefined) return { expected, got: `${said} by ${rule}`, near };
  return { expected, got: record.kind === "catalogue" ? `${said}: ${NO_JUDGE_OF_LISTS}` : said, near };
}

const NO_JUDGE_OF_LISTS = "no rule and no default decides on a list, but on each thing in it (`expect hidden tool x`)";

function checkTag({ outcome }: Conversation, name: string): Unmet | undefined {
  const tags = [...(outcome?.surroundings.tags ?? []), ...(outcome?.decision.tags ?? [])];
  if (tags.includes(name)) return undefined;
  return { expected: `the tag ${name}`, got: tags.length === 0 ? "no tags" : `tags ${tags.join(", ")}` };
}

function checkLog({ outcome }: Conversation, sink: string): Unmet | undefined {
  const sinks = (outcome?.decision.logs ?? []).map((line) => line.sink ?? "main");
  if (sinks.includes(sink)) return undefined;
  return { expected: `a line to ${sink}`, got: sinks.length === 0 ? "no line" : `lines to ${sinks.join(", ")}` };
}

function written(value: JsonValue | undefined): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
