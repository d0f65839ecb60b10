// Clients and servers of both eras, in the four combinations: who is greeted how, and what crosses changed.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { asked, hello, modern, type ServerScript, Stage } from "../stage.ts";

const MODERN: ServerScript = { era: "modern" };
const LEGACY: ServerScript = {};
const REVISION = "io.modelcontextprotocol/protocolVersion";
const CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
const CLIENT = "io.modelcontextprotocol/clientInfo";
const LOG_LEVEL = "io.modelcontextprotocol/logLevel";
const SERVER = "io.modelcontextprotocol/serverInfo";
const PROXY = { [SERVER]: { name: "mcprules", version: "1.2.3" } };
const TOOL = { name: "echo", inputSchema: { type: "object" } };
const CALL = { name: "echo", arguments: { n: 1 } };

function discovery(era: ServerScript): JsonObject {
  const stage = new Stage({ servers: { a: era } });
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  stage.raise("a");
  const said = stage.play("a", stage.client(modern(1, "server/discover")));
  return said.find(([to]) => to === "client")?.[1] as JsonObject;
}

describe("a modern client", () => {
  test.each([
    ["legacy", LEGACY],
    ["modern", MODERN],
  ])("is told by server/discover what a %s server can do", (_era, server) => {
    expect(discovery(server)).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: {
        resultType: "complete",
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: { listChanged: true } },
        ttlMs: 0,
        cacheScope: "private",
        _meta: PROXY,
      },
    });
  });

  test.each([
    ["legacy", LEGACY, 0],
    ["modern", MODERN, 5000],
  ])("gets one page of the tools of a %s server, to be kept no longer than the server's", (_era, server, ttlMs) => {
    const stage = Stage.modern({ servers: { a: server } });
    const result = { tools: [TOOL], resultType: "complete", ttlMs, cacheScope: "private", _meta: PROXY };
    expect(stage.client(modern(1, "tools/list"))).toEqual([["client", { id: 1, result }]]);
  });

  test("calls a tool of a legacy server, which hears nothing of the modern era", () => {
    const stage = Stage.modern({ servers: { a: LEGACY } });
    expect(stage.client(modern(1, "tools/call", CALL, { progressToken: "p", x: 1 }))).toEqual([
      ["a", { id: "$1", method: "tools/call", params: { ...CALL, _meta: { progressToken: "$1", x: 1 } } }],
    ]);
    expect(
      stage.server("a", { method: "notifications/progress", params: { progressToken: "$1", progress: 1 } }),
    ).toEqual([["client", { method: "notifications/progress", params: { progressToken: "p", progress: 1 } }]]);
    expect(stage.server("a", { id: "$1", result: { content: [], _meta: { y: 2 } } })).toEqual([
      ["client", { id: 1, result: { content: [], resultType: "complete", _meta: { y: 2, ...PROXY } } }],
    ]);
  });

  test("hears what a legacy server logs while a request of its wants it, and not more", () => {
    const stage = Stage.modern({ servers: { a: { capabilities: { logging: {} } } } });
    const log = (level: string): JsonObject => ({ method: "notifications/message", params: { level, data: "d" } });
    stage.client(modern(1, "tools/call", CALL));
    expect(stage.server("a", log("error"))).toEqual([]);
    const said = stage.client(modern(2, "tools/call", CALL, { [LOG_LEVEL]: "warning" }));
    expect(said).toMatchObject([
      ["a", { method: "logging/setLevel", params: { level: "warning" } }],
      ["a", { id: "$3", method: "tools/call" }],
    ]);
    expect(stage.server("a", log("error"))).toEqual([["client", log("error")]]);
    expect(stage.server("a", log("info"))).toEqual([]);
    expect(stage.client(modern(3, "tools/call", CALL, { [LOG_LEVEL]: "error" }))).toHaveLength(1);
    expect(stage.client(modern(4, "tools/call", CALL, { [LOG_LEVEL]: "debug" }))).toMatchObject([
      ["a", { method: "logging/setLevel", params: { level: "debug" } }],
      ["a", { method: "tools/call" }],
    ]);
  });

  test("calls a tool of a modern server, which knows who asks", () => {
    const stage = Stage.modern({ servers: { a: MODERN } });
    const asked = modern(1, "tools/call", CALL, { [LOG_LEVEL]: "info" });
    expect(stage.client(asked)).toEqual([["a", { ...asked, id: "$1" }]]);
    const result = { content: [], resultType: "complete" };
    expect(stage.server("a", { id: "$1", result: { ...result, _meta: { [SERVER]: { name: "x" } } } })).toEqual([
      ["client", { id: 1, result: { ...result, _meta: PROXY } }],
    ]);
  });

  test.each([
    ["a legacy method", modern(1, "ping"), { code: -32601, message: "`ping` is not available" }],
    ["initialize", { ...hello(), id: 1 }, { code: -32601, message: "`initialize` is not available" }],
    [
      "a revision nobody knows",
      modern(1, "tools/list", {}, { [REVISION]: "1900-01-01" }),
      {
        code: -32022,
        message: "unsupported protocol version: 1900-01-01",
        data: {
          supported: ["2026-07-28"],
          requested: "1900-01-01",
        },
      },
    ],
    [
      "no revision",
      { id: 1, method: "tools/list", params: {} },
      {
        code: -32602,
        message:
          "every request says in `_meta` which revision of MCP it is of: `io.modelcontextprotocol/protocolVersion`",
      },
    ],
    [
      "capabilities that are none",
      modern(1, "tools/list", {}, { [CAPABILITIES]: 5 }),
      {
        code: -32602,
        message:
          "what `_meta` says of its sender cannot be used: `io.modelcontextprotocol/clientCapabilities` is no object",
      },
    ],
    [
      "a level that is no text",
      modern(1, "tools/list", {}, { [LOG_LEVEL]: 5 }),
      { code: -32602, message: "`io.modelcontextprotocol/logLevel` in `_meta` is no level" },
    ],
    [
      "a level that is none",
      modern(1, "tools/list", {}, { [LOG_LEVEL]: "loud" }),
      { code: -32602, message: "`io.modelcontextprotocol/logLevel` in `_meta` is no level" },
    ],
  ])("is refused %s", (_what, message: JsonValue, error: JsonObject) => {
    const stage = Stage.modern();
    expect(stage.client(message)).toEqual([["client", { id: 1, error }]]);
  });

  test("may go on as a legacy one where its revision is not spoken", () => {
    const stage = new Stage({ servers: { a: {} } });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.raise("a");
    const later = modern(1, "server/discover", {}, { [REVISION]: "2099-01-01" });
    expect(stage.client(later)).toMatchObject([["client", { id: 1, error: { code: -32022 } }]]);
    expect(stage.client(hello())).toMatchObject([["a", { method: "initialize" }]]);
  });

  test("is refused in its own words: a call as a whole result, an unknown resource as wrong params", () => {
    const policy = 'default allow\nrule no when tools/call echo with n 1 block "not today"';
    const stage = Stage.modern({ policy, servers: { a: { resources: [] }, b: { tools: [], resources: [] } } });
    expect(stage.client(modern(1, "tools/call", CALL))).toMatchObject([
      ["client", { id: 1, result: { isError: true, resultType: "complete", _meta: PROXY } }],
    ]);
    expect(stage.client(modern(2, "resources/read", { uri: "file:///x" }))).toMatchObject([
      ["client", { id: 2, error: { code: -32602 } }],
    ]);
  });

  test("over HTTP cancels by hanging up what is not even sent yet, behind a notification that waits", () => {
    const policy = `default allow\nrule slow when notification with params.kind "slow" ${asked("true")} log`;
    const stage = Stage.modern({ policy });
    const say = (stream: number, message: JsonObject): ReturnType<Stage["happen"]> => {
      const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...message }));
      return stage.happen({ kind: "client-message", client: "c", stream, bytes });
    };
    say(9, { method: "notifications/acme", params: { kind: "slow" } });
    for (const stream of [10, 11]) say(stream, modern(1, "tools/call", CALL));
    expect(stage.happen({ kind: "stream-closed", client: "c", stream: 10 })).toEqual([]);
    expect(stage.answer(true).filter(([, message]) => (message as JsonObject)["method"] === "tools/call")).toHaveLength(
      1,
    );
  });

  test("over HTTP cancels by hanging up, also where two clients use one id", () => {
    const stage = Stage.modern();
    const ask = (stream: number): ReturnType<Stage["happen"]> => {
      const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...modern(1, "tools/call", CALL) }));
      return stage.happen({ kind: "client-message", client: "c", stream, bytes });
    };
    ask(10);
    ask(11);
    expect(stage.happen({ kind: "stream-closed", client: "c", stream: 10 })).toEqual([
      ["a", { method: "notifications/cancelled", params: { requestId: "$1" } }],
    ]);
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
    expect(stage.server("a", { id: "$2", result: {} })).toMatchObject([["client", { id: 1 }]]);
    expect(stage.others).toContainEqual({ kind: "stream-done", client: "c", stream: 11 });
  });

  test.each([
    ["notifications/resources/updated", { uri: "file:///x" }],
    ["notifications/elicitation/complete", { elicitationId: "e" }],
    ["notifications/tools/list_changed", {}],
    ["notifications/subscriptions/acknowledged", {}],
  ])("is not told by itself of %s", (method, params) => {
    for (const server of [LEGACY, MODERN]) {
      const stage = Stage.modern({ servers: { a: server } });
      expect(stage.server("a", { method, params }).filter(([to]) => to === "client")).toEqual([]);
    }
  });

  test("says what it wants to listen for", () => {
    const error = { code: -32602, message: "`subscriptions/listen` needs `notifications`" };
    expect(Stage.modern().client(modern(1, "subscriptions/listen"))).toEqual([["client", { id: 1, error }]]);
  });

  test("has its introduction judged once, as the handshake that it stands for", () => {
    const policy = "default allow\nrule no when initialize remove capabilities.sampling";
    const stage = Stage.modern({ policy, servers: { a: MODERN } });
    const [said] = stage.client(modern(1, "tools/call", CALL));
    expect(said?.[1]).toMatchObject({ params: { _meta: { [CAPABILITIES]: { elicitation: {}, roots: {} } } } });
    expect(JSON.stringify(said)).not.toContain("sampling");
    expect(stage.records().map(({ method }) => method)).toEqual(["tools/call"]);
  });

  test("that a rule on the handshake refuses reaches nobody", () => {
    const stage = new Stage({ policy: "default allow\nrule no when initialize block", servers: { a: MODERN } });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.raise("a");
    expect(stage.client(modern(1, "server/discover"))).toMatchObject([["client", { id: 1, error: { code: 4030 } }]]);
  });
});

