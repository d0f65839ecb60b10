// Of many rules that ask the same value for patterns, those a message has to be put to: one pass over the text finds them.
import type { Path } from "../../expression/path.ts";
import { SHORTEST_WORD, wordSieve, type WordSieve } from "../../expression/masking/word-sieve.ts";
import type { IndexedPolicy } from "../index-policy.ts";
import type { Question } from "./prepare-head.ts";
import type { Scene } from "../scene.ts";
import type { RuleSieve, SelectedRule } from "./selection.ts";

/** Rules that ask the same value for patterns. */
export interface SievedGroup {
  readonly path: Path;
  readonly rules: readonly SelectedRule[];
  readonly sieve: WordSieve;
}

export function sievedGroups(policy: IndexedPolicy, rules: readonly SelectedRule[]): readonly SievedGroup[] {
  const byPath = new Map<string, Sieved[]>();
  for (const sieved of rules.flatMap(sievedRule)) {
    const alike = byPath.get(sieved.path.text);
    if (alike) alike.push(sieved);
    else byPath.set(sieved.path.text, [sieved]);
  }
  return [...byPath.values()].flatMap((alike) => groupOf(policy, alike));
}

/** Those that are in no group: every message is put to them. */
export function notSieved(rules: readonly SelectedRule[], groups: readonly SievedGroup[]): readonly SelectedRule[] {
  const inGroups = new Set(groups.flatMap((group) => group.rules));
  return rules.filter((rule) => !inGroups.has(rule));
}

/** `undefined`: too few rules have enough in common. */
export function ruleSieve(rules: readonly SelectedRule[], groups: readonly SievedGroup[]): RuleSieve | undefined {
  const worthwhile = groups.filter((group) => group.rules.length >= FEWEST_RULES);
  if (worthwhile.length === 0) return undefined;
  const always = notSieved(rules, worthwhile);
  return (scene) => {
    const found = worthwhile.flatMap((group) => left(group, scene));
    return found.length === 0 ? always : [...always, ...found].toSorted(inFileOrder);
  };
}

const SIEVES = new WeakMap<IndexedPolicy, Map<string, WordSieve>>();
/** When so many were made, the next ones are made anew. */
const MOST_SIEVES = 1024;

/** One rule is in many selections: those in which it stands among the same others share a sieve. */
export function sieveOf(policy: IndexedPolicy, words: readonly (readonly string[])[]): WordSieve {
  let sieves = SIEVES.get(policy);
  if (sieves === undefined || sieves.size >= MOST_SIEVES) {
    sieves = new Map();
    SIEVES.set(policy, sieves);
  }
  const key = JSON.stringify(words);
  const sieve = sieves.get(key) ?? wordSieve(words);
  sieves.set(key, sieve);
  return sieve;
}

/** For fewer, asking each costs no more. */
const FEWEST_RULES = 8;

/** What one rule asks that can be told from a text alone: without one of the words in it, the answer is no. */
interface Sieved {
  readonly rule: SelectedRule;
  readonly path: Path;
  readonly words: readonly string[];
}

function groupOf(policy: IndexedPolicy, alike: readonly Sieved[]): readonly SievedGroup[] {
  const [first] = alike;
  if (!first) return [];
  const sieve = sieveOf(
    policy,
    alike.map(({ words }) => words),
  );
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

/** What is no single text, whichever way it is read, is for each rule to judge. */
function left({ path, rules, sieve }: SievedGroup, scene: Scene): readonly SelectedRule[] {
  const values = scene.values("body", path);
  const [value] = values;
  if (values.length !== 1 || typeof value !== "string") return rules;
  if (scene.otherReading && scene.otherReading.values("body", path)[0] !== value) return rules;
  return sieve.owners(value).flatMap((index) => rules[index] ?? []);
}

function inFileOrder(one: SelectedRule, other: SelectedRule): number {
  return one.rule.order - other.rule.order;
}
