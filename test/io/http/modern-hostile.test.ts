// Clients of the modern era that do what no good client does, on real sockets: each gets its status, and nobody else suffers.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { MODERN, modern, openTestDoor, type OpenedDoor } from "./door.ts";
import { head, speak } from "./raw-socket.ts";
import { until } from "../../until.ts";

const BODY = JSON.stringify(modern("tools/call", { name: "echo" }).body);

function modernHead(lines: readonly string[], name = "echo"): string {
  return head([`MCP-Protocol-Version: ${MODERN}`, "Mcp-Method: tools/call", `Mcp-Name: ${name}`, ...lines]);
}

const whole = (name?: string): string => modernHead([`Content-Length: ${BODY.length}`], name) + BODY;

async function stillServes(opened: OpenedDoor): Promise<void> {
  expect((await opened.ask(modern("tools/list", {}, { client: "other" }))).status).toBe(200);
}

describe("headers", () => {
  test.each([
    ["a name twice", "echo\r\nMcp-Name: echo", 400],
    ["a name in Latin-1", "\u00e9cho", 400],
    ["a name over two lines", "echo\r\n x", 400],
    ["a name with a zero byte", "ec\u0000ho", 400],
    ["a method and a second one", "echo\r\nmcp-method: tools/list", 400],
    ["a name in base64 over its marks", "=?base64?=", 400],
    ["a thousand arguments", `echo${"\r\nMcp-Param-A: 1".repeat(2000)}`, 431],
  ])("with %s: %i", async (_, name, status) => {
    const opened = await openTestDoor();
    const { heard } = speak(opened, whole(name));
    expect(await until(() => heard() !== "")).toBe(true);
    expect(heard()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(opened.clients).toHaveLength(0);
    await stillServes(opened);
  });

  test("that are as they should be are served, as the same socket says them", async () => {
    const opened = await openTestDoor();
    const { heard } = speak(opened, whole());
    expect(await until(() => heard().startsWith("HTTP/1.1 200 "))).toBe(true);
  });
});

describe("bodies", () => {
  test("that come byte by byte are waited for, and keep nobody else waiting", async () => {
    const opened = await openTestDoor();
    const { socket, heard } = speak(opened, modernHead([`Content-Length: ${BODY.length}`]));
    for (const [index, letter] of BODY.split("").entries()) {
      if (index % 50 === 0) await stillServes(opened);
      socket.write(letter);
      await delay(1);
    }
    expect(await until(() => heard().startsWith("HTTP/1.1 200"))).toBe(true);
  });

  test("whose client leaves in the middle bring nobody in", async () => {
    const opened = await openTestDoor();
    const { socket } = speak(opened, `${modernHead(["Content-Length: 1000"])}{"jsonrpc"`);
    await delay(50);
    socket.destroy();
    await delay(50);
    expect(opened.clients).toHaveLength(0);
  });

  test("that turn out too long are refused in the middle, and not kept", async () => {
    const opened = await openTestDoor({ limits: { httpBodyBytes: 1000 } });
    const { heard } = speak(opened, `${modernHead(["Transfer-Encoding: chunked"])}1000\r\n${"x".repeat(4096)}\r\n`);
    expect(await until(() => heard().startsWith("HTTP/1.1 413"))).toBe(true);
    await stillServes(opened);
  });

  test("that are nested without end are refused", async () => {
    const opened = await openTestDoor();
    const deep = `${'{"a":'.repeat(600)}1${"}".repeat(600)}`;
    const body = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${deep}}`;
    const answer = await opened.ask({ body, headers: { "mcp-protocol-version": MODERN } });
    expect([answer.status, answer.json().error?.code]).toEqual([400, -32_600]);
  });
});

describe("connections", () => {
  test("that the client has half closed are over, and so is what it asked", async () => {
    const opened = await openTestDoor({ answers: "nothing" });
    const { socket, heard } = speak(opened, whole());
    await until(() => opened.clients[0]?.said.length === 1);
    socket.end();
    await once(socket, "close");
    expect(await until(() => opened.clients[0]?.closed.length === 1)).toBe(true);
    opened.clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, 1, true);
    expect(heard()).toBe("");
  });

  test("that are cut in the middle of a stream take what was asked with them, and nothing else", async () => {
    const opened = await openTestDoor({ answers: "nothing" });
    const one = speak(opened, whole());
    await until(() => opened.clients[0]?.said.length === 1);
    const two = speak(opened, whole());
    await until(() => opened.clients[0]?.said.length === 2);
    opened.clients[0]?.tell({ jsonrpc: "2.0", method: "notifications/progress", params: {} }, 1);
    await until(() => one.heard().includes("progress"));
    one.socket.resetAndDestroy();
    expect(await until(() => opened.clients[0]?.closed.length === 1)).toBe(true);
    opened.clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, 2, true);
    expect(await until(() => two.heard().includes("result"))).toBe(true);
    expect(opened.clients[0]?.closed).toEqual([1]);
  });

  test("with several requests one after the other get all answers in order", async () => {
    const opened = await openTestDoor();
    const { heard } = speak(opened, whole() + whole() + whole());
    expect(await until(() => heard().split("HTTP/1.1 200").length === 4)).toBe(true);
  });

  test("that do not read slow down who writes to them, and are let go when they leave", async () => {
    const opened = await openTestDoor({ answers: "nothing" });
    const streaming = opened.stream(modern("subscriptions/listen"));
    await until(() => opened.clients[0]?.said.length === 1);
    const [client] = opened.clients;
    client?.tell({ text: "first" }, 1);
    const listening = await streaming;
    listening.response.pause();
    for (let count = 0; count < 200 && client?.channel.isFull() !== true; count++) {
      client?.tell({ text: "x".repeat(100_000) }, 1);
      await delay(1);
    }
    expect(client?.channel.isFull()).toBe(true);
    listening.request.destroy();
    expect(await until(() => client?.channel.isFull() === false)).toBe(true);
  });

  test("whose servers take no more wait, in order, and not without end; who left meanwhile is not heard", async () => {
    const opened = await openTestDoor({ limits: { inFlight: 2 } });
    await opened.ask(modern("tools/list"));
    opened.clients[0]?.channel.setPaused(true);
    const left = opened.sending(modern("tools/call", { name: "left" }));
    await delay(50);
    const waiting = opened.ask(modern("tools/call", { name: "waits" }));
    await delay(50);
    const refused = await opened.ask(modern("tools/call", { name: "refused" }));
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "1"]);
    left.destroy();
    await delay(50);
    opened.clients[0]?.channel.setPaused(false);
    expect((await waiting).status).toBe(200);
    expect(opened.clients[0]?.said.map(({ message }) => message.params?.name)).toEqual([undefined, "waits"]);
  });

  test("are all gone when the door closes", async () => {
    const opened = await openTestDoor({ answers: "nothing" });
    const { socket } = speak(opened, whole());
    await until(() => opened.clients[0]?.said.length === 1);
    await opened.door.close();
    expect(await until(() => socket.destroyed || socket.readableEnded)).toBe(true);
    expect(opened.clients[0]?.isGone()).toBe(true);
  });
});

test("a thousand clients that never come back leave as few behind as there may be", async () => {
  const opened = await openTestDoor({ limits: { sessions: 20 } });
  for (let count = 0; count < 1000; count++) {
    expect((await opened.ask(modern("tools/list", {}, { client: `client ${count}` }))).status).toBe(200);
  }
  expect(opened.clients).toHaveLength(1000);
  expect(opened.clients.filter((client) => !client.isGone())).toHaveLength(20);
});
