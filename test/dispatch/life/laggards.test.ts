// A server that hangs keeps the first client waiting for 10 s, and the next ones for one: the other servers are theirs before that.
import { expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { hello, type Said, Stage } from "../stage.ts";

/** Each client is of a kind of its own, so that no server is known from the one before. */
function enter(stage: Stage, client: string): readonly Said[] {
  stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
  return stage.client(hello({ clientInfo: { name: client, version: "1" } }), client);
}

/** The process of this client's runs and answers its handshake, and its list if `lists` says so. */
function raise(stage: Stage, client: string, server: string, lists = true): readonly Said[] {
  const play = (said: readonly Said[]): readonly Said[] =>
    said.flatMap((entry) => {
      const [to, message] = entry;
      const { id, method } = message as JsonObject;
      const result = to === server ? resultOf(method, server, lists) : undefined;
      return result === undefined || id === undefined
        ? [entry]
        : [entry, ...play(stage.server(server, { id, result }, client))];
    });
  return play(stage.happen({ kind: "server-opened", client, server }));
}

function resultOf(method: unknown, server: string, lists: boolean): JsonObject | undefined {
  const capabilities = { tools: { listChanged: true } };
  if (method === "initialize") return { protocolVersion: "2025-11-25", capabilities, serverInfo: {} };
  if (method !== "tools/list" || !lists) return undefined;
  return { tools: [{ name: `${server}-tool`, inputSchema: {} }] };
}

function answered(said: readonly Said[]): boolean {
  return said.some(([to, message]) => to === "client" && Object.hasOwn(message as JsonObject, "result"));
}

const LIST = { id: 1, method: "tools/list" };

test("with its handshake", () => {
  const stage = new Stage({ servers: { a: {}, b: {} } });
  enter(stage, "c");
  expect(answered(raise(stage, "c", "b"))).toBe(false);
  expect(() => stage.fire(1000)).toThrow("no such timer");
  expect(answered(stage.fire(10_000))).toBe(true);
  const told = ["has not answered the handshake for 10 s; clients are answered without it"];
  expect(stage.reports()).toEqual(told);
  enter(stage, "d");
  expect(answered(raise(stage, "d", "b"))).toBe(false);
  expect(answered(stage.fire(1000))).toBe(true);
  expect(stage.reports()).toEqual(told);
  expect(answered(stage.client(LIST, "d"))).toBe(true);
});

test("with its lists", () => {
  const stage = new Stage({ servers: { a: {}, b: {} } });
  for (const [client, patience] of [
    ["c", 10_000],
    ["d", 1000],
  ] as const) {
    enter(stage, client);
    raise(stage, client, "b");
    raise(stage, client, "a", false);
    expect(answered(stage.client(LIST, client))).toBe(false);
    const said = stage.fire(patience);
    expect(JSON.stringify(said)).toContain("b-tool");
  }
});

test("until it is in time again", () => {
  const stage = new Stage({ servers: { a: {}, b: {} } });
  enter(stage, "c");
  raise(stage, "c", "b");
  stage.fire(10_000);
  raise(stage, "c", "a");
  stage.others.length = 0;
  enter(stage, "d");
  raise(stage, "d", "b");
  expect(() => stage.fire(1000)).toThrow("no such timer");
  expect(answered(raise(stage, "d", "a"))).toBe(true);
});
