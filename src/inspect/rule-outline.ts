// How a rule is carried out: by what it is found, what it looks at and changes, and where its expressions are evaluated.
import { keysOf, type RuleKey } from "../engine/matching/rule-buckets.ts";
import type { Expression } from "../expression/jsonata/expression.ts";
import type {
  CompiledClause,
  CompiledObservation,
  CompiledPolicy,
  CompiledRule,
  CompiledTransform,
  CompiledValue,
  CompiledVerdict,
  Sharer,
  Template,
} from "../language/compiled-policy.ts";
import type { Place } from "../language/compiled-value.ts";
import { targetText } from "./clause-text.ts";

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

interface Parts {
  readonly reads?: readonly string[];
  readonly writes?: readonly string[];
  readonly expressions?: readonly Expression[];
}

const EVERYTHING = "any text of the body";

function partsOfClause(clause: CompiledClause): Parts {
  switch (clause.kind) {
    case "on":
    case "from":
      return {};
    case "for":
      return { reads: [PRINCIPALS[clause.principal]] };
    case "with": {
      const values = clause.all.map(({ test }) => (test.kind === "compares" ? partsOfValue(test.value) : {}));
      return {
        reads: [...clause.all.flatMap(({ anyOf }) => anyOf.map(({ text }) => text)), ...all(values, "reads")],
        expressions: values.flatMap(({ expressions = [] }) => expressions),
      };
    }
    case "without":
      return { reads: [clause.path.text] };
    case "containing":
      return { reads: [EVERYTHING] };
    case "where":
      return { expressions: [clause.expression] };
  }
}

const PRINCIPALS = { client: "client.name", user: "user.id", group: "user.groups", profile: "the profile" } as const;

function partsOfTransform(transform: CompiledTransform): Parts {
  switch (transform.kind) {
    case "rename":
      return { writes: ["the name that clients see"] };
    case "supply":
    case "set":
    case "add": {
      const value = partsOfValue(transform.value);
      return { ...value, writes: [transform.path.text] };
    }
    case "rewrite":
      return { reads: [transform.path.text], writes: [transform.path.text], expressions: [transform.expression] };
    case "remove":
      return { writes: transform.paths.map(({ text }) => text) };
    case "redact": {
      const where = transform.path?.text ?? EVERYTHING;
      return { reads: [where], writes: [where] };
    }
    case "translate": {
      const where = transform.paths?.map(({ text }) => text) ?? ["what is for people to read"];
      return { reads: where, writes: where };
    }
    case "call":
      return { reads: [EVERYTHING], writes: [EVERYTHING] };
  }
}

function partsOfValue(value: CompiledValue): Parts {
  switch (value.kind) {
    case "literal":
      return {};
    case "path":
      return { reads: [value.path.text] };
    case "expression":
      return { expressions: [value.expression] };
  }
}

function partsOfVerdict(verdict: CompiledVerdict): Parts {
  switch (verdict.kind) {
    case "allow":
      return {};
    case "block":
      return { reads: verdict.reason ? fieldsIn(verdict.reason) : [] };
    case "ask":
      return { reads: verdict.text ? fieldsIn(verdict.text) : [] };
    case "answer":
      return partsOfValue(verdict.value);
    case "limit": {
      const { of, by, otherwise } = verdict;
      const parts = [otherwise ? partsOfVerdict(otherwise) : {}, partsOfSharer(by)];
      const expressions = parts.flatMap((part) => part.expressions ?? []);
      return { reads: [...all(parts, "reads"), ...(of ? [of.text] : [])], expressions };
    }
  }
}

function needsOfTransform(transform: CompiledTransform): readonly string[] {
  if (transform.kind === "call") return [`module ${transform.module}`];
  if (transform.kind !== "translate") return [];
  return [transform.using === undefined ? "translations" : `translator ${transform.using}`];
}

function needsOfVerdict(verdict: CompiledVerdict): readonly string[] {
  if (verdict.kind === "ask") return [verdict.via === undefined ? "a human" : `a human by ${verdict.via}`];
  if (verdict.kind !== "limit") return [];
  return ["a counter", ...(verdict.otherwise ? needsOfVerdict(verdict.otherwise) : [])];
}

/** Without `by` it is the user, or the session. */
function partsOfSharer(by: Sharer | undefined): Parts {
  if (!by) return {};
  return by.kind === "principal" ? { reads: [PRINCIPALS[by.principal]] } : { expressions: [by.expression] };
}

function partsOfObservation(observation: CompiledObservation): Parts {
  if (observation.kind === "tag") return partsOfSharer(observation.lasting?.by);
  const { text } = observation;
  if (!text) return {};
  return text.kind === "template" ? { reads: fieldsIn(text.template) } : { expressions: [text.expression] };
}

function fieldsIn(template: Template): readonly string[] {
  return template.flatMap((piece) => (piece.kind === "field" ? [piece.path.text] : []));
}

/** Members of the context it starts from, and what is bound besides. */
function readsOf({ reads, variables }: Expression): readonly string[] {
  return [...(reads ?? ["all that `$` is"]), ...variables.map((name) => `$${name}`)];
}

function expressionOutline({ source, packaged }: Expression): ExpressionOutline {
  return packaged === undefined ? { source, runs: "compiled" } : { source, runs: "packaged", because: packaged };
}

function all(parts: readonly Parts[], of: "reads" | "writes"): readonly string[] {
  return parts.flatMap((part) => part[of] ?? []);
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
