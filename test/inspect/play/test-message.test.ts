// Messages as a test writes them, and as they go over the wire.
import { describe, expect, test } from "vitest";
import { carriedIn, contentOf, kindOf, reachesServer, withName } from "../../../src/inspect/play/test-message.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";

describe("messages as a test writes them", () => {
  test.each<[string, string | undefined, JsonValue | undefined, JsonObject]>([
    ["tools/call", "a", { x: 1 }, { params: { name: "a", arguments: { x: 1 } } }],
    ["tools/call", "a", undefined, { params: { name: "a" } }],
    ["prompts/get", "p", { city: "Paris" }, { params: { name: "p", arguments: { city: "Paris" } } }],
    ["resources/read", "file:///a", undefined, { params: { uri: "file:///a" } }],
    ["resources/subscribe", undefined, { uri: "file:///a" }, { params: { uri: "file:///a" } }],
    ["completion/complete", "p", { argument: {} }, { params: { ref: { name: "p" }, argument: {} } }],
    ["completion/complete", "f://{x}", { argument: {} }, { params: { ref: { uri: "f://{x}" }, argument: {} } }],
    [
      "completion/complete",
      "p",
      { ref: { type: "ref/prompt" } },
      { params: { ref: { name: "p", type: "ref/prompt" } } },
    ],
    ["tools/list", undefined, undefined, {}],
    ["tools/list", undefined, { cursor: "c" }, { params: { cursor: "c" } }],
    ["sampling/createMessage", undefined, { maxTokens: 5 }, { params: { maxTokens: 5 } }],
    ["acme/unheard-of", undefined, [1], { params: [1] }],
  ])("%s %s %j", (method, name, body, content) => {
    expect(contentOf(method, name, body)).toStrictEqual(content);
  });

  test("a name is found where the method carries it, and replaced there", () => {
    const content = contentOf("completion/complete", "p", { argument: { name: "x" } });
    expect(carriedIn("completion/complete", content)).toStrictEqual({ thing: "prompt", name: "p" });
    expect(withName("completion/complete", content, "q")).toStrictEqual({
      params: { ref: { name: "q" }, argument: { name: "x" } },
    });
    expect(carriedIn("tools/list", {})).toBeUndefined();
  });

  test("what MCP does not know is told by its name", () => {
    expect(kindOf("tools/call")).toBe("request");
    expect(kindOf("notifications/message")).toBe("notification");
    expect(kindOf("notifications/acme/news")).toBe("notification");
    expect(kindOf("acme/unheard-of")).toBe("request");
  });

  test("handshakes and pings reach no server", () => {
    expect(["initialize", "ping", "server/discover", "tools/list"].filter(reachesServer)).toStrictEqual(["tools/list"]);
  });
});
