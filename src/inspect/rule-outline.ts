// How a rule is carried out: by what it is found, what it looks at and changes, and where its expressions are evaluated.
import { keysOf, type RuleKey } from "../engine/matching/rule-buckets.ts";
import type { Expression } from "../expression/jsonata/expression.ts";
import type { CompiledPolicy, CompiledRule } from "../language/compiled-policy.ts";
import type { Place } from "../language/compiled-value.ts";
import { targetText } from "./clause-text.ts";
import {
  needsOfTransform,
  needsOfVerdict,
  partsOfClause,
  partsOfObservation,
  partsOfTransform,
  partsOfVerdict,
} from "./rule-parts.ts";

export interface PolicyOutline {
  /** In file order. */
  readonly rules: readonly RuleOutline[];
  /** Of each target that several rules change: these, in the order in which they do. */
  readonly order: readonly TransformOrder[];
}

export interface RuleOutline {
  readonly rule: string;
  readonly place: Place;
  readonly stage: string;
  readonly found: readonly RuleKey[];
  /** Paths, and words for what is no path: `any text of the body`. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Of the world outside: `a human by queue`, `module dlp`, `a counter`. */
  readonly needs: readonly string[];
  readonly expressions: readonly ExpressionOutline[];
}

export interface ExpressionOutline {
  readonly source: string;
  /** In this process, or in the JSONata package behind a worker that can be ended. */
  readonly runs: "compiled" | "packaged";
  /** The construct for which it is not compiled. */
  readonly because?: string;
}

export interface TransformOrder {
  readonly target: string;
  readonly rules: readonly string[];
}

export function outlineOf({ rules, bindings }: CompiledPolicy): PolicyOutline {
  const fixed = new Set(Object.keys(bindings).map((name) => `$${name}`));
  return { rules: rules.map((rule) => ruleOutline(rule, fixed)), order: ordersOf(rules) };
}

/** `fixed`: values that are the same for every message. */
function ruleOutline(rule: CompiledRule, fixed: ReadonlySet<string>): RuleOutline {
  const { id, place, stage, head, transforms, verdicts, observations, cache } = rule;
  const clauses = [...head.clauses, ...head.excepts.flat()];
  const parts = [
    ...clauses.map(partsOfClause),
    ...transforms.map(partsOfTransform),
    ...verdicts.map(partsOfVerdict),
    ...observations.map(partsOfObservation),
    ...(cache?.by ? [{ expressions: [cache.by] }] : []),
  ];
  return {
    rule: id,
    place,
    stage: stage.kind,
    found: keysOf(head),
    reads: each(
      parts
        .flatMap(({ reads = [], expressions = [] }) => [...reads, ...expressions.flatMap(readsOf)])
        .filter((word) => !fixed.has(word)),
    ),
    writes: each(parts.flatMap(({ writes = [] }) => writes)),
    needs: each([
      ...transforms.flatMap(needsOfTransform),
      ...verdicts.flatMap(needsOfVerdict),
      ...(observations.some((one) => one.kind === "tag" && one.lasting) ? ["tags that last"] : []),
      ...(cache ? ["kept answers"] : []),
    ]),
    expressions: parts.flatMap(({ expressions = [] }) => expressions.map(expressionOutline)),
  };
}

/** Members of the context it starts from, and what is bound besides. */
function readsOf({ reads, variables }: Expression): readonly string[] {
  return [...(reads ?? ["all that `$` is"]), ...variables.map((name) => `$${name}`)];
}

function expressionOutline({ source, packaged }: Expression): ExpressionOutline {
  return packaged === undefined ? { source, runs: "compiled" } : { source, runs: "packaged", because: packaged };
}

function each(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}

function ordersOf(rules: readonly CompiledRule[]): readonly TransformOrder[] {
  const byTarget = new Map<string, string[]>();
  for (const { id, head, transforms } of rules) {
    if (transforms.every(({ kind }) => kind === "rename" || kind === "supply")) continue;
    for (const target of new Set(head.targets.map(targetText))) {
      const known = byTarget.get(target);
      if (known === undefined) byTarget.set(target, [id]);
      else known.push(id);
    }
  }
  return [...byTarget].flatMap(([target, changing]) => (changing.length > 1 ? [{ target, rules: changing }] : []));
}
