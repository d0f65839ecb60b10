// The events of interceptors (SEP-2624): which one a message belongs to, and which of them a hook takes in.

export interface InterceptorEvent {
  /** MCP's method, or a name of ours. */
  readonly event: string;
  readonly phase: "request" | "response";
}

/** An interest: these events, in this phase. */
export interface InterceptorHook {
  readonly events: readonly string[];
  readonly phase: InterceptorEvent["phase"];
}

/** `undefined`: no module hears of such messages, which only keep a connection alive. */
export function interceptorEvent(
  kind: "request" | "notification" | "result" | "error",
  method: string,
): InterceptorEvent | undefined {
  if (UNHEARD.has(method)) return undefined;
  if (kind === "notification") return { event: "mcprules/notification", phase: "request" };
  if (kind === "error") return { event: "mcprules/error", phase: "response" };
  const phase = kind === "request" ? "request" : "response";
  if (hasOwnEvent(method)) return { event: method, phase };
  return { event: HANDSHAKES.has(method) ? "mcprules/initialize" : "mcprules/request", phase };
}

/** Its results stand alone; of others the method is told beside them. */
export function hasOwnEvent(method: string): boolean {
  return CORE.has(method);
}

export function hooksMatch(
  hooks: readonly InterceptorHook[],
  event: string,
  phase: InterceptorEvent["phase"],
): boolean {
  return hooks.some((hook) => hook.phase === phase && hook.events.some((pattern) => eventMatches(pattern, event)));
}

/** Whether a hook's event takes in this one. `*`: every event of the contract, and other requests; ours by name. */
export function eventMatches(pattern: string, event: string): boolean {
  if (pattern === event) return true;
  if (pattern === "*") return !OURS_BY_NAME.has(event);
  return pattern === "mcprules/*" && event.startsWith("mcprules/");
}

/** Events of the specification, by the methods they are of; the list of templates under its own name. */
const CORE: ReadonlySet<string> = new Set([
  "tools/list",
  "tools/call",
  "prompts/list",
  "prompts/get",
  "resources/list",
  "resources/templates/list",
  "resources/read",
  "resources/subscribe",
  "sampling/createMessage",
  "elicitation/create",
  "roots/list",
]);
const HANDSHAKES: ReadonlySet<string> = new Set(["initialize", "server/discover"]);
const UNHEARD: ReadonlySet<string> = new Set(["ping", "notifications/cancelled", "notifications/initialized"]);
const OURS_BY_NAME: ReadonlySet<string> = new Set(["mcprules/notification", "mcprules/error", "mcprules/initialize"]);
