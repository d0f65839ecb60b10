// What a policy does to messages on their way: refused, changed, masked, dropped; in both directions, with a record of each.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { Stage } from "./stage.ts";
import { call } from "../tool-call.ts";

function open(rules: string, base = "default allow"): Stage {
  return Stage.open({
    policy: `${base}\n${rules}`,
    servers: { a: {}, b: { tools: [{ name: "other", inputSchema: {} }] } },
  });
}

describe("a request of the client", () => {
  test("that a rule refuses never reaches the server", () => {
    const stage = open('rule no when tools/call echo with path "/etc/**" block "not there"');
    expect(stage.client(call(7, { path: "/etc/passwd" }))).toEqual([
      ["client", { id: 7, result: { content: [{ type: "text", text: "not there" }], isError: true } }],
    ]);
    expect(stage.client(call(7, { path: "/tmp/x" }))).toMatchObject([["a", { method: "tools/call" }]]);
    expect(stage.records()).toMatchObject([
      {
        kind: "request",
        method: "tools/call",
        from: "client",
        server: "a",
        name: "echo",
        client: "tester",
        verdict: "block",
        rule: "no",
      },
      { kind: "request", verdict: "allow" },
    ]);
  });

  test("that a rule refuses as an error gets one", () => {
    const stage = open('rule no when tools/call echo with path "/etc/**" block "not there" as error');
    expect(stage.client(call(7, { path: "/etc/passwd" }))).toEqual([
      [
        "client",
        { id: 7, error: { code: 4030, message: "not there", data: { rule: "no", revision: "r1", decision: "block" } } },
      ],
    ]);
  });

  test("is changed and goes on with all else as it was", () => {
    const stage = open("rule cap when tools/call echo with limit > 10 set limit = 10");
    const params = { name: "echo", arguments: { limit: 99, big: 1 }, _meta: { progressToken: "t", x: 1 } };
    expect(stage.client({ id: 7, method: "tools/call", params })).toEqual([
      [
        "a",
        {
          id: "$1",
          method: "tools/call",
          params: { name: "echo", arguments: { limit: 10, big: 1 }, _meta: { progressToken: "$1", x: 1 } },
        },
      ],
    ]);
  });

  test("is known to rules by the server's own name, whatever the client calls it", () => {
    const stage = open(
      'rule r when tool * on a rename to a_*\nrule no when tools/call echo with params.name "echo" and x block "own"',
    );
    expect(stage.client(call(7, { x: 1 }, { name: "a_echo" }))).toMatchObject([
      ["client", { result: { isError: true } }],
    ]);
    expect(stage.client(call(7, { y: 1 }, { name: "a_echo" }))).toMatchObject([["a", { params: { name: "echo" } }]]);
  });

  test("to several servers is judged for each of them", () => {
    const stage = open('rule no when message on a with params.for "b" block');
    const params = { for: "b" };
    expect(stage.client({ method: "acme/happened", params })).toEqual([["b", { method: "acme/happened", params }]]);
    expect(stage.client({ id: 1, method: "acme/ask", params })).toMatchObject([
      ["b", { id: "$1", method: "acme/ask" }],
    ]);
    expect(stage.server("b", { id: "$1", error: { code: -32601, message: "?" } })).toMatchObject([
      ["client", { id: 1, error: { code: 4030 } }],
    ]);
  });

  test("under a default that blocks passes only where a rule allows; what keeps the connection alive does", () => {
    const stage = open("rule yes when tool other allow", "default block");
    expect(stage.client({ id: 1, method: "tools/list" })).toMatchObject([
      ["client", { result: { tools: [{ name: "other" }] } }],
    ]);
    expect(stage.client(call(7, {}, { name: "other" }))).toMatchObject([["b", { method: "tools/call" }]]);
    expect(stage.client({ id: 2, method: "ping" })).toMatchObject([["client", { id: 2, result: {} }]]);
    expect(stage.client({ id: 3, method: "acme/ask" })).toMatchObject([["client", { id: 3, error: { code: 4030 } }]]);
  });
});

