// Every method of MCP, both eras: who sends it, whether it is answered, and which field carries a name or URI.

export type ThingKind = "tool" | "prompt" | "resource";
export type Side = "client" | "server";
export type Era = "legacy" | "modern";

/** Where a message says which thing it means. */
export interface CarriedName {
  readonly thing: ThingKind;
  /** Keys below `params`. */
  readonly at: readonly string[];
}

export interface MethodFacts {
  readonly method: string;
  readonly kind: "request" | "notification";
  readonly from: Side | "either";
  readonly era: Era | "both";
  /** At most one of them is present in a message; more than one only for `completion/complete`. */
  readonly carries: readonly CarriedName[];
  /** Keys from the message to where paths start: `params`, or `params.arguments`. */
  readonly body: readonly string[];
  /** Keeps a connection alive or shows what is allowed: only a rule that names it may refuse it, a default never. */
  readonly isEssential: boolean;
}

const TOOL: CarriedName = { thing: "tool", at: ["name"] };
const PROMPT: CarriedName = { thing: "prompt", at: ["name"] };
const RESOURCE: CarriedName = { thing: "resource", at: ["uri"] };
const PROMPT_REFERENCE: CarriedName = { thing: "prompt", at: ["ref", "name"] };
const RESOURCE_REFERENCE: CarriedName = { thing: "resource", at: ["ref", "uri"] };

interface Traits {
  readonly era?: Era;
  readonly carries?: readonly CarriedName[];
  readonly body?: readonly string[];
  readonly isEssential?: boolean;
}

const LEGACY: Traits = { era: "legacy" };
const MODERN: Traits = { era: "modern" };
const ESSENTIAL: Traits = { isEssential: true };
const ARGUMENTS = ["params", "arguments"];

const METHODS: readonly MethodFacts[] = [
  request("client", "initialize", { ...LEGACY, ...ESSENTIAL }),
  request("client", "server/discover", { ...MODERN, ...ESSENTIAL }),
  request("either", "ping", { ...LEGACY, ...ESSENTIAL }),
  request("client", "tools/list", ESSENTIAL),
  request("client", "tools/call", { carries: [TOOL], body: ARGUMENTS }),
  request("client", "prompts/list", ESSENTIAL),
  request("client", "prompts/get", { carries: [PROMPT], body: ARGUMENTS }),
  request("client", "resources/list", ESSENTIAL),
  request("client", "resources/templates/list", ESSENTIAL),
  request("client", "resources/read", { carries: [RESOURCE] }),
  request("client", "resources/subscribe", { ...LEGACY, carries: [RESOURCE] }),
  request("client", "resources/unsubscribe", { ...LEGACY, carries: [RESOURCE] }),
  request("client", "completion/complete", { carries: [PROMPT_REFERENCE, RESOURCE_REFERENCE] }),
  request("client", "logging/setLevel", LEGACY),
  // Of resources each is judged as the subscription it is.
  request("client", "subscriptions/listen", { ...MODERN, ...ESSENTIAL }),
  request("client", "tasks/update", MODERN),
  request("either", "tasks/get"),
  request("either", "tasks/cancel"),
  request("either", "tasks/result", LEGACY),
  request("either", "tasks/list", { ...LEGACY, ...ESSENTIAL }),
  request("server", "sampling/createMessage"),
  request("server", "elicitation/create"),
  // No list of what is allowed: it shows the client's own folders to a server.
  request("server", "roots/list"),
  notification("either", "notifications/cancelled", ESSENTIAL),
  notification("either", "notifications/progress", ESSENTIAL),
  notification("client", "notifications/initialized", { ...LEGACY, ...ESSENTIAL }),
  notification("client", "notifications/roots/list_changed", { ...LEGACY, ...ESSENTIAL }),
  notification("either", "notifications/tasks/status", LEGACY),
  notification("server", "notifications/tasks", MODERN),
  notification("server", "notifications/message"),
  notification("server", "notifications/resources/updated", { carries: [RESOURCE] }),
  notification("server", "notifications/resources/list_changed", ESSENTIAL),
  notification("server", "notifications/tools/list_changed", ESSENTIAL),
  notification("server", "notifications/prompts/list_changed", ESSENTIAL),
  notification("server", "notifications/elicitation/complete", LEGACY),
  notification("server", "notifications/subscriptions/acknowledged", { ...MODERN, ...ESSENTIAL }),
];

const BY_METHOD: ReadonlyMap<string, MethodFacts> = new Map(METHODS.map((entry) => [entry.method, entry]));

/** `undefined`: MCP knows no such method; it passes through all the same. */
export function methodFacts(method: string): MethodFacts | undefined {
  return BY_METHOD.get(method);
}

/** In the order of the table; for suggestions and for expanding `tools/*`. */
export function allMethods(): readonly MethodFacts[] {
  return METHODS;
}

function request(from: MethodFacts["from"], method: string, traits: Traits = {}): MethodFacts {
  return facts("request", from, method, traits);
}

function notification(from: MethodFacts["from"], method: string, traits: Traits = {}): MethodFacts {
  return facts("notification", from, method, traits);
}

function facts(kind: MethodFacts["kind"], from: MethodFacts["from"], method: string, traits: Traits): MethodFacts {
  const { era = "both", carries = [], body = ["params"], isEssential = false } = traits;
  return { method, kind, from, era, carries, body, isEssential };
}
