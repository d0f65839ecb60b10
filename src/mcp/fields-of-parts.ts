// The fields of what several messages carry: things and their definitions, content, tasks, metadata, capabilities.
import { ANY, closed, list, open, oneOrList, SCALAR, scalars, type Members } from "./field-tree.ts";

/** Anybody may add keys with a prefix of their own (Basic Protocol, `_meta`). */
export const META = open({
  progressToken: SCALAR,
  "io.modelcontextprotocol/related-task": closed({ taskId: SCALAR }),
});

const ICONS = list(closed({ ...scalars("src", "mimeType", "theme"), sizes: list(SCALAR) }));
const NAMED: Members = { ...scalars("name", "title", "description"), icons: ICONS };
const ANNOTATIONS = closed({ audience: list(SCALAR), ...scalars("priority", "lastModified") });
const JSON_SCHEMA = open({ type: SCALAR, properties: ANY, required: list(SCALAR) });

export const IMPLEMENTATION = closed({ ...NAMED, ...scalars("version", "websiteUrl") });

export const TOOL = closed({
  ...NAMED,
  inputSchema: JSON_SCHEMA,
  outputSchema: JSON_SCHEMA,
  annotations: closed(scalars("title", "readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")),
  execution: closed({ taskSupport: SCALAR }),
  _meta: ANY,
});

export const PROMPT = closed({
  ...NAMED,
  arguments: list(closed(scalars("name", "title", "description", "required"))),
  _meta: ANY,
});

export const RESOURCE = closed({
  ...NAMED,
  ...scalars("uri", "mimeType", "size"),
  annotations: ANNOTATIONS,
  _meta: ANY,
});

export const TEMPLATE = closed({
  ...NAMED,
  ...scalars("uriTemplate", "mimeType"),
  annotations: ANNOTATIONS,
  _meta: ANY,
});

/** What stands in a resource: `text` or `blob`. */
export const RESOURCE_CONTENTS = closed({ ...scalars("uri", "mimeType", "text", "blob"), _meta: ANY });

/** Text, image, audio, resource link or embedded resource, told apart by `type`. Later revisions may bring more. */
export const CONTENT = closed({
  ...NAMED,
  ...scalars("type", "text", "data", "uri", "mimeType", "size"),
  resource: RESOURCE_CONTENTS,
  annotations: ANNOTATIONS,
  _meta: ANY,
});

export const PROMPT_MESSAGES = list(closed({ role: SCALAR, content: CONTENT }));

/** As `CONTENT`, and the tools that a server uses in its own loop. */
const SAMPLING_CONTENT = closed({
  ...scalars("type", "text", "data", "mimeType", "name", "id", "toolUseId", "isError"),
  input: ANY,
  content: list(CONTENT),
  structuredContent: ANY,
  annotations: ANNOTATIONS,
  _meta: ANY,
});

export const SAMPLED = { role: SCALAR, content: oneOrList(SAMPLING_CONTENT) };
export const SAMPLING_MESSAGES = list(closed({ ...SAMPLED, _meta: ANY }));

export const TASK = scalars("taskId", "status", "statusMessage", "createdAt", "lastUpdatedAt", "ttl", "pollInterval");

export const CLIENT_CAPABILITIES = open({
  experimental: ANY,
  extensions: ANY,
  sampling: open({ context: ANY, tools: ANY }),
  elicitation: open({ form: ANY, url: ANY }),
  roots: open({ listChanged: SCALAR }),
  tasks: open({ list: ANY, cancel: ANY, requests: ANY }),
});

export const SERVER_CAPABILITIES = open({
  experimental: ANY,
  extensions: ANY,
  logging: ANY,
  completions: ANY,
  prompts: open({ listChanged: SCALAR }),
  resources: open(scalars("subscribe", "listChanged")),
  tools: open({ listChanged: SCALAR }),
  tasks: open({ list: ANY, cancel: ANY, requests: ANY }),
});