describe("a reply", () => {
  test("is masked, and nothing else of it is touched", () => {
    const stage = open('rule mask when message from server redact /AKIA[0-9A-Z]{16}/ as "***"');
    stage.client(call(7, {}));
    const result = { content: [{ type: "text", text: "key AKIAABCDEFGHIJKLMNOP." }], n: 1 };
    expect(stage.server("a", { id: "$1", result })).toEqual([
      ["client", { id: 7, result: { content: [{ type: "text", text: "key ***." }], n: 1 } }],
    ]);
  });

  test("that is refused leaves its request with the refusal", () => {
    const stage = open('rule no when result of tools/call echo containing "secret*" block "not for you"');
    stage.client(call(7, {}));
    expect(stage.server("a", { id: "$1", result: { content: [{ type: "text", text: "secrets" }] } })).toEqual([
      ["client", { id: 7, result: { content: [{ type: "text", text: "not for you" }], isError: true } }],
    ]);
  });

  test("is judged with its request as it was sent", () => {
    const stage = open(
      'rule cap when tools/call echo set q = "changed"\nrule no when result of tools/call echo with request.params.arguments.q "changed" block "seen"',
    );
    stage.client(call(7, { q: "original" }));
    expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([
      ["client", { result: { isError: true, content: [{ text: "seen" }] } }],
    ]);
  });

  test("is judged with its request by the server's own name, also when nothing read that", () => {
    const stage = open(
      'rule r when tool * on a rename to a_*\nrule no when result of tools/call echo with request.params.name "echo" block "seen"',
    );
    stage.client(call(7, {}, { name: "a_echo" }));
    expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([["client", { result: { isError: true } }]]);
  });

  test("sees the tags of its request", () => {
    const stage = open(
      'rule t when tools/call echo with q "x" tag odd\nrule no when result of tools/call echo with tags odd block "tagged"',
    );
    stage.client(call(7, { q: "x" }));
    expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([["client", { result: { isError: true } }]]);
    stage.client(call(7, { q: "y" }));
    expect(stage.server("a", { id: "$2", result: {} })).toMatchObject([["client", { result: {} }]]);
  });

  test("that is an error is judged as one", () => {
    const stage = open('rule e when error of tools/call echo set message = "no details"');
    stage.client(call(7, {}));
    expect(stage.server("a", { id: "$1", error: { code: -1, message: "stack trace", data: 1 } })).toEqual([
      ["client", { id: 7, error: { code: -1, message: "no details", data: 1 } }],
    ]);
  });

  test("with a key twice is sent as it was judged, not as it came", () => {
    const stage = open('rule no when result of tools/call echo containing "secret" block');
    stage.client(call(7, {}));
    const bytes = Buffer.from('{"jsonrpc":"2.0","id":3,"result":{"x":"hidden","x":"shown"}}');
    expect(stage.bytesTo("client", { kind: "server-message", client: "c", server: "a", bytes })).toBe(
      '{"jsonrpc":"2.0","id":7,"result":{"x":"shown"}}',
    );
  });
});

describe("what a server sends of itself", () => {
  test.each([
    [
      "a question that is refused is an error for the server",
      { id: 3, method: "sampling/createMessage", params: {} },
      [["a", { id: 3, error: { code: 4030, message: "no" } }]],
    ],
    [
      "a notification that is refused is dropped",
      { method: "notifications/message", params: { level: "info", data: "x" } },
      [],
    ],
  ] as const)("%s", (_what, message, said) => {
    const stage = open('rule s when sampling/createMessage block "no"\nrule n when notifications/message block');
    expect(stage.server("a", message as JsonObject)).toMatchObject(said);
  });

  test("is masked before the client sees it", () => {
    const stage = open('rule mask when message from server redact /sk-[0-9]+/ as "***"');
    expect(stage.server("a", { method: "notifications/message", params: { level: "info", data: "sk-123" } })).toEqual([
      ["client", { method: "notifications/message", params: { level: "info", data: "***" } }],
    ]);
    expect(stage.server("a", { id: 1, method: "elicitation/create", params: { message: "sk-1?" } })).toMatchObject([
      ["client", { params: { message: "***?" } }],
    ]);
  });

  test("is answered by the client under the rules for what comes from the client", () => {
    const stage = open("rule roots when result of roots/list from client remove roots");
    stage.server("a", { id: 3, method: "roots/list" });
    expect(stage.client({ id: "$1", result: { roots: [], x: 1 } })).toEqual([["a", { id: 3, result: { x: 1 } }]]);
  });

  test("is masked in a server's instructions, and in what the proxy lists", () => {
    const stage = new Stage({
      policy: 'default allow\nrule mask when message from server redact /sk-[0-9]+/ as "***"',
      servers: { a: { instructions: "use sk-123", tools: [{ name: "x", description: "sk-9", inputSchema: {} }] } },
    });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25" } });
    expect(stage.raise("a").filter(([to]) => to === "client")).toMatchObject([
      ["client", { id: 1, result: { instructions: "use ***" } }],
    ]);
    expect(stage.client({ id: 2, method: "tools/list" })).toMatchObject([
      ["client", { result: { tools: [{ description: "***" }] } }],
    ]);
  });
});

describe("a bug of ours", () => {
  test("costs the message at hand, and nobody else's", () => {
    const stage = open("");
    stage.client(call(1, {}));
    const good = stage.store.current();
    if (good === undefined) throw new Error("there is no policy");
    stage.store.swap({ id: "broken", policy: Object.create(null) as typeof good.policy });
    expect(stage.client({ id: 2, method: "acme/ask" })).toMatchObject([["client", { id: 2, error: { code: -32603 } }]]);
    stage.store.swap(good);
    expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([["client", { id: 1, result: {} }]]);
    expect(stage.client(call(3, {}))).toMatchObject([["a", { method: "tools/call" }]]);
    expect(stage.reports().join()).toContain("a bug of mcprules");
  });
});
