// The modern era at the door: what a POST must be like, and what comes back for it.
import { describe, expect, test } from "vitest";
import { call, MODERN, modern, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

const PROGRESS = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } };
const KEY = "io.modelcontextprotocol/";

describe("a request", () => {
  test("is answered with JSON where the answer is all there is, and no session shows", async () => {
    const { ask, clients } = await openTestDoor();
    const answer = await ask(modern("tools/call", { name: "echo" }, { id: "x" }));
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(answer.json()).toEqual({ jsonrpc: "2.0", id: "x", result: { echo: "tools/call" } });
    expect(answer.headers["mcp-session-id"]).toBeUndefined();
    expect(clients[0]?.said[0]?.headers).toEqual({});
  });

  test("is answered with a stream where there is more, which ends with the answer", async () => {
    const { stream, clients } = await openTestDoor({ answers: "nothing" });
    const streaming = stream(modern("tools/call", { name: "echo" }));
    await until(() => clients[0]?.said.length === 1);
    clients[0]?.tell(PROGRESS, 1);
    const opened = await streaming;
    expect(opened.headers["content-type"]).toBe("text/event-stream");
    expect(opened.headers["x-accel-buffering"]).toBe("no");
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, 1, true);
    await opened.ended();
    // No ids: there is nothing to come back to.
    expect(opened.text()).toBe(
      `event: message\ndata: ${JSON.stringify(PROGRESS)}\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n`,
    );
  });

  test("that its client hangs up on is told as such, and what is still sent to it goes nowhere", async () => {
    const { stream, clients, ask } = await openTestDoor({ answers: "nothing" });
    const streaming = stream(modern("subscriptions/listen", { notifications: {} }));
    await until(() => clients[0]?.said.length === 1);
    clients[0]?.tell(PROGRESS, 1);
    const opened = await streaming;
    opened.request.destroy();
    expect(await until(() => clients[0]?.closed.length === 1)).toBe(true);
    expect(clients[0]?.closed).toEqual([1]);
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: { secret: 1 } }, 1, true);
    const asking = ask(modern("tools/list"));
    await until(() => clients[0]?.said.length === 2);
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: { mine: 1 } }, 2, true);
    expect((await asking).json().result).toEqual({ mine: 1 });
  });

  test("brings the headers that repeat arguments, and no others, behind the door", async () => {
    const { ask, clients } = await openTestDoor();
    const headers = { "Mcp-Param-Region": "=?base64?w7w=?=", "mcp-param-a": " b ", authorization: "Bearer s3cr3t" };
    await ask(modern("tools/call", { name: "echo" }, { headers }));
    expect(clients[0]?.said[0]?.headers).toEqual({ "mcp-param-region": "=?base64?w7w=?=", "mcp-param-a": "b" });
  });

  test.each([
    ["a session id that is nobody's", { "mcp-session-id": "nobody" }],
    ["a last event id", { "last-event-id": "1.1" }],
    ["white space around its name", { "mcp-name": "  echo  " }],
    ["its name in base64", { "mcp-name": "=?base64?ZWNobw==?=" }],
    ["names of headers in capitals", { "mcp-method": undefined, "MCP-METHOD": "tools/call" }],
  ])("may have %s", async (_, headers) => {
    const { ask } = await openTestDoor();
    const answer = await ask(modern("tools/call", { name: "echo" }, { headers }));
    expect([answer.status, answer.headers["mcp-session-id"]]).toEqual([200, undefined]);
  });
});

