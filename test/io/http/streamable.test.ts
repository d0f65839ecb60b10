// Streamable HTTP as a legacy client sees it: sessions, streams, answers, and a status for everything that is wrong.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, HELLO, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

const NOTE = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } };
const ANSWER = { jsonrpc: "2.0", id: 1, result: { done: true } };

describe("a session", () => {
  test("begins with `initialize`, and its id comes with the answer", async () => {
    const { ask, clients } = await openTestDoor();
    const answer = await ask({ body: HELLO });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.headers["mcp-session-id"]).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(answer.json()).toMatchObject({ id: 0, result: { echo: "initialize" } });
    expect(clients).toHaveLength(1);
  });

  test("ends with DELETE, and is then unknown", async () => {
    const { ask, session, clients } = await openTestDoor();
    const id = await session();
    expect((await ask({ method: "DELETE", headers: { "mcp-session-id": id } })).status).toBe(204);
    expect(clients[0]?.isGone()).toBe(true);
    expect((await ask({ body: call(1), headers: { "mcp-session-id": id } })).status).toBe(404);
  });

  test("that was refused never begins", async () => {
    const { ask, clients } = await openTestDoor({ answers: "nothing" });
    const asking = ask({ body: HELLO });
    await until(() => clients.length === 1 && clients[0]?.streamOf("initialize") !== -1);
    clients[0]?.tell(
      { jsonrpc: "2.0", id: 0, error: { code: 4030, message: "no" } },
      clients[0].streamOf("initialize"),
      true,
    );
    const answer = await asking;
    expect(answer.json().error?.message).toBe("no");
    expect(answer.headers["mcp-session-id"]).toBeUndefined();
    expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
  });

  test("that nobody uses ends", async () => {
    const { ask, session, clients } = await openTestDoor({ limits: { sessionIdleMs: 100 } });
    const id = await session();
    expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
    expect((await ask({ body: call(1), headers: { "mcp-session-id": id } })).status).toBe(404);
  });

  test("that somebody listens to is used", async () => {
    const { session, stream, clients } = await openTestDoor({ limits: { sessionIdleMs: 100 } });
    const listening = await stream({ headers: { "mcp-session-id": await session() } });
    await delay(400);
    expect(clients[0]?.isGone()).toBe(false);
    listening.request.destroy();
    expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
  });

  test("whose client left before it learnt of it ends", async () => {
    const { clients, sending } = await openTestDoor({ answers: "nothing" });
    const sent = sending({ body: HELLO });
    await until(() => clients.length === 1);
    sent.destroy();
    expect(await until(() => clients[0]?.isGone() === true)).toBe(true);
  });

  test("is one of as many as there may be", async () => {
    const { ask } = await openTestDoor({ limits: { sessions: 2 } });
    const statuses = [];
    for (let count = 0; count < 3; count++) statuses.push((await ask({ body: HELLO })).status);
    expect(statuses).toEqual([200, 200, 503]);
  });
});

