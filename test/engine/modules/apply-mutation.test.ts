// What a module may make of a message, and what of it stays what it was.
import { describe, expect, it } from "vitest";
import type { Content } from "../../../src/engine/decision.ts";
import type { Facts } from "../../../src/engine/facts.ts";
import { applyMutation } from "../../../src/engine/modules/apply-mutation.ts";
import { moduleMessage } from "../../../src/engine/modules/module-message.ts";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { parseContent, writeContent } from "../../../src/message/content.ts";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { CALL, CALLED, FAILED, GREETED, LISTED } from "./facts.ts";

const tool = (name: string, more: JsonObject = {}): JsonObject => ({ name, inputSchema: { type: "object" }, ...more });
const text = (value: JsonValue): JsonObject => ({ type: "text", text: value });

describe("a mutation", () => {
  it.each<readonly [string, Facts, Content, JsonObject, Content]>([
    [
      "changes an argument",
      CALL,
      { params: { name: "t", arguments: { q: 1, r: 2 } } },
      { method: "tools/call", params: { name: "t", arguments: { q: 3, r: 2 } } },
      { params: { name: "t", arguments: { q: 3, r: 2 } } },
    ],
    [
      "changes a text of a result",
      CALLED,
      { result: { content: [text("a"), text("b")] } },
      { content: [text("x"), text("b")] },
      { result: { content: [text("x"), text("b")] } },
    ],
    [
      "drops a tool from a list",
      LISTED,
      { result: { tools: [tool("a"), tool("b")] } },
      { tools: [tool("b")] },
      { result: { tools: [tool("b")] } },
    ],
    [
      "gives a lone block where a list belongs",
      CALLED,
      { result: { content: [text("a")] } },
      { content: text("b") },
      { result: { content: [text("b")] } },
    ],
    [
      "says an error in other words",
      FAILED,
      { error: { code: 7, message: "m" } },
      { method: "tools/call", error: { code: 7, message: "n" } },
      { error: { code: 7, message: "n" } },
    ],
    [
      "takes a capability away",
      GREETED,
      { result: { capabilities: { tools: {}, logging: {} }, instructions: "a" } },
      { method: "initialize", result: { capabilities: { tools: {} }, instructions: "b" } },
      { result: { capabilities: { tools: {} }, instructions: "b" } },
    ],
    [
      "leaves alone what the server got wrong",
      LISTED,
      { result: { tools: [{ name: "a" }, tool("b")] } },
      { tools: [{ name: "a" }, tool("b", { description: "B" })] },
      { result: { tools: [{ name: "a" }, tool("b", { description: "B" })] } },
    ],
    [
      "leaves alone a block of a kind that nobody knows",
      CALLED,
      { result: { content: [{ type: "video", x: 1 }, text("a")] } },
      { content: [{ type: "video", x: 1 }, text("b")] },
      { result: { content: [{ type: "video", x: 1 }, text("b")] } },
    ],
  ])("%s", (_, facts, content, payload, expected) => {
    expect(applyMutation(facts, content, content, payload)).toMatchObject({ kind: "content", content: expected });
  });

  it.each<readonly [string, Facts, Content, JsonObject, string, string]>([
    [
      "another method",
      CALL,
      { params: { name: "t" } },
      { method: "tools/list", params: { name: "t" } },
      "identity",
      "method",
    ],
    [
      "another tool",
      CALL,
      { params: { name: "t" } },
      { method: "tools/call", params: { name: "u" } },
      "identity",
      "params.name",
    ],
    [
      "a token of its own",
      CALL,
      { params: { name: "t" } },
      { method: "tools/call", params: { name: "t", _meta: { progressToken: 1 } } },
      "identity",
      "params._meta.progressToken",
    ],
    [
      "reserved metadata",
      CALL,
      { params: { name: "t" } },
      { method: "tools/call", params: { name: "t", _meta: { "io.modelcontextprotocol/x": 1 } } },
      "identity",
      "params._meta",
    ],
    [
      "a round's state",
      CALLED,
      { result: { resultType: "input_required", requestState: "s", inputRequests: {} } },
      { resultType: "input_required", requestState: "t", inputRequests: {} },
      "identity",
      "result.requestState",
    ],
    [
      "a tool that was not there",
      LISTED,
      { result: { tools: [tool("a")] } },
      { tools: [tool("a"), tool("b")] },
      "identity",
      "result.tools",
    ],
    [
      "a tool by another name",
      LISTED,
      { result: { tools: [tool("a")] } },
      { tools: [tool("b")] },
      "identity",
      "result.tools",
    ],
    [
      "tools in another order",
      LISTED,
      { result: { tools: [tool("a"), tool("b")] } },
      { tools: [tool("b"), tool("a")] },
      "identity",
      "result.tools",
    ],
    [
      "an error that is none any more",
      FAILED,
      { error: { code: 7, message: "m" } },
      { method: "tools/call", result: {} },
      "schema",
      "payload",
    ],
    [
      "an error with another code",
      FAILED,
      { error: { code: 7, message: "m" } },
      { method: "tools/call", error: { code: 0, message: "m" } },
      "identity",
      "error.code",
    ],
    [
      "a capability that was not there",
      GREETED,
      { result: { capabilities: {} } },
      { method: "initialize", result: { capabilities: { tools: {} } } },
      "identity",
      "result.capabilities",
    ],
    [
      "another server's name",
      GREETED,
      { result: { serverInfo: { name: "a" } } },
      { method: "initialize", result: { serverInfo: { name: "b" } } },
      "identity",
      "result.serverInfo",
    ],
    ["the params alone", CALL, { params: { name: "t" } }, { name: "t" }, "schema", "payload"],
    [
      "a message where a result belongs",
      CALLED,
      { result: { content: [] } },
      { content: "hello" },
      "schema",
      "result.content[0]",
    ],
    [
      "a text that is a number",
      CALLED,
      { result: { content: [text("a")] } },
      { content: [text(7)] },
      "schema",
      "result.content[0].text",
    ],
    [
      "arguments that are a list",
      CALL,
      { params: { name: "t", arguments: {} } },
      { method: "tools/call", params: { name: "t", arguments: [] } },
      "schema",
      "params.arguments",
    ],
    [
      "a block of a kind that it made up",
      CALLED,
      { result: { content: [text("a")] } },
      { content: [{ type: "video" }] },
      "schema",
      "result.content[0].type",
    ],
    [
      "a tool without its schema",
      LISTED,
      { result: { tools: [tool("a")] } },
      { tools: [{ name: "a" }] },
      "schema",
      "result.tools[0].inputSchema",
    ],
    ["a result of another event", LISTED, { result: { tools: [] } }, { prompts: [] }, "schema", "result.tools"],
  ])("is refused when it gives back %s", (_, facts, content, payload, reason, path) => {
    expect(applyMutation(facts, content, content, payload)).toEqual({ kind: "failed", reason, path });
  });

  it("says where it changed something", () => {
    const content = { params: { name: "t", arguments: { a: 1, b: { c: 2 }, d: [1, 2] } } };
    const payload = { method: "tools/call", params: { name: "t", arguments: { a: 1, b: { c: 3 }, d: [1, 9], e: 4 } } };
    expect(applyMutation(CALL, content, content, payload)).toMatchObject({
      paths: ["params.arguments.b.c", "params.arguments.d[1]", "params.arguments.e"],
    });
  });

  it("that says the same in another order of keys is none", () => {
    const content = { params: { name: "t", arguments: { a: 1, b: 2 } } };
    const payload = { params: { arguments: { b: 2, a: 1 }, name: "t" }, method: "tools/call" };
    expect(applyMutation(CALL, content, content, payload)).toEqual({ kind: "content", content, paths: [] });
    expect(applyMutation(CALL, content, content, payload)).toHaveProperty("content", content);
  });

  it("of what was masked leaves the original where the module left the mask", () => {
    const content = { params: { name: "t", arguments: { key: "AKIA1", note: "see AKIA1", q: "x" } } };
    const sent = { params: { name: "t", arguments: { key: "***", note: "see ***", q: "x" } } };
    const payload = {
      method: "tools/call",
      params: { name: "t", arguments: { key: "***", note: "look at ***", q: "y" } },
    };
    expect(applyMutation(CALL, content, sent, payload)).toMatchObject({
      content: { params: { name: "t", arguments: { key: "AKIA1", note: "look at ***", q: "y" } } },
    });
  });

  it("keeps the bytes of what it does not touch: integers above 2^53, spellings of numbers, unknown fields", () => {
    const before =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"x":1.50,"name":"t","arguments":{"id":9007199254740993,"big":1e999,"s":"a"},"y":[12345678901234567890]}}';
    const envelope = readEnvelope(Buffer.from(before), { depth: 64 });
    if (envelope.kind !== "request") throw new Error("no request");
    const content = parseContent(envelope);
    const seen = JSON.parse(JSON.stringify(moduleMessage(CALL, content)?.payload)) as JsonObject;
    const params = seen["params"] as JsonObject;
    const payload = { ...seen, params: { ...params, arguments: { ...(params["arguments"] as JsonObject), s: "b" } } };
    const mutation = applyMutation(CALL, content, content, payload);
    if (mutation.kind !== "content") throw new Error(mutation.reason);
    const after = Buffer.concat(writeContent(envelope, content, mutation.content, [])).toString();
    expect(after).toBe(before.replace('"s":"a"', '"s":"b"'));
  });
});
