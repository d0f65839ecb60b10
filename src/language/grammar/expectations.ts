// What the grammar would have taken in a place, in words: "a clause, `except` or an action".
import type { Expectation } from "./parser.ts";
import {
  ACTION_WORDS,
  CLAUSE_WORDS,
  ITEM_WORDS,
  KEYWORDS,
  LEVEL_WORDS,
  PLACE_WORDS,
  STEP_WORDS,
  TARGET_WORDS,
} from "../words.ts";

export type Group = "target" | "clause" | "action" | "item" | "step" | "pattern" | "value" | "word";

/** Which of the large sets a kind of token belongs to where it is expected; `word` for all others. */
export function groupOf({ type, rules }: Expectation): Group {
  const rule = rules.at(-1) ?? "";
  const word = type.toLowerCase();
  if (rules.includes("pat")) return "pattern";
  if (rules.includes("value")) return "value";
  if (rules.includes("target") && (STARTS.target.has(word) || type === "METHOD") && rule !== "pat") return "target";
  if (STARTS.clause.has(word) && (rule.endsWith("Clause") || rule === "exceptGroup")) return "clause";
  if (STARTS.action.has(word) && rules.includes("action") && (rule === word || rule === "verdict")) return "action";
  if (STARTS.step.has(word) && rules.includes("step") && STEP_RULES.has(rule)) return "step";
  return (STARTS.item.has(word) && ITEM_RULES.has(rule)) || type === "ANNOTATION" ? "item" : "word";
}

/** The keywords among them, as one writes them. */
export function wordsOf(expected: readonly Expectation[]): readonly string[] {
  const words = expected.flatMap(({ type }) => (type === "LEVEL" ? [...LEVEL_WORDS, "error"] : [type.toLowerCase()]));
  return [...new Set(words)].filter((word) => WORDS.has(word));
}

/** Whether it starts a clause, an action, a step or an item. */
export function startsLine(expectation: Expectation): boolean {
  return STARTERS.has(groupOf(expectation));
}

/** Nothing that starts a line of its own is among them: what stands before calls for more. */
export function callsForMore(expected: readonly Expectation[]): boolean {
  return expected.length > 0 && !expected.some(startsLine);
}

/** As a list of alternatives. Empty: nothing at all may follow. */
export function phraseOf(expected: readonly Expectation[]): string {
  const groups = new Set(expected.map(groupOf));
  const words = new Set(expected.filter((one) => groupOf(one) === "word").map(({ type }) => nounOf(type)));
  const large = LARGE.filter(([group]) => groups.has(group)).map(([, noun]) => noun);
  return listed([...words, ...large]);
}

const STARTS = {
  target: setOf(TARGET_WORDS, ["reply"]),
  clause: setOf(CLAUSE_WORDS),
  action: setOf(ACTION_WORDS),
  step: setOf(STEP_WORDS),
  item: setOf(ITEM_WORDS),
};
const STARTERS: ReadonlySet<Group> = new Set(["clause", "action", "item", "step"]);
const STEP_RULES = setOf(["given", "send", "replyStep", "expect"]);
const ITEM_RULES = setOf(["let", "default", "rule", "exception", "testItem"]);
const WORDS = setOf(KEYWORDS, PLACE_WORDS);

const LARGE: readonly (readonly [Group, string])[] = [
  ["pattern", "a pattern"],
  ["value", "a value"],
  ["target", "a target such as `tool *`, `tools/call *` or `message`"],
  ["clause", "a clause"],
  ["action", "an action"],
  ["step", "a step"],
  ["item", "an item"],
];

const NOUNS: Readonly<Record<string, string>> = {
  PATH: "a field",
  EPATH: "a field",
  VPATH: "a field",
  ID: "an id in kebab-case",
  NAME: "a name in snake_case",
  WORD: "a name",
  STRING: "a text in quotes",
  EXPR: "an expression in round brackets",
  JSON: "JSON",
  NUMBER: "a number",
  INT: "a number",
  DURATION: "a duration such as `5m`",
  PERCENT: "a percentage such as `5%`",
  METHOD: "a method such as `tools/call`",
  LEVEL: "a level (`trace`, `debug`, `info`, `warn`, `error`)",
  COMPARE: "a comparison",
  EQUALS: "`=`",
  COMMA: "`,`",
  BAR: "`|`",
};

function nounOf(type: string): string {
  return NOUNS[type] ?? `\`${type.toLowerCase()}\``;
}

function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}

function setOf(...lists: readonly (readonly string[])[]): ReadonlySet<string> {
  return new Set(lists.flat());
}
