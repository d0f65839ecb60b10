// The opening scene: one handshake with the client, one with each server, and what the client is told of all of them.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { asked, hello, Stage, type Said } from "../stage.ts";

function opened(stage: Stage): void {
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
}

const INITIALIZED: JsonObject = { jsonrpc: "2.0", method: "notifications/initialized" };

function resultOf(said: readonly Said[]): unknown {
  return said.map(([to, message]) => (to === "client" ? (message as JsonObject)["result"] : undefined)).find(Boolean);
}

describe("servers", () => {
  test("are started at once, all of them", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    opened(stage);
    expect(stage.others).toEqual([
      { kind: "open-server", client: "c", server: "a" },
      { kind: "open-server", client: "c", server: "b" },
    ]);
  });

  test("are greeted after the client, with its capabilities, in the revision settled with it", () => {
    const stage = new Stage();
    opened(stage);
    expect(stage.happen({ kind: "server-opened", client: "c", server: "a" })).toEqual([]);
    const capabilities = { sampling: { tools: {} }, tasks: { list: {} }, unknown: { x: 1 } };
    expect(stage.client(hello({ protocolVersion: "2026-07-28", capabilities, _meta: { k: 1 } }))).toEqual([
      [
        "a",
        {
          jsonrpc: "2.0",
          id: 1,
          method: "initialize",
          params: {
            protocolVersion: "2025-11-25",
            capabilities,
            clientInfo: { name: "tester", version: "1" },
            _meta: { k: 1 },
          },
        },
      ],
    ]);
  });

  test("are told that they are initialized after their own handshake", () => {
    const stage = new Stage();
    opened(stage);
    stage.client(hello());
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    const said = stage.server("a", { id: 1, result: { protocolVersion: "2025-06-18", capabilities: {} } });
    expect(said[0]).toEqual(["a", INITIALIZED]);
  });

  test.each([
    ["speaks another revision", { result: { protocolVersion: "1999-01-01", capabilities: {} } }, "revision"],
    ["answers with an error", { error: { code: -32000, message: "not today" } }, "not today"],
    ["answers with no object", { result: 3 }, "cannot be used"],
  ])("one that %s is closed and reported, and the others go on", (_how, answer, report) => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    opened(stage);
    stage.client(hello());
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    stage.server("a", { id: 1, ...answer });
    expect(stage.others).toContainEqual({ kind: "close-server", client: "c", server: "a" });
    expect(stage.reports().join()).toContain(report);
    expect(resultOf(stage.raise("b"))).toMatchObject({ capabilities: { tools: { listChanged: true } } });
  });

  test("one whose handshake a rule refuses is closed", () => {
    const policy = `default allow\nrule no-b when result of initialize on b block "not b"`;
    const stage = new Stage({ servers: { a: {}, b: {} }, policy });
    opened(stage);
    stage.client(hello());
    stage.raise("a");
    expect(resultOf(stage.raise("b"))).toBeDefined();
    expect(stage.others).toContainEqual({ kind: "close-server", client: "c", server: "b" });
    expect(stage.reports().join()).toContain("not b");
  });
});

