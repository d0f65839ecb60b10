// Which method goes which way: the table that every request and notification is looked up in.
import type { ListFacts, ListedKind } from "../mcp/lists.ts";
import { LISTS } from "../mcp/lists.ts";
import { allMethods, type Era, type MethodFacts, methodFacts } from "../mcp/methods.ts";

export type ClientRequestRoute =
  /** Answered by the proxy, with handshakes of its own towards the servers. */
  | { readonly kind: "initialize" }
  | { readonly kind: "discover" }
  | { readonly kind: "ping" }
  /** Merged from what all servers list. */
  | { readonly kind: "list"; readonly list: ListFacts }
  /** To the server that owns the name. */
  | { readonly kind: "named"; readonly thing: Extract<ListedKind, "tool" | "prompt"> }
  /** To the server that owns the URI. */
  | { readonly kind: "resource"; readonly subscribes: boolean | undefined }
  /** To the server that owns what is completed. */
  | { readonly kind: "completion" }
  /** Open for as long as the client listens. */
  | { readonly kind: "listen" }
  /** To every server that logs. */
  | { readonly kind: "log-level" }
  /** To the server whose task it is. */
  | { readonly kind: "task" }
  /** Merged from what all servers list of the client's tasks. */
  | { readonly kind: "task-list" }
  /** Another era's. */
  | { readonly kind: "absent" }
  /** To one server after the other, until one knows it. */
  | { readonly kind: "unknown" };

const CLIENT_REQUESTS: ReadonlyMap<string, ClientRequestRoute> = new Map<string, ClientRequestRoute>([
  ["initialize", { kind: "initialize" }],
  ["server/discover", { kind: "discover" }],
  ["ping", { kind: "ping" }],
  ...LISTS.map((list): [string, ClientRequestRoute] => [list.method, { kind: "list", list }]),
  ["tools/call", { kind: "named", thing: "tool" }],
  ["prompts/get", { kind: "named", thing: "prompt" }],
  ["resources/read", { kind: "resource", subscribes: undefined }],
  ["resources/subscribe", { kind: "resource", subscribes: true }],
  ["resources/unsubscribe", { kind: "resource", subscribes: false }],
  ["completion/complete", { kind: "completion" }],
  ["subscriptions/listen", { kind: "listen" }],
  ["logging/setLevel", { kind: "log-level" }],
  ["tasks/get", { kind: "task" }],
  ["tasks/result", { kind: "task" }],
  ["tasks/cancel", { kind: "task" }],
  ["tasks/update", { kind: "task" }],
  ["tasks/list", { kind: "task-list" }],
]);

const CLIENT_REQUESTS_OF = byEra(CLIENT_REQUESTS);

/** `era`: of the client. */
export function routeOfClientRequest(method: string, era: Era): ClientRequestRoute {
  return CLIENT_REQUESTS_OF[era].get(method) ?? { kind: isAbsent(method, "request", era) ? "absent" : "unknown" };
}

export type ClientNotificationRoute =
  | "initialized"
  /** To whoever has the request it is about. */
  | "cancelled"
  | "progress"
  /** To the server that asked for the task. */
  | "task-status"
  | "absent"
  | "every-server";

const CLIENT_NOTIFICATIONS: ReadonlyMap<string, ClientNotificationRoute> = new Map([
  ["notifications/initialized", "initialized"],
  ["notifications/cancelled", "cancelled"],
  ["notifications/progress", "progress"],
  ["notifications/tasks/status", "task-status"],
]);

const CLIENT_NOTIFICATIONS_OF = byEra(CLIENT_NOTIFICATIONS);

/** `era`: of the client. */
export function routeOfClientNotification(method: string, era: Era): ClientNotificationRoute {
  return (
    CLIENT_NOTIFICATIONS_OF[era].get(method) ?? (isAbsent(method, "notification", era) ? "absent" : "every-server")
  );
}

export type ServerRequestRoute =
  | { readonly kind: "ping" }
  /** About tasks that the client made for it. */
  | { readonly kind: "task" }
  | { readonly kind: "absent" }
  /** `capability`: what the client must have said it can do; `undefined`: that is not known to depend on anything. */
  | { readonly kind: "client"; readonly capability: string | undefined };

