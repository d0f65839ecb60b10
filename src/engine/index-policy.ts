// A policy made ready for messages: its rules found by method, server and name, and what holds for all of it at once.
import type { Pattern } from "../expression/pattern.ts";
import type {
  CompiledDefault,
  CompiledException,
  CompiledPolicy,
  CompiledRule,
  CompiledTarget,
} from "../language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { lastingWriters, type LastingWriter } from "./gates/lasting-writers.ts";
import type { ListAnswers } from "./modules/list-answers.ts";
import { prepareHead, type PreparedHead } from "./matching/prepare-head.ts";
import { fillBuckets, type RuleBuckets } from "./matching/rule-buckets.ts";

/**
 * Whether a value fits a JSON Schema (2020-12 unless it says otherwise); if not, what is wrong, for a model to read:
 * `limit must be <= 50`. A schema it cannot judge is a misfit too. Never fetches a `$ref`.
 */
export type Admits = (schema: JsonObject, value: JsonValue) => string | undefined;

/** What the engine needs and no package of its own gives. */
export interface PolicyTools {
  /** Without it, calls whose arguments have to fit a changed schema are refused. */
  readonly admits?: Admits | undefined;
  /** So that keys under which others keep something tell nothing; without it they are what they stand for. */
  readonly digest?: ((text: string) => string) | undefined;
}

export interface IndexedPolicy {
  readonly policy: CompiledPolicy;
  readonly tools: PolicyTools;
  readonly buckets: RuleBuckets;
  /** By the order of its rule. */
  readonly heads: readonly PreparedHead[];
  /** By the id of a rule that it takes out. */
  readonly exceptions: ReadonlyMap<string, readonly PreparedException[]>;
  readonly bareDefault: CompiledDefault;
  readonly defaults: readonly PreparedDefault[];
  /** Every `redact` of the policy, in shadow or not, for what leaves by other ways than messages. */
  readonly maskings: readonly Masking[];
  /** Some rule or default refuses resources: then those that come inside results are looked at too. */
  readonly judgesResources: boolean;
  /** Who writes tags that outlive their call. */
  readonly lasting: readonly LastingWriter[];
  /** What modules said of lists. It changes. */
  readonly listAnswers: ListAnswers;
  /** By order of the rule: how much of its next log line is due, in percent. It changes. */
  readonly logShares: Map<number, number>;
  /** Expressions that were stopped, since they ran out of steps, time or memory. It changes. */
  readonly overruns: Count;
}

/** A count, which goes up. */
export interface Count {
  count: number;
}

export interface Masking {
  readonly pattern: Pattern;
  readonly as: string;
}

export interface PreparedException {
  readonly exception: CompiledException;
  readonly head: PreparedHead;
}

export interface PreparedDefault {
  readonly verdict: CompiledDefault["verdict"];
  readonly reason: string | undefined;
  readonly place: CompiledDefault["place"];
  readonly head: PreparedHead;
}

export function indexPolicy(policy: CompiledPolicy, tools: PolicyTools = {}): IndexedPolicy {
  const bareDefault = policy.defaults.find((entry) => !entry.head);
  if (!bareDefault) throw new Error("a policy without a bare default was compiled");
  return {
    policy,
    tools,
    buckets: fillBuckets(policy.rules),
    heads: policy.rules.map((rule) => prepareHead(rule.head)),
    exceptions: exceptionsByRule(policy),
    bareDefault,
    defaults: policy.defaults.flatMap(preparedDefault),
    maskings: policy.rules.flatMap(maskingsOf),
    judgesResources: [...policy.rules, ...policy.defaults].some(refusesResources),
    lasting: lastingWriters(policy),
    listAnswers: new Map(),
    logShares: new Map(),
    overruns: { count: 0 },
  };
}

/** An exception without targets of its own takes those of each rule it names. */
export function targetsOfException(entry: PreparedException, rule: CompiledRule): readonly CompiledTarget[] {
  return entry.head.targets.length > 0 ? entry.head.targets : rule.head.targets;
}

function refusesResources(entry: CompiledRule | CompiledDefault): boolean {
  const refuses =
    "verdict" in entry ? entry.verdict === "block" : entry.verdicts.some(({ kind }) => REFUSING.has(kind));
  return (
    refuses && (entry.head?.targets.some((target) => target.kind === "thing" && target.thing === "resource") ?? false)
  );
}

const REFUSING: ReadonlySet<string> = new Set(["block", "ask", "answer"]);

function exceptionsByRule(policy: CompiledPolicy): ReadonlyMap<string, readonly PreparedException[]> {
  const byRule = new Map<string, PreparedException[]>();
  for (const exception of policy.exceptions) {
    const prepared = { exception, head: prepareHead(exception.head) };
    for (const rule of exception.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), prepared]);
  }
  return byRule;
}

function preparedDefault(entry: CompiledDefault): readonly PreparedDefault[] {
  const { verdict, reason, place, head } = entry;
  return head ? [{ verdict, reason, place, head: prepareHead(head) }] : [];
}

function maskingsOf(rule: CompiledRule): readonly Masking[] {
  return rule.transforms.flatMap((transform) =>
    transform.kind === "redact" ? [{ pattern: transform.pattern, as: transform.as }] : [],
  );
}
