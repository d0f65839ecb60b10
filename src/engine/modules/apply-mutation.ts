// What a module made of a message, put in its place: only if it still is that message (modules.md 1.5, checks 2 to 4).
import { isJsonObject, type JsonObject, type JsonValue, memberOf } from "../../mcp/json.ts";
import { shapeOf } from "../../mcp/message-shapes.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import type { Content } from "../decision.ts";
import type { Facts } from "../facts.ts";
import { fieldsOf } from "../../mcp/fields.ts";
import { fitted } from "../transforms/fit-schema.ts";
import { changedIdentity } from "../transforms/identity-guard.ts";
import type { ModuleFailure } from "../need.ts";
import { differingPaths, graft } from "./graft.ts";
import { moduleEvent, type PayloadForm } from "./module-message.ts";
import { shapeFault } from "./shape-fault.ts";

export type Mutation =
  /** The very content that went in when nothing changed. `paths`: where it did, for the record. */
  | { readonly kind: "content"; readonly content: Content; readonly paths: readonly string[] }
  /** `path`: what is not as it must be. */
  | { readonly kind: "failed"; readonly reason: Extract<ModuleFailure, "schema" | "identity">; readonly path: string };

/** So many are named in a record. */
const MOST_PATHS = 20;

/**
 * `sent`: the content that the module's payload was made of, which is `content` with everything masked that the policy
 * masks; what comes back as it was sent stays what it is in `content`. `payload`: what came back.
 */
export function applyMutation(facts: Facts, content: Content, sent: Content, payload: JsonObject): Mutation {
  const event = moduleEvent(facts);
  if (event === undefined) throw new Error(`no module hears of ${facts.method}`);
  const returned = contentOf(payload, event.form);
  if (returned === undefined) return failed("schema", "payload");
  if (event.form !== "result" && payload["method"] !== facts.method) return failed("identity", "method");
  const grafted = repaired(facts, content, graft(content, sent, returned));
  if (grafted === content) return { kind: "content", content, paths: [] };
  const misshapen = shapeFaultOf(facts, content, grafted);
  if (misshapen !== undefined) return failed("schema", misshapen);
  const changed = changedIdentity(content, grafted, facts) ?? changedOwn(content, grafted, event.form, event.event);
  if (changed !== undefined) return failed("identity", changed);
  return { kind: "content", content: grafted, paths: differingPaths(content, grafted, MOST_PATHS) };
}

function failed(reason: "schema" | "identity", path: string): Mutation {
  return { kind: "failed", reason, path };
}

/** `undefined`: it is no payload of this form, or holds more than such a payload does. */
function contentOf(payload: JsonObject, form: PayloadForm): JsonObject | undefined {
  if (form === "result") return { result: payload };
  const part = PARTS[form];
  if (!Object.keys(payload).every((key) => key === "method" || key === part)) return undefined;
  const value = payload[part];
  if (value === undefined) return form === "params" ? {} : undefined;
  return isJsonObject(value) ? { [part]: value } : undefined;
}

const PARTS = { params: "params", "named-result": "result", error: "error" } as const;

/** A lone item where MCP's schema says list, as for `rewrite`; a list that is gone is not put back: it is JSON that came, not JSONata. */
function repaired({ kind, method }: Facts, before: Content, after: JsonValue): Content {
  const part = partOf(kind);
  if (!isJsonObject(after)) return before;
  const value = after[part];
  const phase = part === "params" ? "request" : part;
  const fit = value === undefined ? value : fitted(value, fieldsOf(method, phase), undefined);
  return fit === value || fit === undefined ? after : { ...after, [part]: fit };
}

function partOf(kind: Facts["kind"]): "params" | "result" | "error" {
  return kind === "result" || kind === "error" ? kind : "params";
}

function shapeFaultOf({ kind, method }: Facts, before: Content, after: Content): string | undefined {
  const part = partOf(kind);
  const value = after[part];
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) return part;
  const shape = kind === "error" ? undefined : shapeOf(method, kind === "result" ? "response" : "request");
  return shape && shapeFault(value, before[part], shape, part);
}

/** What identifies beyond the fields that no rule may write: the code of an error, and all but a word of a handshake. */
function changedOwn(before: Content, after: Content, form: PayloadForm, event: string): string | undefined {
  if (form === "error") return errorChange(before["error"], after["error"]);
  return event === "mcprules/initialize" ? handshakeChange(before, after) : undefined;
}

function errorChange(before: JsonValue | undefined, after: JsonValue | undefined): string | undefined {
  if (!isJsonObject(before) || !isJsonObject(after)) return "error";
  if (after["code"] !== before["code"]) return "error.code";
  return typeof after["message"] === "string" ? undefined : "error.message";
}

/** `instructions` may be written anew, and capabilities taken away. */
function handshakeChange(before: Content, after: Content): string | undefined {
  for (const part of ["params", "result"]) {
    const [old, now] = [before[part], after[part]];
    if (isSameJson(old, now)) continue;
    if (!isJsonObject(old) || !isJsonObject(now)) return part;
    const keys = new Set([...Object.keys(old), ...Object.keys(now)]);
    const changed = [...keys].find((key) => !mayDiffer(key, old[key], now[key]));
    if (changed !== undefined) return `${part}.${changed}`;
  }
  return undefined;
}

function mayDiffer(key: string, before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (isSameJson(before, after)) return true;
  if (key === "instructions") return after === undefined || typeof after === "string";
  return key === "capabilities" && isJsonObject(before) && isJsonObject(after) && isLess(before, after);
}

/** Members may be gone, at any depth; what is there is what was there. */
function isLess(before: JsonObject, after: JsonObject): boolean {
  return Object.entries(after).every(([key, value]) => {
    const old = memberOf(before, key);
    return isJsonObject(old) && isJsonObject(value) ? isLess(old, value) : isSameJson(old, value);
  });
}