describe("what is wrong with a request", () => {
  test.each([
    ["no revision in the header", { headers: { "mcp-protocol-version": undefined } }, -32_020],
    ["an older revision in the header", { headers: { "mcp-protocol-version": "2025-11-25" } }, -32_020],
    ["an unknown revision in the header", { headers: { "mcp-protocol-version": "1999-01-01" } }, -32_020],
    ["an unknown revision in the body", { meta: { [`${KEY}protocolVersion`]: "1999-01-01" } }, -32_020],
    ["no method in the header", { headers: { "mcp-method": undefined } }, -32_020],
    ["another method in the header", { headers: { "mcp-method": "tools/list" } }, -32_020],
    ["two methods in the header", { headers: { "mcp-method": "tools/call, tools/call" } }, -32_020],
    ["no name in the header", { headers: { "mcp-name": undefined } }, -32_020],
    ["another name in the header", { headers: { "mcp-name": "other" } }, -32_020],
    ["a name in broken base64", { headers: { "mcp-name": "=?base64?ZWNobw?=" } }, -32_020],
    ["no revision in the body", { meta: { [`${KEY}protocolVersion`]: undefined } }, -32_602],
    ["a number for a revision", { meta: { [`${KEY}protocolVersion`]: 7 } }, -32_020],
    ["no capabilities", { meta: { [`${KEY}clientCapabilities`]: undefined } }, -32_602],
    ["capabilities that are a list", { meta: { [`${KEY}clientCapabilities`]: [] } }, -32_602],
    ["a name for client info", { meta: { [`${KEY}clientInfo`]: "me" } }, -32_602],
  ])("%s: 400", async (_, extra, code) => {
    const { ask, clients } = await openTestDoor();
    const answer = await ask(modern("tools/call", { name: "echo" }, { id: 41, ...extra }));
    expect([answer.status, answer.json().id, answer.json().error?.code]).toEqual([400, 41, code]);
    expect(clients).toHaveLength(0);
  });

  test("a revision that nobody speaks is told which are spoken", async () => {
    const { ask } = await openTestDoor();
    const meta = { [`${KEY}protocolVersion`]: "2099-01-01" };
    const answer = await ask(modern("tools/list", {}, { headers: { "mcp-protocol-version": "2099-01-01" }, meta }));
    expect(answer.status).toBe(400);
    expect(answer.json().error).toMatchObject({
      code: -32_022,
      data: {
        supported: [MODERN],
        requested: "2099-01-01",
      },
    });
  });

  test("an older revision, said as only the modern era does, is none that is spoken so", async () => {
    const { ask } = await openTestDoor();
    const meta = { [`${KEY}protocolVersion`]: "2025-11-25" };
    const answer = await ask(modern("tools/list", {}, { headers: { "mcp-protocol-version": "2025-11-25" }, meta }));
    expect([answer.status, answer.json().error?.code]).toEqual([400, -32_022]);
  });

  test("a revision in the header alone is not enough, known or not", async () => {
    const { ask } = await openTestDoor();
    const codes = [];
    for (const revision of [MODERN, "2099-01-01"]) {
      const answer = await ask({ body: call(1), headers: { "mcp-protocol-version": revision } });
      codes.push([answer.status, answer.json().error?.code]);
    }
    expect(codes).toEqual([
      [400, -32_602],
      [400, -32_022],
    ]);
  });

  test.each([
    ["a batch", [call(1)], -32_600],
    ["an answer", { jsonrpc: "2.0", id: 1, result: {} }, -32_600],
    ["an error", { jsonrpc: "2.0", id: 1, error: { code: 1, message: "" } }, -32_600],
    ["no JSON", "{", -32_700],
    ["a key twice", '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":1,"a":2}}', -32_600],
    ["nothing", "", -32_700],
  ])("%s: 400", async (_, body, code) => {
    const { ask, clients } = await openTestDoor();
    const answer = await ask({ body, headers: { "mcp-protocol-version": MODERN } });
    expect([answer.status, answer.json().error?.code]).toEqual([400, code]);
    expect(clients).toHaveLength(0);
  });

  test.each([
    [415, { "content-type": "text/plain" }],
    [415, { "content-type": undefined }],
    [415, { "content-encoding": "gzip" }],
    [406, { accept: "application/json" }],
    [406, { accept: "text/event-stream" }],
    [403, { origin: "https://evil.example" }],
    [403, { host: "evil.example" }],
  ])("%i for %j", async (status, headers) => {
    const { ask, clients } = await openTestDoor();
    expect((await ask(modern("tools/list", {}, { headers }))).status).toBe(status);
    expect(clients).toHaveLength(0);
  });

  test("a body that is too long: 413, and nothing of it is kept", async () => {
    const { ask, clients } = await openTestDoor({ limits: { httpBodyBytes: 1000 } });
    expect((await ask(modern("tools/call", { name: "x".repeat(2000) }, { headers: { "mcp-name": "x" } }))).status).toBe(
      413,
    );
    expect(clients).toHaveLength(0);
  });

  test.each(["GET", "DELETE"])("%s: 405", async (method) => {
    const { ask } = await openTestDoor();
    const answer = await ask({ method, headers: { "mcp-protocol-version": MODERN } });
    expect([answer.status, answer.headers.allow]).toEqual([405, "POST"]);
  });
});