describe("a POST", () => {
  test("is answered with JSON where the answer is all there is", async () => {
    const { ask, session } = await openTestDoor();
    const answer = await ask({ body: call("x"), headers: { "mcp-session-id": await session() } });
    expect(answer.headers["content-type"]).toBe("application/json");
    expect(answer.json()).toMatchObject({ id: "x", result: { echo: "tools/call" } });
  });

  test("is answered with events where something comes before the answer", async () => {
    const { stream, session, clients } = await openTestDoor({ answers: "greetings" });
    const headers = { "mcp-session-id": await session(), "mcp-protocol-version": "2025-11-25" };
    const opening = stream({ body: call(1), headers });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    const number = clients[0]?.streamOf("tools/call") ?? 0;
    clients[0]?.tell(NOTE, number);
    const events = await opening;
    expect(events.headers["content-type"]).toBe("text/event-stream");
    clients[0]?.tell(ANSWER, number, true);
    await events.ended();
    expect(events.text()).toBe(
      [
        `id: ${number}.0\ndata: \n\n`,
        `event: message\nid: ${number}.1\ndata: ${JSON.stringify(NOTE)}\n\n`,
        `event: message\nid: ${number}.2\ndata: ${JSON.stringify(ANSWER)}\n\n`,
      ].join(""),
    );
  });

  test("of an older client gets no event without data", async () => {
    const { stream, session, clients } = await openTestDoor({ answers: "greetings" });
    const headers = { "mcp-session-id": await session(), "mcp-protocol-version": "2025-06-18" };
    const opening = stream({ body: call(1), headers });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    clients[0]?.tell(NOTE, clients[0].streamOf("tools/call"));
    expect(await (await opening).until("data")).toMatch(/^event: message/);
  });

  test("without a request is accepted, and that is all", async () => {
    const { ask, session } = await openTestDoor();
    const answer = await ask({ body: NOTE, headers: { "mcp-session-id": await session() } });
    expect([answer.status, answer.text]).toEqual([202, ""]);
  });

  test("whose request is cancelled ends without an answer", async () => {
    const { ask, session, clients } = await openTestDoor({ answers: "greetings" });
    const asking = ask({ body: call(1), headers: { "mcp-session-id": await session() } });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    clients[0]?.channel.streamDone?.(clients[0].streamOf("tools/call"));
    clients[0]?.channel.flush();
    expect((await asking).status).toBe(202);
  });

  test("keeps line ends out of the message, since servers read one from each line", async () => {
    const { ask, session, clients } = await openTestDoor();
    const id = await session();
    const body = '{\r\n "jsonrpc": "2.0",\n "id": 7,\r "method": "tools/call", "params": {"name": "a\\nb"}}';
    expect((await ask({ body, headers: { "mcp-session-id": id } })).json()).toMatchObject({ id: 7 });
    expect(clients[0]?.said.at(-1)?.message.params?.name).toBe("a\nb");
  });

  test("with an answer in several lines marks each line", async () => {
    const { stream, session, clients } = await openTestDoor({ answers: "greetings" });
    const opening = stream({ body: call(1), headers: { "mcp-session-id": await session() } });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    const number = clients[0]?.streamOf("tools/call");
    clients[0]?.channel.send([Buffer.from('{"jsonrpc":\r\n"2.0",\n'), Buffer.from('"method":\r"x"}')], number);
    clients[0]?.channel.flush();
    const text = await (await opening).until("\n\n");
    expect(text).toContain('data: {"jsonrpc":\ndata: "2.0",\ndata: "method":\ndata: "x"}\n\n');
  });
});

describe("what belongs to no request", () => {
  test("comes on the GET stream, and what came before it was opened too", async () => {
    const { stream, session, clients } = await openTestDoor();
    const id = await session();
    clients[0]?.tell({ n: 1 });
    const listening = await stream({ headers: { "mcp-session-id": id } });
    clients[0]?.tell({ n: 2 });
    expect(await listening.until('{"n":2}')).toContain('{"n":1}');
  });

  test("comes once, on the newest of several", async () => {
    const { stream, session, clients } = await openTestDoor();
    const headers = { "mcp-session-id": await session() };
    const [first, second] = [await stream({ headers }), await stream({ headers })];
    clients[0]?.tell({ n: 1 });
    await second.until('{"n":1}');
    expect(first.text()).toBe("");
    second.request.destroy();
    await delay(50);
    clients[0]?.tell({ n: 2 });
    await first.until('{"n":2}');
  });

  test("that was missed comes again to who names the last event seen", async () => {
    const { stream, session, clients } = await openTestDoor();
    const headers = { "mcp-session-id": await session() };
    const lost = await stream({ headers });
    clients[0]?.tell({ n: 1 });
    await lost.until('{"n":1}');
    lost.request.destroy();
    await delay(50);
    clients[0]?.tell({ n: 2 });
    clients[0]?.tell({ n: 3 });
    const again = await stream({ headers: { ...headers, "last-event-id": "0.1" } });
    const text = await again.until('{"n":3}');
    expect(text).toContain('{"n":2}');
    expect(text).not.toContain('{"n":1}');
  });
});

describe("a stream that broke", () => {
  async function broken() {
    const opened = await openTestDoor({ answers: "greetings" });
    const { stream, session, clients } = opened;
    const headers = { "mcp-session-id": await session(), "mcp-protocol-version": "2025-11-25" };
    const opening = stream({ body: call(1), headers });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    const number = clients[0]?.streamOf("tools/call") ?? 0;
    clients[0]?.tell(NOTE, number);
    const lost = await opening;
    await lost.until("progress");
    lost.request.destroy();
    await delay(50);
    return { ...opened, headers, number };
  }

  test("goes on from the last event seen, and ends with the answer", async () => {
    const { stream, clients, headers, number } = await broken();
    const again = await stream({ headers: { ...headers, "last-event-id": `${number}.0` } });
    clients[0]?.tell(ANSWER, number, true);
    await again.ended();
    expect(again.text()).toContain(`id: ${number}.1\ndata: ${JSON.stringify(NOTE)}`);
    expect(again.text()).toContain(`id: ${number}.2\ndata: ${JSON.stringify(ANSWER)}`);
  });

  test("whose answer came meanwhile brings it", async () => {
    const { stream, clients, headers, number } = await broken();
    clients[0]?.tell(ANSWER, number, true);
    const again = await stream({ headers: { ...headers, "last-event-id": `${number}.1` } });
    await again.ended();
    expect(again.text()).toBe(`event: message\nid: ${number}.2\ndata: ${JSON.stringify(ANSWER)}\n\n`);
  });

  test("with nothing more to come says so, and is not asked again", async () => {
    const { ask, clients, headers, number } = await broken();
    clients[0]?.tell(ANSWER, number, true);
    expect((await ask({ headers: { ...headers, "last-event-id": `${number}.2` } })).status).toBe(204);
  });

  test.each(["9999.0", "x", "1", "-1.0", ""])("cannot be resumed from %j", async (last) => {
    const { ask, headers } = await broken();
    expect((await ask({ headers: { ...headers, "last-event-id": last } })).status).toBe(400);
  });
});

