// The fields of `params`, by method: requests and notifications of both eras.
import { ANY, closed, list, open, SCALAR, scalars, type FieldTree, type Members } from "./field-tree.ts";
import { CLIENT_CAPABILITIES, IMPLEMENTATION, META, SAMPLING_MESSAGES, TASK, TOOL } from "./fields-of-parts.ts";

const NOTHING = params({});
const PAGE = params({ cursor: SCALAR });
const URI = params({ uri: SCALAR });
const TASK_ID = params({ taskId: SCALAR });
/** A request that may become a task (2025-11-25). */
const AS_TASK: Members = { task: closed({ ttl: SCALAR }) };
/** The second and later rounds of a request that asked for input (2026-07-28). */
const ROUND: Members = { inputResponses: ANY, requestState: SCALAR };
const SUBSCRIPTIONS = params({
  notifications: closed({
    ...scalars("toolsListChanged", "promptsListChanged", "resourcesListChanged"),
    resourceSubscriptions: list(SCALAR),
    taskIds: list(SCALAR),
  }),
});

const REQUESTS: Readonly<Record<string, FieldTree>> = {
  initialize: params({
    protocolVersion: SCALAR,
    capabilities: CLIENT_CAPABILITIES,
    clientInfo: IMPLEMENTATION,
  }),
  "server/discover": NOTHING,
  ping: NOTHING,
  "tools/list": PAGE,
  "tools/call": params({ name: SCALAR, arguments: ANY, ...AS_TASK, ...ROUND }),
  "prompts/list": PAGE,
  "prompts/get": params({ name: SCALAR, arguments: ANY, ...ROUND }),
  "resources/list": PAGE,
  "resources/templates/list": PAGE,
  "resources/read": params({ uri: SCALAR, ...ROUND }),
  "resources/subscribe": URI,
  "resources/unsubscribe": URI,
  "completion/complete": params({
    ref: closed(scalars("type", "name", "title", "uri")),
    argument: closed(scalars("name", "value")),
    context: closed({ arguments: ANY }),
  }),
  "logging/setLevel": params({ level: SCALAR }),
  "subscriptions/listen": SUBSCRIPTIONS,
  "tasks/update": params({ taskId: SCALAR, ...ROUND }),
  "tasks/get": TASK_ID,
  "tasks/cancel": TASK_ID,
  "tasks/result": TASK_ID,
  "tasks/list": PAGE,
  "sampling/createMessage": params({
    ...scalars("systemPrompt", "includeContext", "temperature", "maxTokens"),
    messages: SAMPLING_MESSAGES,
    modelPreferences: closed({
      hints: list(closed({ name: SCALAR })),
      ...scalars("costPriority", "speedPriority", "intelligencePriority"),
    }),
    stopSequences: list(SCALAR),
    metadata: ANY,
    tools: list(TOOL),
    toolChoice: closed({ mode: SCALAR }),
    ...AS_TASK,
  }),
  "elicitation/create": params({
    ...scalars("mode", "message", "elicitationId", "url"),
    requestedSchema: open({ type: SCALAR, properties: ANY, required: list(SCALAR) }),
    ...AS_TASK,
  }),
  "roots/list": NOTHING,
};

const NOTIFICATIONS: Readonly<Record<string, FieldTree>> = {
  "notifications/cancelled": params(scalars("requestId", "reason")),
  "notifications/progress": params(scalars("progressToken", "progress", "total", "message")),
  "notifications/initialized": NOTHING,
  "notifications/roots/list_changed": NOTHING,
  "notifications/tasks/status": params(TASK),
  "notifications/tasks": open({ ...TASK, _meta: META }),
  "notifications/message": params({ ...scalars("level", "logger"), data: ANY }),
  "notifications/resources/updated": params(scalars("uri", "title")),
  "notifications/resources/list_changed": NOTHING,
  "notifications/tools/list_changed": NOTHING,
  "notifications/prompts/list_changed": NOTHING,
  "notifications/elicitation/complete": params({ elicitationId: SCALAR }),
  "notifications/subscriptions/acknowledged": SUBSCRIPTIONS,
};

export const PARAMS: ReadonlyMap<string, FieldTree> = new Map([
  ...Object.entries(REQUESTS),
  ...Object.entries(NOTIFICATIONS),
]);

function params(members: Members): FieldTree {
  return closed({ ...members, _meta: META });
}
