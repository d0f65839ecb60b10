// The shapes of what is asked and answered, by method, both eras in one: the schemas of 2025-11-25 and 2026-07-28.
import {
  ANYTHING,
  BOOLEAN,
  listOf,
  members,
  NUMBER,
  OBJECT,
  oneOrSeveral,
  type Shape,
  TEXT,
  variants,
  word,
} from "./shape.ts";

/** Of `params`, or of `result`. `undefined`: nothing is known but that it is an object. */
export function shapeOf(method: string, phase: "request" | "response"): Shape | undefined {
  return (phase === "request" ? PARAMS : RESULTS).get(method);
}

const META = { _meta: OBJECT };
const ICON = members({ src: TEXT }, { mimeType: TEXT, sizes: listOf(TEXT) });
const TITLED = { title: TEXT, description: TEXT, icons: listOf(ICON), ...META };
const NOTES = members({}, { audience: listOf(TEXT), priority: NUMBER, lastModified: TEXT });
const SCHEMA = members({}, { type: TEXT, properties: OBJECT, required: listOf(TEXT) });

const TOOL = members(
  { name: TEXT, inputSchema: SCHEMA },
  { ...TITLED, outputSchema: SCHEMA, annotations: OBJECT, execution: OBJECT },
);
const ARGUMENT = members({ name: TEXT }, { title: TEXT, description: TEXT, required: BOOLEAN });
const PROMPT = members({ name: TEXT }, { ...TITLED, arguments: listOf(ARGUMENT) });
const LINK = { name: TEXT, uri: TEXT };
const LINKED = { ...TITLED, mimeType: TEXT, size: NUMBER, annotations: NOTES };
const TEMPLATE = members({ name: TEXT, uriTemplate: TEXT }, LINKED);
const CONTENTS = members({ uri: TEXT }, { mimeType: TEXT, text: TEXT, blob: TEXT, ...META });

const NOTED = { annotations: NOTES, ...META };
const TEXT_BLOCK = members({ text: TEXT }, NOTED);
const MEDIA_BLOCK = members({ data: TEXT, mimeType: TEXT }, NOTED);
const BLOCKS = {
  text: TEXT_BLOCK,
  image: MEDIA_BLOCK,
  audio: MEDIA_BLOCK,
  resource_link: members(LINK, LINKED),
  resource: members({ resource: CONTENTS }, NOTED),
};
const BLOCK = variants("type", BLOCKS);
const SAMPLED_BLOCK = variants("type", {
  text: TEXT_BLOCK,
  image: MEDIA_BLOCK,
  audio: MEDIA_BLOCK,
  tool_use: members({ id: TEXT, name: TEXT, input: OBJECT }, META),
  tool_result: members({ toolUseId: TEXT }, { content: listOf(BLOCK), isError: BOOLEAN, ...META }),
});
const ROLE = word("user", "assistant");
const SAMPLED = { role: ROLE, content: oneOrSeveral(SAMPLED_BLOCK) };

/** What may stand beside the answer, or in its place: a task, or questions (2026-07-28, Multi Round-Trip Requests). */
const ROUND = { ...META, resultType: TEXT, inputRequests: OBJECT, requestState: TEXT, task: OBJECT };
const PAGE = { ...META, resultType: TEXT, nextCursor: TEXT, ttlMs: NUMBER, cacheScope: TEXT };
const ASKED = { ...META, task: OBJECT, inputResponses: OBJECT, requestState: TEXT };
const CURSOR = members({}, { ...META, cursor: TEXT });
const URI = members({ uri: TEXT }, ASKED);
const REFERENCE = variants("type", { "ref/prompt": members({ name: TEXT }), "ref/resource": members({ uri: TEXT }) });

const PARAMS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["tools/call", members({ name: TEXT }, { arguments: OBJECT, ...ASKED })],
  ["prompts/get", members({ name: TEXT }, { arguments: OBJECT, ...ASKED })],
  ["resources/read", URI],
  ["resources/subscribe", URI],
  ["resources/unsubscribe", URI],
  ["tools/list", CURSOR],
  ["prompts/list", CURSOR],
  ["resources/list", CURSOR],
  ["resources/templates/list", CURSOR],
  [
    "completion/complete",
    members(
      { ref: REFERENCE, argument: members({ name: TEXT, value: TEXT }) },
      { context: members({}, { arguments: OBJECT }), ...META },
    ),
  ],
  ["logging/setLevel", members({ level: TEXT }, META)],
  [
    "sampling/createMessage",
    members(
      { messages: listOf(members(SAMPLED, META)), maxTokens: NUMBER },
      {
        systemPrompt: TEXT,
        includeContext: TEXT,
        temperature: NUMBER,
        stopSequences: listOf(TEXT),
        metadata: OBJECT,
        modelPreferences: OBJECT,
        tools: listOf(TOOL),
        toolChoice: OBJECT,
        ...ASKED,
      },
    ),
  ],
  [
    "elicitation/create",
    members({ message: TEXT }, { mode: TEXT, requestedSchema: SCHEMA, url: TEXT, elicitationId: TEXT, ...ASKED }),
  ],
  ["notifications/progress", members({ progress: NUMBER }, { total: NUMBER, message: TEXT, ...META })],
  ["notifications/message", members({ level: TEXT, data: ANYTHING }, { logger: TEXT, ...META })],
  ["notifications/resources/updated", members({ uri: TEXT }, META)],
]);

const RESULTS: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  ["tools/call", members({}, { content: listOf(BLOCK), structuredContent: ANYTHING, isError: BOOLEAN, ...ROUND })],
  [
    "prompts/get",
    members({}, { description: TEXT, messages: listOf(members({ role: ROLE, content: BLOCK })), ...ROUND }),
  ],
  ["resources/read", members({}, { contents: listOf(CONTENTS), ...ROUND })],
  ["tools/list", members({ tools: listOf(TOOL) }, PAGE)],
  ["prompts/list", members({ prompts: listOf(PROMPT) }, PAGE)],
  ["resources/list", members({ resources: listOf(members(LINK, LINKED)) }, PAGE)],
  ["resources/templates/list", members({ resourceTemplates: listOf(TEMPLATE) }, PAGE)],
  [
    "completion/complete",
    members({ completion: members({ values: listOf(TEXT) }, { total: NUMBER, hasMore: BOOLEAN }) }, META),
  ],
  ["sampling/createMessage", members(SAMPLED, { model: TEXT, stopReason: TEXT, ...ROUND })],
  ["elicitation/create", members({ action: word("accept", "decline", "cancel") }, { content: OBJECT, ...ROUND })],
  ["roots/list", members({ roots: listOf(members({ uri: TEXT }, { name: TEXT, ...META })) }, META)],
]);
