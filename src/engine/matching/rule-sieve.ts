// Of many rules that ask the same value for patterns, those a message has to be put to: one pass over the text finds them.
import type { Path } from "../../expression/path.ts";
import { SHORTEST_WORD, wordSieve, type WordSieve } from "../../expression/masking/word-sieve.ts";
import type { Question } from "./prepare-head.ts";
import type { Scene } from "../scene.ts";
import type { RuleSieve, SelectedRule } from "./selection.ts";

/** `undefined`: too few rules have enough in common. */
export function ruleSieve(rules: readonly SelectedRule[]): RuleSieve | undefined {
  const groups = groupsOf(rules);
  if (groups.length === 0) return undefined;
  const inGroups = new Set(groups.flatMap((group) => group.rules));
  const always = rules.filter((rule) => !inGroups.has(rule));
  return (scene) => {
    const found = groups.flatMap((group) => left(group, scene));
    return found.length === 0 ? always : [...always, ...found].toSorted(inFileOrder);
  };
}

/** For fewer, asking each costs no more. */
const FEWEST_RULES = 8;

interface Group {
  readonly path: Path;
  readonly rules: readonly SelectedRule[];
  readonly sieve: WordSieve;
}

/** What one rule asks that can be told from a text alone: without one of the words in it, the answer is no. */
interface Sieved {
  readonly rule: SelectedRule;
  readonly path: Path;
  readonly words: readonly string[];
}

function groupsOf(rules: readonly SelectedRule[]): readonly Group[] {
  const byPath = new Map<string, Sieved[]>();
  for (const sieved of rules.flatMap(sievedRule)) {
    const alike = byPath.get(sieved.path.text);
    if (alike) alike.push(sieved);
    else byPath.set(sieved.path.text, [sieved]);
  }
  return [...byPath.values()].flatMap(groupOf);
}

function groupOf(alike: readonly Sieved[]): readonly Group[] {
  const [first] = alike;
  if (!first || alike.length < FEWEST_RULES) return [];
  const sieve = wordSieve(alike.map(({ words }) => words));
  return [{ path: first.path, rules: alike.map(({ rule }) => rule), sieve }];
}

function sievedRule(rule: SelectedRule): readonly Sieved[] {
  const [way] = rule.match.ways;
  if (!way || rule.match.ways.length > 1 || way.home !== "body") return [];
  const [question] = way.questions.flatMap(sievedQuestion);
  return question ? [{ rule, ...question }] : [];
}

function sievedQuestion(question: Question): readonly Omit<Sieved, "rule">[] {
  if (question.kind !== "condition" || question.condition.test.kind !== "matches") return [];
  const { anyOf, test } = question.condition;
  const [path] = anyOf;
  const { words } = test.pattern;
  if (!path || anyOf.length > 1 || !words?.every((word) => word.length >= SHORTEST_WORD)) return [];
  return [{ path, words }];
}

/** What is no single text is for each rule to judge. */
function left({ path, rules, sieve }: Group, scene: Scene): readonly SelectedRule[] {
  const values = scene.values("body", path);
  const [value] = values;
  if (values.length !== 1 || typeof value !== "string") return rules;
  return sieve(value).flatMap((index) => rules[index] ?? []);
}

function inFileOrder(one: SelectedRule, other: SelectedRule): number {
  return one.rule.order - other.rule.order;
}