const BAD = '{"jsonrpc": "2.0", "id": 5, "method": ';

describe("what is wrong is said by its status", () => {
  test.each([
    ["no session", 400, { body: call(1) }],
    ["an unknown session", 404, { body: call(1), headers: { "mcp-session-id": "x" } }],
    ["an unknown session to listen to", 404, { headers: { "mcp-session-id": "x" } }],
    ["no session to listen to", 400, {}],
    ["an unknown session to end", 404, { method: "DELETE", headers: { "mcp-session-id": "x" } }],
    ["no session to end", 400, { method: "DELETE" }],
    ["another method", 405, { method: "PUT", body: HELLO }],
    ["PATCH", 405, { method: "PATCH", body: HELLO }],
    ["another path", 404, { path: "/other", body: HELLO }],
    ["a form", 415, { body: "a=b", headers: { "content-type": "application/x-www-form-urlencoded" } }],
    ["text", 415, { body: HELLO, headers: { "content-type": "text/plain" } }],
    ["no content type", 415, { body: HELLO, headers: { "content-type": undefined } }],
    ["a compressed body", 415, { body: HELLO, headers: { "content-encoding": "gzip" } }],
    ["a client that reads no events", 406, { body: HELLO, headers: { accept: "application/json" } }],
    ["a client that reads no JSON", 406, { body: HELLO, headers: { accept: "text/event-stream" } }],
    ["a client that does not say what it reads", 406, { body: HELLO, headers: { accept: undefined } }],
    ["a listener that reads no events", 406, { headers: { accept: "application/json", "mcp-session-id": "x" } }],
    ["a revision nobody knows", 400, { body: HELLO, headers: { "mcp-protocol-version": "1999-01-01" } }],
    ["half a message", 400, { body: BAD }],
    ["an empty body", 400, { body: "" }],
    ["a list of nothing", 400, { body: "[]" }],
    ["no message", 400, { body: "42" }],
    ["a key twice", 400, { body: '{"jsonrpc":"2.0","id":1,"method":"initialize","method":"x"}' }],
    [
      "what is nested too deep",
      400,
      { body: `{"jsonrpc":"2.0","id":1,"params":${"[".repeat(600)}${"]".repeat(600)}}` },
    ],
    ["no UTF-8", 400, { body: Buffer.from([0x22, 0xff, 0x22]) }],
    ["a long body", 413, { body: `"${"x".repeat(20_000)}"` }],
    ["a batch that begins a session", 400, { body: [HELLO] }],
  ])("%s: %i", async (_name, status, asking) => {
    const { ask, clients } = await openTestDoor({ limits: { httpBodyBytes: 10_000 } });
    const answer = await ask(asking);
    expect(answer.status).toBe(status);
    expect(answer.json().error?.code).toBeLessThan(0);
    expect(clients).toHaveLength(0);
  });

  test("and the connection goes on", async () => {
    const { ask, session } = await openTestDoor({ limits: { httpBodyBytes: 10_000 } });
    const headers = { "mcp-session-id": await session() };
    expect((await ask({ body: `"${"x".repeat(1_000_000)}"`, headers })).status).toBe(413);
    expect((await ask({ body: call(2), headers })).status).toBe(200);
  });

  test("a method that is not served names those that are", async () => {
    const { ask } = await openTestDoor();
    expect((await ask({ method: "PUT", body: HELLO })).headers.allow).toBe("POST, GET, DELETE");
  });

  test("what was meant to be an answer is told to who waits for one", async () => {
    const { ask, session, clients } = await openTestDoor();
    const id = await session();
    const body = '{"jsonrpc":"2.0","id":9,"result":{},"result":{}}';
    expect((await ask({ body, headers: { "mcp-session-id": id } })).status).toBe(400);
    expect(clients[0]?.said.at(-1)).toMatchObject({ message: { id: 9 }, stream: undefined });
  });
});
