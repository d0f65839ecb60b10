// A request is answered exactly once, whatever happens: servers that die, clients that leave, rubbish, batches, limits.
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/mcp/json.ts";
import { type Said, Stage } from "./stage.ts";

const CALL = { id: 7, method: "tools/call", params: { name: "echo" } };

function raw(stage: Stage, from: "client" | "a", text: string): readonly Said[] {
  const bytes = Buffer.from(text);
  return stage.happen(
    from === "client"
      ? { kind: "client-message", client: "c", bytes }
      : { kind: "server-message", client: "c", server: from, bytes },
  );
}

describe("a server that dies", () => {
  test("leaves an error to every request it had, and to later ones after a while", () => {
    const stage = Stage.open();
    stage.client(CALL);
    stage.client({ ...CALL, id: "8" });
    const error = { code: 5030, message: "the server `a` cannot be reached: exited with code 1" };
    const said = stage.drop("a");
    expect(said).toHaveLength(2);
    expect(said).toEqual(
      expect.arrayContaining([
        ["client", { id: 7, error }],
        ["client", { id: "8", error }],
      ]),
    );
    expect(stage.reports()).toEqual(["exited with code 1"]);
    expect(stage.client({ ...CALL, id: 9 })).toEqual([]);
    expect(stage.fire(5000)).toEqual([["client", { id: 9, error }]]);
    expect(stage.drop("a")).toEqual([]);
  });

  test("keeps its things in the lists, and the others keep working", () => {
    const stage = Stage.open({ servers: { a: {}, b: { tools: [{ name: "other", inputSchema: {} }] } } });
    stage.drop("a");
    const tools = [
      { name: "echo", inputSchema: { type: "object" } },
      { name: "other", inputSchema: {} },
    ];
    expect(stage.client({ id: 1, method: "tools/list" })).toEqual([["client", { id: 1, result: { tools } }]]);
    expect(stage.client({ ...CALL, params: { name: "other" } })).toMatchObject([["b", { method: "tools/call" }]]);
  });

  test("takes its own questions with it: the client's answers to them go nowhere", () => {
    const stage = Stage.open();
    stage.server("a", { id: 1, method: "roots/list" });
    stage.drop("a");
    expect(stage.client({ id: "$1", result: { roots: [] } })).toEqual([]);
  });
});

describe("a client that leaves", () => {
  test("ends its servers, and nothing is said any more", () => {
    const stage = Stage.open({ servers: { a: {}, b: {} } });
    stage.client(CALL);
    stage.drop("b");
    stage.others.length = 0;
    expect(stage.happen({ kind: "client-closed", client: "c" })).toEqual([]);
    expect(stage.others.filter(({ kind }) => kind === "close-server")).toEqual([
      { kind: "close-server", client: "c", server: "a" },
    ]);
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
    expect(stage.client(CALL)).toEqual([]);
    expect(stage.drop("a")).toEqual([]);
  });

  test("takes its timers along", () => {
    const stage = new Stage();
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25" } });
    stage.happen({ kind: "client-closed", client: "c" });
    expect(stage.others).toContainEqual({ kind: "clear-timer", timer: 1 });
    expect(stage.fire(10_000)).toEqual([]);
  });
});

