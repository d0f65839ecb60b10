// Which rules may concern a message, found by its method, server and name: a few look-ups, however many rules there are.
import type { Pattern } from "../../expression/pattern.ts";
import type { CompiledHead, CompiledRule, CompiledTarget } from "../../language/compiled-policy.ts";
import type { Facts } from "../facts.ts";
import { thingsCarried } from "./identity-truth.ts";

export interface RuleBuckets {
  /** In file order, each once. Every rule that can match is among them. */
  candidates(facts: Facts): readonly CompiledRule[];
}

export function fillBuckets(rules: readonly CompiledRule[]): RuleBuckets {
  const buckets = new Map<string, CompiledRule[]>();
  const prefixLengths = new Set<number>();
  for (const rule of rules) {
    for (const length of rule.head.targets.flatMap(beginningLengths)) prefixLengths.add(length);
    for (const key of keysOfRule(rule.head)) {
      const bucket = buckets.get(key);
      if (bucket) bucket.push(rule);
      else buckets.set(key, [rule]);
    }
  }
  return { candidates: (facts) => lookUp(buckets, prefixLengths, facts) };
}

/** By what a rule is found: `*` stands for any; a name is `=whole` or `^beginning`. */
export interface RuleKey {
  readonly method: string;
  readonly server: string;
  readonly name: string;
}

export function keysOf(head: CompiledHead): readonly RuleKey[] {
  return [...keysOfRule(head)].map((key) => {
    const [method = ANY, server = ANY, name = ANY] = key.split("\n");
    return { method: method.replace(/^@/, ""), server, name };
  });
}

/** Whether a pattern can match by being equal only, or by how the text begins: such words hold no path and no `*` else. */
const WORD = /^[\w.-]+$/;
const METHOD_WORD = /^[\w/$.-]+$/;
const BEGINNING = /^([\w.-]+)\*{1,2}$/;

const ANY = "*";

function lookUp(
  buckets: ReadonlyMap<string, readonly CompiledRule[]>,
  prefixLengths: ReadonlySet<number>,
  facts: Facts,
): readonly CompiledRule[] {
  const methods = [ANY, facts.method, ...thingsCarried(facts).map(methodOfThing)];
  const servers = facts.server === undefined ? [ANY] : [ANY, facts.server];
  const names = namesOf(facts.name, prefixLengths);
  const found = methods.flatMap((method) =>
    servers.flatMap((server) => names.flatMap((name) => buckets.get(keyOf(method, server, name)) ?? [])),
  );
  return [...new Set(found)].toSorted((one, other) => one.order - other.order);
}

function namesOf(name: string | undefined, prefixLengths: ReadonlySet<number>): readonly string[] {
  if (name === undefined) return [ANY];
  const beginnings = [...prefixLengths].filter((length) => length <= name.length);
  return [ANY, `=${name}`, ...beginnings.map((length) => `^${name.slice(0, length)}`)];
}

function keysOfRule(head: CompiledHead): ReadonlySet<string> {
  const servers = serversOf(head);
  return new Set(
    head.targets.flatMap((target) =>
      methodsOf(target).flatMap((method) =>
        servers.flatMap((server) => nameKeysOf(target).map((name) => keyOf(method, server, name))),
      ),
    ),
  );
}

function serversOf(head: CompiledHead): readonly string[] {
  const on = head.clauses.find((clause) => clause.kind === "on");
  return on ? (wordsOf(on.server, WORD) ?? [ANY]) : [ANY];
}

function methodsOf(target: CompiledTarget): readonly string[] {
  switch (target.kind) {
    case "any":
      return [ANY];
    case "thing":
      return [methodOfThing(target.thing)];
    case "method":
      return wordsOf(target.method, METHOD_WORD) ?? [ANY];
  }
}

function beginningLengths(target: CompiledTarget): readonly number[] {
  return nameKeysOf(target).flatMap((key) => (key.startsWith("^") ? [key.length - 1] : []));
}

/** A URI has several readings, so only the names of tools and prompts are looked up. */
function nameKeysOf(target: CompiledTarget): readonly string[] {
  if (target.kind === "any" || !target.name || !carriesPlainName(target)) return [ANY];
  const keys = target.name.parts.map((part) => (part.kind === "glob" ? nameKeyOf(part.text) : ANY));
  return keys.includes(ANY) ? [ANY] : keys;
}

function carriesPlainName(target: Exclude<CompiledTarget, { kind: "any" }>): boolean {
  if (target.kind === "thing") return target.thing !== "resource";
  return wordsOf(target.method, METHOD_WORD)?.every(isPlain) ?? false;
}

function isPlain(method: string): boolean {
  return method === "tools/call" || method === "prompts/get";
}

function nameKeyOf(glob: string): string {
  if (WORD.test(glob)) return `=${glob}`;
  const beginning = BEGINNING.exec(glob)?.[1];
  return beginning === undefined ? ANY : `^${beginning}`;
}

/** The texts a pattern is equal to, if it is nothing but such texts. */
function wordsOf(pattern: Pattern, word: RegExp): readonly string[] | undefined {
  const words: string[] = [];
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || !word.test(part.text)) return undefined;
    words.push(part.text);
  }
  return words;
}

/** No method of MCP begins so. */
function methodOfThing(thing: string): string {
  return `@${thing}`;
}

function keyOf(method: string, server: string, name: string): string {
  return `${method}\n${server}\n${name}`;
}
