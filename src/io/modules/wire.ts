// The words of the interceptors contract, pinned to one state of it: SEP-2624 as of August 2026, an open draft.
import { eventMatches, type InterceptorEvent, type InterceptorHook } from "../../mcp/interceptor-events.ts";
import type { JsonObject } from "../../mcp/json.ts";

export { eventMatches, hooksMatch } from "../../mcp/interceptor-events.ts";

export const CONTRACT = {
  state: "SEP-2624, August 2026 (D2)",
  capability: "io.modelcontextprotocol/interceptors",
  list: "interceptors/list",
  invoke: "interceptor/invoke",
  /** Under discussion; only where the settings say so. */
  invokePlural: "interceptors/invoke",
  changed: "notifications/interceptors/list_changed",
} as const;

export type InterceptorType = "mutation" | "validation";
export type InterceptorPhase = InterceptorEvent["phase"];
export type Hook = InterceptorHook;

/** What a host says of one of its interceptors. */
export interface Descriptor {
  readonly name: string;
  readonly version: string | undefined;
  readonly type: InterceptorType;
  /** Empty: it is never called. */
  readonly hooks: readonly Hook[];
  readonly mode: "active" | "audit";
  readonly failOpen: boolean;
  /** Lower ones first. */
  readonly priority: Readonly<Record<InterceptorPhase, number>>;
  /** Of MCP. */
  readonly compat: { readonly min: string; readonly max: string | undefined } | undefined;
  readonly configSchema: JsonObject | undefined;
}

/** What one interceptor says of one message. */
export type Answer =
  | { readonly kind: "valid" }
  | {
      readonly kind: "invalid";
      readonly messages: readonly Message[];
      /** It asks for a human to decide. */
      readonly asks: boolean;
    }
  | { readonly kind: "unchanged" }
  | { readonly kind: "changed"; readonly payload: JsonObject }
  | { readonly kind: "malformed"; readonly reason: string };

export interface Message {
  readonly message: string;
  readonly path?: string;
  readonly severity?: string;
}

/** Ours, in `info` of a validation: `ask` leaves the decision to a human. */
export const VERDICT_KEY = "dev.mcprules/verdict";

/** The first hook of `wanted` that asks for more than is advertised; `undefined`: it only narrows. */
export function widening(wanted: readonly Hook[], advertised: readonly Hook[]): string | undefined {
  for (const { events, phase } of wanted) {
    const wide = events.find((event) => !isAdvertised(event, phase, advertised));
    if (wide !== undefined) return `${wide} (${phase})`;
  }
  return undefined;
}

function isAdvertised(event: string, phase: InterceptorPhase, advertised: readonly Hook[]): boolean {
  const covers = (pattern: string): boolean =>
    pattern === event || (event !== "*" && event !== "mcprules/*" && eventMatches(pattern, event));
  return advertised.some((hook) => hook.phase === phase && hook.events.some(covers));
}