describe("what is no message", () => {
  test.each([
    ["no JSON at all", "hello", { id: null, error: { code: -32700 } }],
    [
      "JSON that is cut off",
      '{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{',
      { id: 3, error: { code: -32700 } },
    ],
    [
      "a key twice in a request",
      '{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"a":1,"a":2}}',
      { id: "x", error: { code: -32600 } },
    ],
    ["a request without a method", '{"jsonrpc":"2.0","id":3}', { id: 3, error: { code: -32600 } }],
    ["an empty batch", "[]", { id: null, error: { code: -32600 } }],
  ])("from a client is answered: %s", (_what, text, answer) => {
    expect(raw(Stage.open(), "client", text)).toMatchObject([["client", answer]]);
  });

  test("from a client that was to be a reply is an error for the server that asked, at once", () => {
    const stage = Stage.open();
    stage.server("a", { id: "s", method: "roots/list" });
    expect(raw(stage, "client", '{"jsonrpc":"2.0","id":1,"result":{"a":')).toMatchObject([
      ["a", { id: "s", error: { code: -32603 } }],
    ]);
  });

  test.each([
    ["hello", "it is not JSON at byte 0"],
    [" null", "it is JSON, but no message of JSON-RPC"],
    ['{"level":30}', '`jsonrpc` is not "2.0"'],
  ])("from a client is reported without what it said: %s", (text, reason) => {
    const stage = Stage.open();
    raw(stage, "client", text);
    expect(stage.reports()).toEqual([`from the client: a message was dropped: ${reason}`]);
  });

  test("from a server that was to be a reply is an error for the client, at once", () => {
    const stage = Stage.open();
    stage.client(CALL);
    const id = 3;
    const said = raw(stage, "a", `{"jsonrpc":"2.0","id":${id},"result":{"x":}}`);
    expect(said).toMatchObject([["client", { id: 7, error: { code: -32603 } }]]);
  });

  test("since it is too long, is answered all the same", () => {
    const stage = Stage.open();
    const start = Buffer.from(
      '{"jsonrpc":"2.0","id":"big","method":"tools/call","params":{"name":"echo","arguments":{"x":"aaaaa',
    );
    const said = stage.happen({ kind: "client-oversize", client: "c", start, end: Buffer.from('aaaa"}}}') });
    expect(said).toEqual([["client", { id: "big", error: { code: -32600, message: "it is too long" } }]]);
  });

  test("since it is too long, from a server, is an error for the client", () => {
    const stage = Stage.open();
    stage.client(CALL);
    const start = Buffer.from('{"jsonrpc":"2.0","id":3,"result":{"content":[{"type":"text","text":"aaaa');
    const said = stage.happen({
      kind: "server-oversize",
      client: "c",
      server: "a",
      start,
      end: Buffer.from('aaa"}]}}'),
    });
    expect(said).toMatchObject([["client", { id: 7, error: { code: -32603 } }]]);
  });

  test.each([
    ["a reply to nothing", { id: 99, result: {} }, 1],
    ["a reply that came late", { id: 1, result: {} }, 0],
    ["an error without an id", { error: { code: 1, message: "m" } }, 1],
  ])("%s of a server goes nowhere", (_what, message, reports) => {
    const stage = Stage.open();
    expect(stage.server("a", message)).toEqual([]);
    expect(stage.reports().length).toBe(reports);
  });
});

describe("a batch", () => {
  const entries = [
    { jsonrpc: "2.0", ...CALL },
    { jsonrpc: "2.0", method: "acme/happened" },
    { jsonrpc: "2.0", id: 8, method: "ping" },
    { jsonrpc: "2.0", id: 9 },
  ];

  test("of 2025-03-26 gets one answer, when all are there", () => {
    const stage = Stage.open({
      client: { protocolVersion: "2025-03-26" },
      servers: { a: { protocolVersion: "2025-03-26" } },
    });
    expect(stage.client(entries)).toMatchObject([
      ["a", { id: "$1", method: "tools/call" }],
      ["a", { method: "acme/happened" }],
    ]);
    const answers = [
      { id: 8, result: {} },
      { id: 9, error: { code: -32600 } },
      { id: 7, result: { ok: true } },
    ];
    expect(stage.server("a", { id: "$1", result: { ok: true } })).toMatchObject([["client", answers]]);
  });

  test("waits for no answer to what was cancelled", () => {
    const stage = Stage.open({ client: { protocolVersion: "2025-03-26" } });
    stage.client(entries.slice(0, 3));
    const said = stage.client({ method: "notifications/cancelled", params: { requestId: 7 } });
    expect(said).toMatchObject([
      ["client", [{ id: 8, result: {} }]],
      ["a", { method: "notifications/cancelled" }],
    ]);
  });

  test("of notifications gets no answer", () => {
    const stage = Stage.open({ client: { protocolVersion: "2025-03-26" } });
    expect(stage.client([entries[1] as JsonValue])).toEqual([["a", { method: "acme/happened" }]]);
  });

  test("in another revision loses nothing: each entry is answered by itself", () => {
    const stage = Stage.open();
    const said = stage.client(entries.slice(2));
    expect(said).toMatchObject([
      ["client", { id: 8, result: {} }],
      ["client", { id: 9, error: { code: -32600 } }],
    ]);
  });

  test("of a server's replies answers each request", () => {
    const stage = Stage.open();
    stage.client(CALL);
    stage.client({ ...CALL, id: 8 });
    const said = stage.server("a", [
      { jsonrpc: "2.0", id: "$2", result: {} },
      { jsonrpc: "2.0", id: "$1", result: { x: 1 } },
    ]);
    expect(said).toEqual([
      ["client", { id: 8, result: {} }],
      ["client", { id: 7, result: { x: 1 } }],
    ]);
  });
});