const SERVER_REQUESTS: ReadonlyMap<string, ServerRequestRoute> = new Map<string, ServerRequestRoute>([
  ["ping", { kind: "ping" }],
  ["sampling/createMessage", { kind: "client", capability: "sampling" }],
  ["elicitation/create", { kind: "client", capability: "elicitation" }],
  ["roots/list", { kind: "client", capability: "roots" }],
  ["tasks/get", { kind: "task" }],
  ["tasks/result", { kind: "task" }],
  ["tasks/cancel", { kind: "task" }],
  ["tasks/list", { kind: "task" }],
]);

/** Servers of the modern era ask nothing. */
export function routeOfServerRequest(method: string): ServerRequestRoute {
  const route = SERVER_REQUESTS.get(method);
  if (route !== undefined) return route;
  return isAbsent(method, "request", "legacy") ? { kind: "absent" } : { kind: "client", capability: undefined };
}

export type ServerNotificationRoute =
  | "list-changed"
  | "cancelled"
  | "progress"
  | "log-message"
  | "resource-updated"
  | "elicitation-complete"
  /** What it will tell of what it was asked to. */
  | "acknowledged"
  /** To the client, if the task is its own. */
  | "task-status"
  /** In the modern era: to those who listen for it. */
  | "task-told"
  | "absent"
  | "client";

const SERVER_NOTIFICATIONS: ReadonlyMap<string, ServerNotificationRoute> = new Map<string, ServerNotificationRoute>([
  ...LISTS.map((list): [string, ServerNotificationRoute] => [list.changed, "list-changed"]),
  ["notifications/cancelled", "cancelled"],
  ["notifications/progress", "progress"],
  ["notifications/message", "log-message"],
  ["notifications/resources/updated", "resource-updated"],
  ["notifications/elicitation/complete", "elicitation-complete"],
  ["notifications/subscriptions/acknowledged", "acknowledged"],
  ["notifications/tasks/status", "task-status"],
  ["notifications/tasks", "task-told"],
]);

const SERVER_NOTIFICATIONS_OF = byEra(SERVER_NOTIFICATIONS);

/** `era`: of the server. */
export function routeOfServerNotification(method: string, era: Era): ServerNotificationRoute {
  return SERVER_NOTIFICATIONS_OF[era].get(method) ?? (isAbsent(method, "notification", era) ? "absent" : "client");
}

/** What is of one era does not exist in the other. */
function byEra<Route>(routes: ReadonlyMap<string, Route>): Readonly<Record<Era, ReadonlyMap<string, Route>>> {
  const of = (era: Era): ReadonlyMap<string, Route> =>
    new Map([...routes].filter(([method]) => !isOfOtherEra(methodFacts(method), era)));
  return { legacy: of("legacy"), modern: of("modern") };
}

function isOfOtherEra(facts: MethodFacts | undefined, era: Era): boolean {
  return facts !== undefined && facts.era !== "both" && facts.era !== era;
}

/**
 * MCP's methods do not exist where they are none: a server that takes `tools/call` without an id for a call would do what no
 * rule has seen as one; and one that does not mind case or spaces would take `Tools/Call` for it. Nor does what later
 * revisions may say about tasks: it could bring outcomes, which nothing would judge.
 */
function isAbsent(method: string, kind: MethodFacts["kind"], era: Era): boolean {
  const facts = methodFacts(method);
  if (facts === undefined) return ABOUT_TASKS.test(method) || SPELT_CARELESSLY.has(carelessly(method));
  return facts.kind !== kind || isOfOtherEra(facts, era);
}

const ABOUT_TASKS = /^(?:tasks\/|notifications\/tasks)/;

const SPELT_CARELESSLY: ReadonlySet<string> = new Set(allMethods().map(({ method }) => carelessly(method)));

function carelessly(method: string): string {
  return method
    .replaceAll(/[\s\p{C}]/gu, "")
    .toUpperCase()
    .toLowerCase();
}
