// What the HTTP door does as time goes by: signs of life, streams instead of answers, and an end to what leads nowhere.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AuthSettings } from "../../../src/io/http/door-settings.ts";
import { call, modern, openTestDoor } from "./door.ts";
import { until } from "../../until.ts";

// Sockets keep their own time; only what the door looks at is moved.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Moves the door's time. */
function pass(milliseconds: number): void {
  const then = Date.now() + milliseconds;
  vi.spyOn(Date, "now").mockImplementation(() => then);
  vi.advanceTimersByTime(milliseconds);
  vi.restoreAllMocks();
}

describe("a POST whose answer does not come", () => {
  test("becomes a stream with signs of life, and the answer comes as an event", async () => {
    const { stream, session, clients } = await openTestDoor({ answers: "greetings" });
    const headers = { "mcp-session-id": await session(), "mcp-protocol-version": "2025-11-25" };
    const opening = stream({ body: call(1), headers });
    await until(() => clients[0]?.streamOf("tools/call") !== -1);
    const number = clients[0]?.streamOf("tools/call") ?? 0;
    pass(15_000);
    const events = await opening;
    expect(events.headers["content-type"]).toBe("text/event-stream");
    expect(await events.until(`id: ${number}.0\ndata: \n\n`)).not.toContain("event:");
    pass(30_000);
    await events.until(":\n\n");
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, number, true);
    await events.ended();
    expect(events.text()).toContain(`id: ${number}.1\ndata: {"jsonrpc":"2.0","id":1,"result":{}}`);
  });
});

describe("of the modern era", () => {
  test("a POST whose answer does not come becomes a stream with signs of life, without ids", async () => {
    const { stream, clients } = await openTestDoor({ answers: "nothing" });
    const opening = stream(modern("tools/list"));
    await until(() => clients[0]?.said.length === 1);
    pass(15_000);
    const events = await opening;
    pass(30_000);
    await events.until(":\n\n");
    clients[0]?.tell({ jsonrpc: "2.0", id: 1, result: {} }, 1, true);
    await events.ended();
    expect(events.text()).toBe(':\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
  });

  test("what lasts ends with the token it was asked with, and nothing else does", async () => {
    const { stream, clients } = await openTestDoor({ answers: "nothing" });
    const opening = stream(modern("subscriptions/listen"));
    const asking = stream(modern("tools/list"));
    await until(() => clients[0]?.said.length === 2);
    for (const number of [1, 2]) clients[0]?.tell({ jsonrpc: "2.0", method: "x" }, number);
    const [first, second] = await Promise.all([opening, asking]);
    const listening = clients[0]?.streamOf("subscriptions/listen") === 1 ? first : second;
    Object.assign(clients[0]?.channel ?? {}, { caller: { key: "", user: undefined, until: Date.now() + 20_000 } });
    pass(10_000);
    expect(clients[0]?.closed).toEqual([]);
    pass(30_000);
    await first.ended();
    expect(listening).toBe(first);
    expect(second.response.readableEnded).toBe(false);
    expect(clients[0]?.closed).toEqual([clients[0]?.streamOf("subscriptions/listen")]);
  });
});

describe("a stream to listen on", () => {
  test("shows signs of life", async () => {
    const { stream, session } = await openTestDoor();
    const listening = await stream({ headers: { "mcp-session-id": await session() } });
    pass(30_000);
    expect(await listening.until(":\n\n")).toBe(":\n\n");
  });

  test("ends with the token that it was opened with", async () => {
    const soon = { key: "user ada", user: undefined, until: Date.now() + 20_000 };
    const { stream, session, clients } = await openTestDoor({ auth: AUTH });
    const headers = { authorization: "Bearer the-token-of-ada-lovelace" };
    const listening = await stream({ headers: { ...headers, "mcp-session-id": await session(headers) } });
    Object.assign(clients[0]?.channel ?? {}, { caller: soon });
    pass(10_000);
    expect(listening.response.readableEnded).toBe(false);
    pass(30_000);
    await listening.ended();
    expect(clients[0]?.isGone()).toBe(false);
  });

  test("that is not read at all is cut off", async () => {
    const { stream, session, clients } = await openTestDoor();
    const listening = await stream({ headers: { "mcp-session-id": await session() } });
    listening.response.pause();
    const [client] = clients;
    let sent = 0;
    for (; sent < 40_000_000 && client?.channel.isFull() !== true; sent += 100_000) {
      client?.tell({ text: "x".repeat(100_000) });
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    expect(client?.channel.isFull()).toBe(true);
    pass(70_000);
    expect(await until(() => client?.channel.isFull() === false)).toBe(true);
    listening.response.resume();
    await listening.ended();
    expect(listening.text().length).toBeLessThan(sent);
  });
});

const AUTH: AuthSettings = {
  bearer: [{ token: "the-token-of-ada-lovelace", user: "ada", groups: [] }],
  jwt: undefined,
};
