// Every field of MCP's messages is for people to read, or never translated, or may hold anything.
import { describe, expect, it } from "vitest";
import { allMethods } from "../../src/mcp/methods.ts";
import { fieldAt, fieldsOf } from "../../src/mcp/fields.ts";
import { readabilityOf, readabilityOfThing, readableFieldsOf } from "../../src/mcp/readable-fields.ts";

const keysOf = (path: string): readonly string[] => (path === "" ? [] : path.split("."));

describe("the definition of a thing", () => {
  it.each([
    ["tool", "title", "readable"],
    ["tool", "description", "readable"],
    ["tool", "annotations.title", "readable"],
    ["tool", "annotations.readOnlyHint", "never"],
    ["tool", "inputSchema", "readable"],
    ["tool", "inputSchema.properties.title", "readable"],
    ["tool", "inputSchema.properties.title.title", "readable"],
    ["tool", "inputSchema.properties.q.items.description", "readable"],
    ["tool", "inputSchema.properties.q.enum", "never"],
    ["tool", "inputSchema.properties.q.default", "never"],
    ["tool", "inputSchema.properties.q.examples", "never"],
    ["tool", "inputSchema.properties.q.x-mcp-header", "never"],
    ["tool", "inputSchema.required", "never"],
    ["tool", "inputSchema.title.title", "never"],
    ["tool", "inputSchema.properties.q.enumNames", "never"],
    ["tool", "outputSchema.$defs.a.oneOf.title", "readable"],
    ["tool", "name", "never"],
    ["tool", "icons.src", "never"],
    ["tool", "_meta.note", "never"],
    ["tool", "note", "anything"],
    ["prompt", "arguments.description", "readable"],
    ["prompt", "arguments.name", "never"],
    ["resource", "description", "readable"],
    ["resource", "name", "never"],
    ["resource", "uri", "never"],
    ["resource", "annotations.audience", "never"],
    ["template", "uriTemplate", "never"],
  ] as const)("of a %s: %s is %s", (kind, path, readability) =>
    expect(readabilityOfThing(kind, keysOf(path))).toBe(readability),
  );
});

describe("a message", () => {
  it.each([
    ["tools/list", "result", "tools.description", "readable"],
    ["tools/list", "result", "tools.name", "never"],
    ["tools/list", "result", "nextCursor", "never"],
    ["prompts/get", "result", "messages.content.text", "readable"],
    ["prompts/get", "result", "messages.role", "never"],
    ["tools/call", "result", "content", "readable"],
    ["tools/call", "result", "content.text", "readable"],
    ["tools/call", "result", "content.data", "never"],
    ["tools/call", "result", "content.resource.text", "readable"],
    ["tools/call", "result", "content.resource.uri", "never"],
    ["tools/call", "result", "structuredContent.label", "anything"],
    ["tools/call", "result", "requestState", "never"],
    ["tools/call", "result", "inputRequests.a", "never"],
    ["tools/call", "result", "summary", "anything"],
    ["tools/call", "request", "arguments.query", "anything"],
    ["tools/call", "request", "name", "never"],
    ["tools/call", "error", "message", "readable"],
    ["tools/call", "error", "data", "never"],
    ["resources/read", "result", "contents.text", "readable"],
    ["resources/read", "result", "contents.blob", "never"],
    ["completion/complete", "result", "completion.values", "never"],
    ["initialize", "result", "instructions", "readable"],
    ["initialize", "result", "serverInfo.title", "never"],
    ["elicitation/create", "request", "message", "readable"],
    ["elicitation/create", "request", "requestedSchema.properties.a.enumNames", "readable"],
    ["elicitation/create", "request", "requestedSchema.properties.a.oneOf.const", "never"],
    ["elicitation/create", "request", "url", "never"],
    ["notifications/tasks/status", "request", "statusMessage", "readable"],
    ["notifications/progress", "request", "progressToken", "never"],
    ["ours/unknown", "result", "text", "anything"],
  ] as const)("of %s, %s: %s is %s", (method, phase, path, readability) =>
    expect(readabilityOf(method, phase, keysOf(path))).toBe(readability),
  );
});

it("the table names only fields that MCP has", () => {
  const fields = allMethods().flatMap(({ method }) =>
    (["request", "result", "error"] as const).flatMap((phase) =>
      readableFieldsOf(method, phase).map(({ keys }) => ({ method, phase, keys })),
    ),
  );
  expect(fields.length).toBeGreaterThan(40);
  const unknown = fields.filter(({ method, phase, keys }) => {
    const fieldsThere = fieldsOf(method, phase);
    return fieldsThere !== undefined && fieldAt(fieldsThere, keys) === undefined;
  });
  expect(unknown).toEqual([]);
});
