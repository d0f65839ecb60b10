// Clients that do what no good client does, on real sockets: each gets its status, and nobody else suffers.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, HELLO, openTestDoor, type OpenedDoor } from "./door.ts";
import { head, speak } from "./raw-socket.ts";
import { until } from "../../until.ts";

async function stillServes(opened: OpenedDoor): Promise<void> {
  expect((await opened.ask({ body: HELLO })).status).toBe(200);
}

describe("bytes that are no good request", () => {
  test.each([
    ["no HTTP at all", "hello\r\n\r\n", 400],
    ["no Host", "POST /mcp HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400],
    ["headers without end", `POST /mcp HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["many headers", `POST /mcp HTTP/1.1\r\nHost: localhost\r\n${"A: 1\r\n".repeat(9000)}\r\n`, 431],
    ["two lengths", head(["Content-Length: 2", "Content-Length: 3"]), 400],
    ["a length and chunks", head(["Content-Length: 2", "Transfer-Encoding: chunked"]), 400],
    ["a length that is none", head(["Content-Length: many"]), 400],
    ["a whole address for a path", "GET http://evil.example/mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 404],
    ["a method that is none", "FETCH /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", 400],
  ])("%s: %i", async (_name, text, status) => {
    const opened = await openTestDoor();
    const { heard } = speak(opened, text);
    expect(await until(() => heard() !== "")).toBe(true);
    expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    await stillServes(opened);
    expect(opened.clients).toHaveLength(1);
  });
});

describe("bodies", () => {
  test("that are announced too long are refused before they come", async () => {
    const opened = await openTestDoor({ limits: { httpBodyBytes: 1000 } });
    const { heard } = speak(opened, head(["Content-Length: 99999999999"]));
    expect(await until(() => heard().startsWith("HTTP/1.1 413"))).toBe(true);
    await stillServes(opened);
  });

  test("that turn out too long are refused in the middle, and not kept", async () => {
    const opened = await openTestDoor({ limits: { httpBodyBytes: 1000 } });
    const chunk = `1000\r\n${"x".repeat(4096)}\r\n`;
    const { heard } = speak(opened, head(["Transfer-Encoding: chunked"]) + chunk);
    expect(await until(() => heard().startsWith("HTTP/1.1 413"))).toBe(true);
    await stillServes(opened);
  });

  test.each([
    ["a length", true],
    ["chunks", false],
  ])("that are too long, with %s, are told to who waits for them as an answer", async (_name, isAnnounced) => {
    const opened = await openTestDoor({ limits: { httpBodyBytes: 5000 } });
    const headers = {
      "mcp-session-id": await opened.session(),
      ...(isAnnounced ? {} : { "transfer-encoding": "chunked" }),
    };
    const long = "x".repeat(200_000);
    const asked = { jsonrpc: "2.0", id: 8, method: "tools/call", params: { name: long } };
    expect((await opened.ask({ headers, body: asked })).status).toBe(413);
    expect((await opened.ask({ headers, body: { result: { text: long }, jsonrpc: "2.0", id: 9 } })).status).toBe(413);
    await until(() => opened.clients[0]?.frames.length === 1);
    expect(opened.clients[0]?.frames.map((frame) => frame.kind === "oversize" && frame.end.includes('"id":9'))).toEqual(
      [true],
    );
  });

  test("that come byte by byte are waited for, and keep nobody else waiting", async () => {
    const opened = await openTestDoor();
    const body = JSON.stringify(HELLO);
    const { socket, heard } = speak(opened, head([`Content-Length: ${body.length}`]));
    for (const [index, letter] of body.split("").entries()) {
      if (index % 20 === 0) await stillServes(opened);
      socket.write(letter);
      await delay(1);
    }
    expect(await until(() => heard().startsWith("HTTP/1.1 200"))).toBe(true);
  });

  test("whose client leaves in the middle bring nobody in", async () => {
    const opened = await openTestDoor();
    const { socket } = speak(opened, `${head(["Content-Length: 1000"])}{"jsonrpc"`);
    await delay(50);
    socket.destroy();
    await delay(50);
    expect(opened.clients).toHaveLength(0);
    await stillServes(opened);
  });
});

describe("connections", () => {
  test("that the client has half closed end, and nothing hangs on them", async () => {
    const opened = await openTestDoor({ answers: "greetings" });
    const id = await opened.session();
    const body = JSON.stringify(call(1));
    const { socket } = speak(opened, head([`Mcp-Session-Id: ${id}`, `Content-Length: ${body.length}`]) + body);
    await until(() => opened.clients[0]?.streamOf("tools/call") !== -1);
    socket.end();
    await once(socket, "close");
    const number = opened.clients[0]?.streamOf("tools/call");
    opened.clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, number, true);
    expect((await opened.ask({ body: HELLO })).status).toBe(200);
  });

  test("with several requests one after the other get all answers in order", async () => {
    const opened = await openTestDoor();
    const id = await opened.session();
    const one = (number: number): string => {
      const body = JSON.stringify(call(number));
      return head([`Mcp-Session-Id: ${id}`, `Content-Length: ${body.length}`]) + body;
    };
    const { heard } = speak(opened, one(1) + one(2) + one(3));
    expect(await until(() => heard().split("HTTP/1.1 200").length === 4)).toBe(true);
    expect([...heard().matchAll(/"id":(\d)/g)].map((match) => match[1])).toEqual(["1", "2", "3"]);
  });

  test("that do not read slow down who writes to them, and are let go when they leave", async () => {
    const opened = await openTestDoor();
    const id = await opened.session();
    const listening = await opened.stream({ headers: { "mcp-session-id": id } });
    listening.response.pause();
    const [client] = opened.clients;
    const message = { text: "x".repeat(100_000) };
    for (let count = 0; count < 200 && client?.channel.isFull() !== true; count++) {
      client?.tell(message);
      await delay(1);
    }
    expect(client?.channel.isFull()).toBe(true);
    listening.request.destroy();
    expect(await until(() => client?.channel.isFull() === false)).toBe(true);
  });

  test("of a session whose servers take no more wait, in order, and not without end", async () => {
    const opened = await openTestDoor({ limits: { inFlight: 2 } });
    const headers = { "mcp-session-id": await opened.session() };
    opened.clients[0]?.channel.setPaused(true);
    const waiting = [opened.ask({ body: call(1), headers }), opened.ask({ body: call(2), headers })];
    await delay(100);
    expect((await opened.ask({ body: call(3), headers })).status).toBe(503);
    opened.clients[0]?.channel.setPaused(false);
    expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200]);
  });

  test("are all gone when the door closes", async () => {
    const opened = await openTestDoor({ answers: "greetings" });
    const headers = { "mcp-session-id": await opened.session() };
    const listening = await opened.stream({ headers });
    const { socket } = speak(opened, "POST /mcp HTTP/1.1\r\n");
    await delay(50);
    await opened.door.close();
    await listening.ended();
    expect(await until(() => socket.destroyed || socket.readableEnded)).toBe(true);
    expect(opened.clients[0]?.isGone()).toBe(true);
  });
});