describe("the client's answer", () => {
  test("comes when every server has answered or failed, and merges what they said", () => {
    const stage = new Stage({
      servers: {
        a: {
          prompts: [],
          capabilities: { logging: {}, experimental: { one: { x: 1 } }, tasks: { list: {} } },
          instructions: "Be kind.",
        },
        b: {
          resources: [],
          capabilities: { completions: {}, experimental: { two: {} }, future: { y: true } },
          instructions: "Be quick.",
        },
        c: {},
      },
    });
    opened(stage);
    expect(stage.client(hello({ protocolVersion: "2025-06-18" }))).toEqual([]);
    expect(resultOf(stage.raise("a"))).toBeUndefined();
    expect(resultOf(stage.raise("b"))).toBeUndefined();
    expect(resultOf(stage.drop("c"))).toEqual({
      protocolVersion: "2025-06-18",
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        completions: {},
        experimental: { one: { x: 1 }, two: {} },
        tasks: { list: {} },
        future: { y: true },
      },
      serverInfo: { name: "mcprules", version: "1.2.3" },
      instructions: "## a\n\nBe kind.\n\n## b\n\nBe quick.",
    });
  });

  test("has the instructions of a single server as they are", () => {
    const stage = new Stage({ servers: { a: { instructions: "# Hi" } } });
    opened(stage);
    stage.client(hello());
    expect(resultOf(stage.raise("a"))).toMatchObject({ instructions: "# Hi" });
  });

  test("cuts instructions that are too long together, each server's to the same length", () => {
    const stage = new Stage({ servers: { a: { instructions: "a".repeat(50_000) }, b: { instructions: "short" } } });
    opened(stage);
    stage.client(hello());
    stage.raise("a");
    expect(resultOf(stage.raise("b"))).toMatchObject({
      instructions: `## a\n\n${"a".repeat(16_384)}…\n\n## b\n\nshort`,
    });
  });

  test("promises tasks of its own era only, in either direction", () => {
    const extensions = { "io.modelcontextprotocol/tasks": {}, "com.acme/x": { y: 1 } };
    const stage = new Stage({ servers: { a: { capabilities: { tasks: { z: 1 }, extensions } } } });
    opened(stage);
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    const greeting = stage.client(hello({ capabilities: { tasks: { x: 1 }, extensions } }));
    const passing = { extensions: { "com.acme/x": { y: 1 } } };
    const [, said] = greeting[0] ?? [];
    expect((said as JsonObject)["params"]).toMatchObject({ capabilities: { tasks: { x: 1 }, ...passing } });
    expect(JSON.stringify(said)).not.toContain("io.modelcontextprotocol/tasks");
    const result = resultOf(stage.play("a", greeting));
    expect(result).toMatchObject({ capabilities: { tasks: { z: 1 }, ...passing } });
    expect(JSON.stringify(result)).not.toContain("io.modelcontextprotocol/tasks");
  });

  test("is a refusal where something in it must be masked and cannot be", () => {
    const policy = 'default allow\nrule mask when message redact /2025/ as "***"';
    const stage = new Stage({ policy });
    opened(stage);
    stage.client(hello());
    const said = stage.raise("a").filter(([to]) => to === "client");
    expect(said.length).toBe(1);
    expect(JSON.stringify(said)).not.toContain('"2025-');
  });

  test("masks what servers say of themselves, and leaves what the proxy says alone", () => {
    const policy = 'default allow\nrule mask when result of tools/call * redact /20\\d\\d/ as "***"';
    const stage = new Stage({ policy, servers: { a: { instructions: "Since 2019." } } });
    opened(stage);
    stage.client(hello());
    expect(resultOf(stage.raise("a"))).toMatchObject({
      protocolVersion: "2025-11-25",
      serverInfo: { name: "mcprules", version: "1.2.3" },
      instructions: "Since ***.",
    });
  });

  test("is an error that says why, when no server can be reached", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    opened(stage);
    stage.client(hello());
    expect(stage.drop("a")).toEqual([]);
    const [[to, message] = []] = stage.drop("b");
    expect(to).toBe("client");
    expect(message).toMatchObject({ error: { code: 5030, message: expect.stringContaining("`a`") } });
    expect(message).toMatchObject({ error: { message: expect.stringContaining("`b`") } });
  });

  test("does not wait longer than some seconds, and then promises what late servers may have", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    opened(stage);
    stage.client(hello());
    stage.raise("a");
    expect(stage.others).toContainEqual({ kind: "set-timer", timer: 1, afterMs: 10_000 });
    const capabilities = {
      prompts: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      logging: {},
    };
    expect(resultOf(stage.happen({ kind: "timer-fired", timer: 1 }))).toMatchObject({ capabilities });
    stage.client({ method: "notifications/initialized" });
    stage.client({ id: 1, method: "ping" });
    expect(stage.raise("b").filter(([to]) => to === "client")).toEqual([
      ["client", { jsonrpc: "2.0", method: "notifications/tools/list_changed" }],
    ]);
  });

  test("does not keep lists waiting for servers that were not up by then; they hear of the log level later", () => {
    const stage = new Stage({ servers: { a: {}, b: { capabilities: { logging: {} } } } });
    opened(stage);
    stage.client(hello());
    stage.raise("a");
    stage.happen({ kind: "timer-fired", timer: 1 });
    expect(stage.client({ id: 1, method: "tools/list" })).toMatchObject([["client", { result: { tools: [{}] } }]]);
    expect(stage.client({ id: 2, method: "logging/setLevel", params: { level: "error" } })).toMatchObject([
      ["client", { id: 2, result: {} }],
    ]);
    const said = stage.raise("b");
    expect(said).toContainEqual([
      "b",
      { jsonrpc: "2.0", id: 2, method: "logging/setLevel", params: { level: "error" } },
    ]);
    expect(said).toContainEqual(["client", { jsonrpc: "2.0", method: "notifications/tools/list_changed" }]);
  });

  test("is a refusal where a rule blocks it, and it may be tried again", () => {
    const stage = new Stage({
      policy: `default allow\nrule no when initialize ${asked('protocolVersion = "2024-11-05"')} block "too old"`,
    });
    opened(stage);
    stage.raise("a");
    stage.client(hello({ protocolVersion: "2024-11-05" }));
    expect(stage.answer(true)).toMatchObject([["client", { id: "hello", error: { code: 4030, message: "too old" } }]]);
    stage.client(hello());
    expect(resultOf(stage.play("a", stage.answer(false)))).toBeDefined();
  });

  test.each([
    ["a second `initialize`", hello(), -32600],
    ["`initialize` without a revision", { id: "hello", method: "initialize", params: {} }, -32602],
  ])("%s is an error", (_what, message, code) => {
    const stage = code === -32600 ? Stage.open() : new Stage();
    if (code === -32602) opened(stage);
    expect(stage.client(message)).toMatchObject([["client", { id: "hello", error: { code } }]]);
  });
});