describe("the HTTP status of an answer", () => {
  test.each([
    [-32_601, 404],
    [-32_600, 400],
    [-32_020, 400],
    [-32_021, 400],
    [-32_022, 400],
    [-32_602, 200],
    [-32_603, 200],
    [4030, 200],
  ])("with error %i is %i", async (code, status) => {
    const { ask, clients } = await openTestDoor({ answers: "nothing" });
    const asking = ask(modern("tools/list"));
    await until(() => clients[0]?.said.length === 1);
    clients[0]?.tell({ error: { message: "", code }, id: 1, jsonrpc: "2.0" }, 1, true);
    expect((await asking).status).toBe(status);
  });

  test.each([
    [
      "an error whose key is spelt otherwise",
      '{"id":1,"jsonrpc":"2.0","\\u0065rror":{"code":-32601,"message":""}}',
      404,
    ],
    ["a result that speaks of an error", '{"id":1,"jsonrpc":"2.0","result":{"error":{"code":-32601}}}', 200],
    ["a result with an escape", '{"id":1,"jsonrpc":"2.0","result":{"said":"\\u00e9"}}', 200],
  ])("with %s", async (_, text, status) => {
    const { ask, clients } = await openTestDoor({ answers: "nothing" });
    const asking = ask(modern("tools/list"));
    await until(() => clients[0]?.said.length === 1);
    clients[0]?.tell(text, 1, true);
    expect((await asking).status).toBe(status);
  });

  test("is 200 for whatever a stream has begun with", async () => {
    const { stream, clients } = await openTestDoor({ answers: "nothing" });
    const streaming = stream(modern("tools/list"));
    await until(() => clients[0]?.said.length === 1);
    clients[0]?.tell(PROGRESS, 1);
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, error: { code: -32_601, message: "" } }, 1, true);
    const opened = await streaming;
    await opened.ended();
    expect(opened.status).toBe(200);
    expect(opened.text()).toContain("-32601");
  });
});

describe("a notification", () => {
  test("is taken, and answered with nothing", async () => {
    const { ask, clients } = await openTestDoor();
    const answer = await ask(modern("notifications/x", {}, { id: null }));
    expect([answer.status, answer.text]).toEqual([202, ""]);
    expect(clients[0]?.said.map(({ message }) => message.method)).toEqual(["notifications/x"]);
  });

  test("needs no headers, but those that it has must fit", async () => {
    const { ask } = await openTestDoor();
    const none = { "mcp-protocol-version": undefined, "mcp-method": undefined };
    expect((await ask(modern("notifications/x", {}, { id: null, headers: none }))).status).toBe(202);
    const other = { "mcp-protocol-version": "2025-11-25" };
    expect((await ask(modern("notifications/x", {}, { id: null, headers: other }))).status).toBe(400);
  });

  test("that does not say whose it is, is refused", async () => {
    const { ask } = await openTestDoor();
    const answer = await ask({
      body: { jsonrpc: "2.0", method: "notifications/x" },
      headers: { "mcp-protocol-version": MODERN },
    });
    expect([answer.status, answer.json().error?.code]).toEqual([400, -32_602]);
  });
});