describe("a legacy client", () => {
  test("greets a modern server through the proxy, and gets its tools without the words of the modern era", () => {
    const stage = Stage.open({ servers: { a: MODERN } });
    expect(stage.client({ id: 1, method: "tools/list" })).toEqual([["client", { id: 1, result: { tools: [TOOL] } }]]);
  });

  test("calls a tool of a modern server, which hears who asks, and what log is wanted", () => {
    const stage = Stage.open({ servers: { a: { ...MODERN, capabilities: { logging: {} } } } });
    expect(stage.client({ id: 5, method: "logging/setLevel", params: { level: "warning" } })).toEqual([
      ["client", { id: 5, result: {} }],
    ]);
    expect(stage.client({ id: 1, method: "tools/call", params: CALL })).toEqual([
      [
        "a",
        {
          id: "$1",
          method: "tools/call",
          params: {
            ...CALL,
            _meta: {
              [REVISION]: "2026-07-28",
              [CLIENT]: { name: "tester", version: "1" },
              [CAPABILITIES]: { sampling: {}, elicitation: {}, roots: { listChanged: true } },
              [LOG_LEVEL]: "warning",
            },
          },
        },
      ],
    ]);
    const meta = { [SERVER]: { name: "x" }, y: 1 };
    expect(stage.server("a", { id: "$1", result: { resultType: "complete", content: [], _meta: meta } })).toEqual([
      ["client", { id: 1, result: { content: [], _meta: { y: 1 } } }],
    ]);
  });

  test("is asked nothing by a modern server outside of results", () => {
    const stage = Stage.open({ servers: { a: MODERN } });
    expect(stage.server("a", { id: 1, method: "roots/list" })).toEqual([]);
    expect(stage.reports()).toEqual(["it asks `roots/list`, which no modern server may"]);
  });
});
