// The fields of `result`, by method, both eras. Results are open: the schema lets servers add to them.
import { ANY, closed, list, open, SCALAR, scalars, type FieldTree, type Members } from "./field-tree.ts";
import {
  CONTENT,
  IMPLEMENTATION,
  META,
  PROMPT,
  PROMPT_MESSAGES,
  RESOURCE,
  RESOURCE_CONTENTS,
  SAMPLED,
  SERVER_CAPABILITIES,
  TASK,
  TEMPLATE,
  TOOL,
} from "./fields-of-parts.ts";

/** `private` and how long, for who keeps answers (2026-07-28, Caching). */
const CACHING = scalars("ttlMs", "cacheScope");
/** What is asked of the client before the outcome can come (2026-07-28, Multi Round-Trip Requests). */
const ROUND: Members = { inputRequests: ANY, requestState: SCALAR };
/** Of a request that became a task: at first only that (2025-11-25). */
const AS_TASK: Members = { task: closed(TASK) };
const EMPTY = result({});
const ONE_TASK = result({ ...TASK, ...ROUND, result: ANY, error: ANY });

export const RESULTS: ReadonlyMap<string, FieldTree> = new Map(
  Object.entries({
    initialize: result({
      ...scalars("protocolVersion", "instructions"),
      capabilities: SERVER_CAPABILITIES,
      serverInfo: IMPLEMENTATION,
    }),
    "server/discover": result({
      supportedVersions: list(SCALAR),
      instructions: SCALAR,
      capabilities: SERVER_CAPABILITIES,
      serverInfo: IMPLEMENTATION,
      ...CACHING,
    }),
    ping: EMPTY,
    "tools/list": page({ tools: list(TOOL) }),
    "tools/call": result({
      content: list(CONTENT),
      structuredContent: ANY,
      isError: SCALAR,
      ...AS_TASK,
      ...ROUND,
    }),
    "prompts/list": page({ prompts: list(PROMPT) }),
    "prompts/get": result({ description: SCALAR, messages: PROMPT_MESSAGES, ...ROUND }),
    "resources/list": page({ resources: list(RESOURCE) }),
    "resources/templates/list": page({ resourceTemplates: list(TEMPLATE) }),
    "resources/read": result({ contents: list(RESOURCE_CONTENTS), ...CACHING, ...ROUND }),
    "resources/subscribe": EMPTY,
    "resources/unsubscribe": EMPTY,
    "completion/complete": result({ completion: open({ values: list(SCALAR), ...scalars("total", "hasMore") }) }),
    "logging/setLevel": EMPTY,
    "subscriptions/listen": EMPTY,
    "tasks/update": EMPTY,
    "tasks/get": ONE_TASK,
    "tasks/cancel": ONE_TASK,
    /** The outcome of whatever request made the task. */
    "tasks/result": open({}),
    "tasks/list": page({ tasks: list(closed(TASK)) }),
    "sampling/createMessage": result({ ...SAMPLED, ...scalars("model", "stopReason"), ...AS_TASK }),
    "elicitation/create": result({ action: SCALAR, content: ANY, ...AS_TASK }),
    "roots/list": result({ roots: list(closed({ ...scalars("uri", "name"), _meta: ANY })) }),
  }),
);

export const ERROR: FieldTree = closed({ ...scalars("code", "message"), data: ANY });

function result(members: Members): FieldTree {
  return open({ ...members, resultType: SCALAR, _meta: META });
}

function page(members: Members): FieldTree {
  return result({ ...members, nextCursor: SCALAR, ...CACHING });
}