test.each([
  ["tools/call", {}],
  ["tools/call", { name: 3 }],
  ["prompts/get", undefined],
  ["resources/read", { uri: null }],
  ["resources/subscribe", {}],
  ["completion/complete", {}],
  ["logging/setLevel", { level: 1 }],
])("`%s` with %j lacks what it needs, and no server is asked", (method, params) => {
  const message = params === undefined ? { id: 1, method } : { id: 1, method, params };
  expect(Stage.open({ servers: { a: { resources: [] } } }).client(message)).toMatchObject([
    ["client", { id: 1, error: { code: -32602 } }],
  ]);
});

describe("limits", () => {
  test("more requests in flight than allowed are refused, and the others are not harmed", () => {
    const stage = Stage.open({ options: { limits: { depth: 64, inFlight: 2 } } });
    stage.client(CALL);
    stage.client({ ...CALL, id: 8 });
    expect(stage.client({ ...CALL, id: 9 })).toMatchObject([["client", { id: 9, error: { code: 4290 } }]]);
    stage.server("a", { id: "$1", result: {} });
    expect(stage.client({ ...CALL, id: 10 })).toMatchObject([["a", { method: "tools/call" }]]);
  });

  test("one id given twice does not get round them", () => {
    const stage = Stage.open({ options: { limits: { depth: 64, inFlight: 2 } } });
    stage.client(CALL);
    stage.client(CALL);
    expect(stage.client(CALL)).toMatchObject([["client", { id: 7, error: { code: 4290 } }]]);
  });

  test("too deep a message is refused", () => {
    const deep = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${"[".repeat(70)}${"]".repeat(70)}}`;
    expect(raw(Stage.open(), "client", deep)).toMatchObject([["client", { id: 1, error: {} }]]);
  });
});

describe("bytes", () => {
  test("are forwarded as they came, but for the id, the token and the name", () => {
    const policy = "default allow\nrule r when tool * rename to x_*";
    const stage = Stage.open({ policy });
    const message =
      '{ "params" : {"_meta":{"progressToken":"t", "b":1.0},"arguments":{"n":12345678901234567890,"s":"\\u00e9"}, "name":"x_echo"},"method":"tools/call","id" : "k","jsonrpc":"2.0"}';
    const sent = stage.bytesTo("server", { kind: "client-message", client: "c", bytes: Buffer.from(message) });
    const id = /"id" : (\d+)/.exec(sent)?.[1] ?? "";
    expect(sent).toBe(message.replace('"t"', id).replace('"x_echo"', '"echo"').replace('"k"', id));
    const reply = `{"result":{"a":1e400, "a":2},"id":${id},"jsonrpc":"2.0"}`;
    const bytes = Buffer.from(reply);
    const answer = stage.bytesTo("client", { kind: "server-message", client: "c", server: "a", bytes });
    expect(answer).toBe(reply.replace(`"id":${id}`, '"id":"k"'));
  });
});

test("several clients live side by side, each with its own servers and ids", () => {
  const stage = Stage.open();
  stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
  expect(stage.client({ id: 1, method: "initialize", params: { protocolVersion: "2025-06-18" } }, "d")).toEqual([]);
  expect(stage.happen({ kind: "server-opened", client: "d", server: "a" })).toMatchObject([
    ["a", { method: "initialize", params: { protocolVersion: "2025-06-18" } }],
  ]);
  stage.happen({ kind: "client-closed", client: "c" });
  expect(stage.server("a", { id: 1, result: { protocolVersion: "2025-06-18", capabilities: {} } }, "d")).toMatchObject([
    ["a", { method: "notifications/initialized" }],
    ["client", { id: 1, result: {} }],
  ]);
});
