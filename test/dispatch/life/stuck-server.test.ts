// Servers that are slow in other ways: one does not take what it is sent, one tells for ever that it is at work.
import { expect, test } from "vitest";
import { DEFAULT_LIFE } from "../../../src/dispatch/life/life-options.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { type Said, Stage } from "../stage.ts";
import { call } from "../../tool-call.ts";

const OTHER = { name: "other", inputSchema: {} };
const stuck = (isStuck: boolean) => ({ kind: "server-stuck", client: "c", server: "a", isStuck }) as const;

function open(): Stage {
  return Stage.open({ servers: { a: { capabilities: { tools: {} } }, b: { tools: [OTHER] } } });
}

test("its calls are answered 5030, the others' go on, and what it had before is still answered", () => {
  const stage = open();
  stage.client(call(1));
  expect(stage.happen(stuck(true))).toEqual([]);
  expect(stage.dispatcher.status()[0]?.servers[0]).toMatchObject({ state: "stuck" });
  const error = { code: 5030, message: "the server `a` does not take what it is sent" };
  expect(stage.client(call(2))).toEqual([["client", { id: 2, error }]]);
  expect(stage.client(call(3, {}, { name: "other" }))).toMatchObject([["b", { method: "tools/call" }]]);
  expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([["client", { id: 1, result: {} }]]);
  stage.happen(stuck(false));
  expect(stage.client(call(4))).toMatchObject([["a", { method: "tools/call" }]]);
  expect(stage.reports()).toEqual([
    "does not take what it is sent; until it does, its requests are answered 5030",
    "takes what it is sent again",
  ]);
});

test("nobody waits for its lists", () => {
  const stage = open();
  stage.happen(stuck(true));
  stage.now += 10_000;
  const [[to, answer] = []] = stage.client({ id: 1, method: "tools/list" });
  expect(to).toBe("client");
  expect(JSON.stringify(answer)).toContain('"echo"');
});

test("another process of it starts anew", () => {
  const stage = open();
  stage.happen(stuck(true));
  stage.drop("a");
  stage.restart("a");
  expect(stage.client(call(1))).toMatchObject([["a", { method: "tools/call" }]]);
});

test("a server of the modern era has more time with each sign of progress, however often", () => {
  const life = { ...DEFAULT_LIFE, timeout: { otherwiseMs: 30_000, byMethod: new Map<string, number>() } };
  const server = { name: "a", root: undefined, home: undefined, transport: "stdio", era: "modern", life } as const;
  const stage = Stage.open({ servers: { a: { era: "modern" } }, options: { servers: [server] } });
  const [[, sent] = []] = stage.client({
    id: 7,
    method: "tools/call",
    params: { name: "echo", arguments: {}, _meta: { progressToken: "t" } },
  });
  const progressToken = (sent as JsonObject)["id"] ?? null;
  for (let passed = 0; passed < 300_000; passed += 20_000) {
    stage.now += 20_000;
    stage.server("a", { method: "notifications/progress", params: { progressToken, progress: passed } });
    expect(fireAll(stage)).toEqual([]);
  }
  stage.now += 30_000;
  expect(fireAll(stage)).toContainEqual(["client", expect.objectContaining({ id: 7, error: expect.anything() })]);
});

function fireAll(stage: Stage): readonly Said[] {
  const timers = stage.others.filter((command) => command.kind === "set-timer");
  return timers.flatMap(({ timer }) => stage.happen({ kind: "timer-fired", timer }));
}
