// A policy made ready for messages: its rules found by method, server and name, and what holds for all of it at once.
import type { CompiledPolicy } from "../language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";

/**
 * Whether a value fits a JSON Schema (2020-12 unless it says otherwise); if not, what is wrong, for a model to read:
 * `limit must be <= 50`. A schema it cannot judge is a misfit too. Never fetches a `$ref`.
 */
export type Admits = (schema: JsonObject, value: JsonValue) => string | undefined;

/** What the engine needs and no package of its own gives. */
export interface PolicyTools {
  /** Without it, calls whose arguments have to fit a changed schema are refused. */
  readonly admits?: Admits | undefined;
}

export interface IndexedPolicy {
  readonly policy: CompiledPolicy;
  readonly tools: PolicyTools;
}

export function indexPolicy(policy: CompiledPolicy, tools: PolicyTools = {}): IndexedPolicy {
  return { policy, tools };
}
