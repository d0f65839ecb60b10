// Messages as a test writes them: the natural body and a name become `params`, as they would go over the wire.
import { isJsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import { methodFacts, type CarriedName, type MethodFacts } from "../../mcp/methods.ts";
import type { Content } from "../../engine/decision.ts";
import { setAt } from "../../expression/edit.ts";

/** Reach no server: `on` says no. */
const SERVERLESS: ReadonlySet<string> = new Set(["initialize", "ping", "server/discover"]);

export function reachesServer(method: string): boolean {
  return !SERVERLESS.has(method);
}

/** What MCP does not know counts by its name, as everywhere. */
export function kindOf(method: string): "request" | "notification" {
  return methodFacts(method)?.kind ?? (method.startsWith("notifications/") ? "notification" : "request");
}

export function contentOf(method: string, name: string | undefined, body: JsonValue | undefined): Content {
  const facts = methodFacts(method);
  const params = inParams(facts?.body ?? ["params"], body);
  if (name === undefined) return params === undefined ? {} : { params };
  const carried = carriedFor(facts, name);
  const named = nest(carried?.at ?? ["name"], name);
  return { params: params === undefined ? named : merge(named, params) };
}

export interface Carried {
  readonly thing: CarriedName["thing"];
  readonly name: string;
}

/** Which thing the message means, if it means one. */
export function carriedIn(method: string, content: Content): Carried | undefined {
  for (const { thing, at } of methodFacts(method)?.carries ?? []) {
    const name = at.reduce(memberOf, content["params"]);
    if (typeof name === "string") return { thing, name };
  }
  return undefined;
}

/** The same message, meaning the thing under another name. */
export function withName(method: string, content: Content, name: string): Content {
  const carried = methodFacts(method)?.carries.find(
    ({ at }) => typeof at.reduce(memberOf, content["params"]) === "string",
  );
  if (!carried) return content;
  const steps = ["params", ...carried.at].map((key) => ({ kind: "member", key }) as const);
  const named = setAt(content, steps, name);
  return isJsonObject(named) ? named : content;
}

function inParams(at: MethodFacts["body"], body: JsonValue | undefined): JsonValue | undefined {
  if (body === undefined) return undefined;
  const [, ...inside] = at;
  return nest(inside, body);
}

/** `completion/complete` means a prompt by its name or a resource by its URI. */
function carriedFor(facts: MethodFacts | undefined, name: string): CarriedName | undefined {
  const [first, second] = facts?.carries ?? [];
  return second !== undefined && name.includes(":") ? second : first;
}

function nest(keys: readonly string[], value: JsonValue): JsonValue {
  return keys.reduceRight<JsonValue>((inside, key) => ({ [key]: inside }), value);
}

/** What the test writes itself wins over the name it gives. */
function merge(named: JsonValue, written: JsonValue): JsonValue {
  if (!isJsonObject(named) || !isJsonObject(written)) return written;
  const merged = Object.entries(written).map(([key, value]) => [key, merge(named[key] ?? null, value)] as const);
  return { ...named, ...Object.fromEntries(merged) };
}