describe("before the handshake is done", () => {
  test.each([
    ["a request is refused before `initialize`", { id: 1, method: "tools/list" }, { error: { code: -32600 } }],
    [
      "a question of the modern era that does not say so is refused",
      { id: 1, method: "server/discover" },
      { error: { code: -32602 } },
    ],
    ["a ping is answered", { id: 1, method: "ping" }, { result: {} }],
  ])("%s", (_what, message, answer) => {
    const stage = new Stage();
    opened(stage);
    expect(stage.client(message)).toMatchObject([["client", { id: 1, ...answer }]]);
  });

  test("what the client sends early is handled right after the answer, in order", () => {
    const stage = new Stage({ servers: { a: {} } });
    opened(stage);
    stage.client(hello());
    expect(stage.client({ id: 1, method: "acme/first" })).toEqual([]);
    expect(stage.client({ method: "acme/second" })).toEqual([]);
    const methods = stage.raise("a").map(([, message]) => (message as JsonObject)["method"] ?? "answer");
    expect(methods).toEqual(["notifications/initialized", "answer", "acme/first", "acme/second"]);
  });

  test("a server's questions wait until the client says that it is ready; pings do not", () => {
    const stage = new Stage();
    opened(stage);
    stage.client(hello());
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    expect(stage.server("a", { id: 1, method: "roots/list" })).toEqual([]);
    expect(stage.server("a", { id: 2, method: "ping" })).toMatchObject([["a", { id: 2, result: {} }]]);
    stage.server("a", { id: 1, result: { protocolVersion: "2025-11-25", capabilities: {} } });
    expect(stage.client({ method: "notifications/initialized" })).toMatchObject([["client", { method: "roots/list" }]]);
  });
});
