// A policy from its text, and the answers of the engine about it, as values.
import jsonata from "jsonata";
import { decide, decideByIdentity } from "../../src/engine/decide.ts";
import type { Answer, Asking, Decision, Need } from "../../src/engine/decision.ts";
import type { Facts, Surroundings } from "../../src/engine/facts.ts";
import { indexPolicy, type Admits } from "../../src/engine/index-policy.ts";
import type { Revision } from "../../src/engine/policy-store.ts";
import { select } from "../../src/engine/matching/select.ts";
import type { Evaluation, EvaluationAnswer } from "../../src/expression/jsonata/evaluation.ts";
import { parsePath } from "../../src/expression/path.ts";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import type { CompiledRule } from "../../src/language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { renderDiagnostics } from "../../src/source/render.ts";

export const NOW = Date.UTC(2026, 10, 25, 12);

export function revisionOf(text: string, admits?: Admits): Revision {
  const source = { path: "p.mcprules", text: `mcprules 1\n${text}` };
  const { policy, diagnostics } = compilePolicy([source], { now: NOW });
  if (!policy) throw new Error(renderDiagnostics(diagnostics, [source]));
  return { id: "r1", policy: indexPolicy(policy, { admits }) };
}

/** What the checker would refuse: the rule `r` of the policy, changed after it was compiled. */
export function uncheckedRevision(text: string, change: (rule: CompiledRule) => CompiledRule): Revision {
  const { id, policy } = revisionOf(text);
  const rules = policy.policy.rules.map((rule) => (rule.id === "r" ? change(rule) : rule));
  return { id, policy: indexPolicy({ ...policy.policy, rules }) };
}

/** The same policy with every expression to be asked for, none compiled to a function. */
export function askingRevision(text: string): Revision {
  const { id, policy } = revisionOf(text);
  return { id, policy: indexPolicy(withoutCompiled(policy.policy)) };
}

function withoutCompiled<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutCompiled) as T;
  const members = Object.entries(value).filter(([key]) => key !== "compiled");
  return Object.fromEntries(members.map(([key, member]) => [key, withoutCompiled(member)])) as T;
}

/** A rule that writes `value` to a path the checker does not let it write. */
export function settingRule(path: string, value: JsonValue): (rule: CompiledRule) => CompiledRule {
  return (rule) => ({
    ...rule,
    transforms: [{ kind: "set", path: parsePath(path), value: { kind: "literal", value } }],
  });
}

export const NOWHERE: Surroundings = {
  now: NOW,
  request: undefined,
  thing: undefined,
  tags: [],
  root: "/work",
  home: "/home/me",
};

export const NOBODY: Facts["principal"] = { client: undefined, user: undefined, profile: undefined };

/** `unknown`: the token does not say which groups. */
export function user(
  id: string,
  groups: readonly string[] | "unknown" = [],
  claims: JsonValue = {},
): Facts["principal"] {
  const known = groups === "unknown" ? undefined : groups;
  return { client: { name: "test" }, user: { id, groups: known, claims }, profile: undefined };
}

export interface Message {
  readonly facts: Facts;
  readonly content: JsonObject;
}

type Circumstances = Partial<Pick<Facts, "server" | "principal">>;

export function call(name: string, args?: JsonValue, circumstances: Circumstances = {}): Message {
  const facts: Facts = { ...base("request", "tools/call", circumstances), name };
  return { facts, content: { params: args === undefined ? { name } : { name, arguments: args } } };
}

export function request(method: string, params?: JsonObject, circumstances: Circumstances = {}): Message {
  const facts = base("request", method, circumstances);
  const name = params?.["uri"] ?? params?.["name"];
  return { facts: { ...facts, name: typeof name === "string" ? name : undefined }, content: params ? { params } : {} };
}

export function notification(method: string, params?: JsonObject, circumstances: Circumstances = {}): Message {
  return { facts: base("notification", method, circumstances), content: params ? { params } : {} };
}

export function result(method: string, value: JsonObject, name?: string, circumstances: Circumstances = {}): Message {
  const facts: Facts = { ...base("result", method, circumstances), from: "server", name };
  return { facts, content: { result: value } };
}

export function error(method: string, value: JsonObject, name?: string): Message {
  return { facts: { ...base("error", method, {}), from: "server", name }, content: { error: value } };
}

export function texts(...lines: readonly string[]): JsonObject {
  return { content: lines.map((text) => ({ type: "text", text })) };
}

/** As the dispatcher asks: by identity where that is enough. */
export function* decided(
  revision: Revision,
  { facts, content }: Message,
  surroundings: Surroundings = NOWHERE,
): Asking<Decision> {
  const selection = select(revision, facts);
  if (selection.readsBody) return yield* decide(revision, selection, facts, content, surroundings);
  const decision = decideByIdentity(revision, selection, facts, surroundings);
  return { ...decision, content };
}

/** For what asks nobody. */
export function finish<T>(asking: Asking<T>): T {
  const step = asking.next();
  if (!step.done) throw new Error(`asked to ${step.value.kind}`);
  return step.value;
}

/** Every need goes to JSONata itself. */
export async function settle<T>(asking: Asking<T>, answer: (need: Need) => Promise<Answer> = evaluated): Promise<T> {
  let step = asking.next();
  while (!step.done) step = asking.next(await answer(step.value));
  return step.value;
}

export function decision(revision: Revision, message: Message, surroundings?: Surroundings): Decision {
  return finish(decided(revision, message, surroundings));
}

export type Said = readonly [Decision["verdict"], string | undefined];

/** The verdict, and by which rule. */
export function said(policy: string, message: Message, surroundings?: Surroundings): Said {
  const { verdict, rule } = decision(revisionOf(policy), message, surroundings);
  return [verdict, rule];
}

async function evaluated(need: Need): Promise<Answer> {
  if (need.kind !== "evaluate") throw new Error(`nobody is here to ${need.kind}`);
  return { kind: "evaluate", answer: await byJsonata(need.evaluation) };
}

async function byJsonata({ expression, input, bindings }: Evaluation): Promise<EvaluationAnswer> {
  try {
    const value: unknown = await jsonata(expression.source).evaluate(input, { ...bindings });
    return { kind: "value", value: value === undefined ? undefined : asJson(value) };
  } catch (thrown) {
    return { kind: "failed", reason: thrown instanceof Error ? thrown.message : JSON.stringify(thrown) };
  }
}

/** Without what JSONata hangs on its lists. */
function asJson(value: unknown): JsonValue {
  return JSON.parse(JSON.stringify(value)) as JsonValue;
}

function base(kind: Facts["kind"], method: string, { server = "files", principal = NOBODY }: Circumstances): Facts {
  return { kind, method, from: "client", server, name: undefined, principal };
}

/** What came of it, and all that was asked on the way. */
export function told<T>(
  asking: Asking<T>,
  answer: (need: Need) => Answer,
): { readonly value: T; readonly needs: readonly Need[] } {
  const needs: Need[] = [];
  let step = asking.next();
  while (!step.done) {
    needs.push(step.value);
    step = asking.next(answer(step.value));
  }
  return { value: step.value, needs };
}
