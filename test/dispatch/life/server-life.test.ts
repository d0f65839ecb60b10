// Servers end and come back, take too long, or never answer: whoever waits is told in time, and nobody else notices.
import { describe, expect, test } from "vitest";
import { DEFAULT_LIFE, type ServerLife } from "../../../src/dispatch/life/life-options.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { ALLOW, type Said, type Scene, Stage } from "../stage.ts";

const CALL = { id: 7, method: "tools/call", params: { name: "echo", arguments: {} } };
const MINUTE = 60_000;

function methods(said: readonly Said[]): readonly (readonly [string, unknown])[] {
  return said.map(([to, message]) => [to, (message as JsonObject)["method"]]);
}

/** One server `a` of this life. */
function openWith(life: Partial<ServerLife>, scene: Scene = {}): Stage {
  const server = { name: "a", root: undefined, home: undefined, transport: "stdio", era: "legacy" } as const;
  return Stage.open({ ...scene, options: { servers: [{ ...server, life: { ...DEFAULT_LIFE, ...life } }] } });
}

/** The waits before restarts that were asked for, in milliseconds. */
function waits(stage: Stage): readonly number[] {
  return stage.others.flatMap((command) =>
    command.kind === "set-timer" && command.spreadMs !== undefined ? [command.afterMs] : [],
  );
}

describe("a server that ends", () => {
  test("is started again after a moment, at a random point of it", () => {
    const stage = Stage.open();
    stage.drop("a");
    const timer = stage.others.find(({ kind }) => kind === "set-timer");
    expect(timer).toMatchObject({ afterMs: 500, spreadMs: 125 });
    stage.others.length = 0;
    if (timer?.kind === "set-timer") stage.happen({ kind: "timer-fired", timer: timer.timer });
    expect(stage.others).toEqual([{ kind: "open-server", client: "c", server: "a" }]);
  });

  test("is waited for twice as long each time, up to the longest wait, and the log is not flooded", () => {
    const stage = openWith({ restart: { minMs: 1000, maxMs: 5000 } });
    for (let time = 0; time < 5; time++) {
      stage.drop("a");
      const timer = stage.others.findLast(({ kind }) => kind === "set-timer");
      if (timer?.kind === "set-timer") stage.happen({ kind: "timer-fired", timer: timer.timer });
    }
    expect(waits(stage)).toEqual([1000, 2000, 4000, 5000, 5000]);
    expect(stage.reports()).toEqual(["exited with code 1"]);
  });

  test.each([
    ["a minute of health is forgiven", MINUTE, [500, 500]],
    ["less than that is not", MINUTE - 1, [500, 1000]],
  ])("after %s", (_what, ready, expected) => {
    const stage = Stage.open();
    stage.drop("a");
    stage.restart("a");
    stage.now += ready;
    stage.drop("a");
    expect(waits(stage)).toEqual(expected);
  });

  test("is greeted again as before, with log level and subscriptions, and its lists are read again", () => {
    const resources = [{ uri: "file:///a", name: "a" }];
    const stage = Stage.open({ servers: { a: { capabilities: { logging: {} }, resources } } });
    stage.client({ id: 1, method: "logging/setLevel", params: { level: "debug" } });
    stage.server("a", { id: "$1", result: {} });
    stage.client({ id: 2, method: "resources/subscribe", params: { uri: "file:///a" } });
    stage.server("a", { id: "$2", result: {} });
    stage.drop("a");
    for (const timer of stage.others.filter((command) => command.kind === "set-timer")) {
      stage.happen({ kind: "timer-fired", timer: timer.timer });
    }
    const greeting = stage.happen({ kind: "server-opened", client: "c", server: "a" });
    expect(greeting).toMatchObject([
      ["a", { method: "initialize", params: { clientInfo: { name: "tester" }, capabilities: { sampling: {} } } }],
    ]);
    const id = ((greeting[0]?.[1] ?? {}) as JsonObject)["id"] ?? null;
    const capabilities = { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} };
    const result = { protocolVersion: "2025-11-25", capabilities, serverInfo: { name: "x", version: "2" } };
    expect(methods(stage.server("a", { id, result }))).toEqual([
      ["a", "notifications/initialized"],
      ["a", "logging/setLevel"],
      ["a", "resources/subscribe"],
      ["a", "tools/list"],
      ["a", "resources/list"],
      ["a", "resources/templates/list"],
    ]);
    const update = { method: "notifications/resources/updated", params: { uri: "file:///a" } };
    expect(stage.server("a", update)).toEqual([["client", update]]);
  });

  test("and comes back with the same tools is nothing the client hears of", () => {
    const stage = Stage.open();
    stage.drop("a");
    expect(stage.restart("a").filter(([to]) => to === "client")).toEqual([]);
    expect(stage.reports()).toEqual(["exited with code 1", "is there again, after one failure"]);
  });

  test("and comes back with other tools is announced, once", () => {
    const stage = Stage.open();
    stage.drop("a");
    const { others } = stage;
    for (const timer of others.filter((command) => command.kind === "set-timer")) {
      stage.happen({ kind: "timer-fired", timer: timer.timer });
    }
    const [[, greeting] = []] = stage.happen({ kind: "server-opened", client: "c", server: "a" });
    const result = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "x" } };
    const asked = stage.server("a", { id: (greeting as JsonObject)["id"] ?? null, result });
    const list = asked.find(([, message]) => (message as JsonObject)["method"] === "tools/list")?.[1] as JsonObject;
    expect(
      stage.server("a", { id: list["id"] ?? null, result: { tools: [{ name: "new", inputSchema: {} }] } }),
    ).toEqual([["client", { method: "notifications/tools/list_changed" }]]);
  });

  test("is not started again once its client is gone", () => {
    const stage = Stage.open();
    stage.drop("a");
    stage.happen({ kind: "client-closed", client: "c" });
    stage.others.length = 0;
    stage.restart("a");
    expect(stage.others).toEqual([]);
  });
});

describe("what is asked of a server that is down", () => {
  test.each([
    ["a call", CALL],
    ["a prompt", { id: 7, method: "prompts/get", params: { name: "p" } }],
    ["a resource", { id: 7, method: "resources/read", params: { uri: "file:///a" } }],
    ["a completion", { id: 7, method: "completion/complete", params: { ref: { type: "ref/prompt", name: "p" } } }],
    ["a method nobody knows", { id: 7, method: "acme/x" }],
  ])("waits until it is back: %s", (_what, request) => {
    const scene = { servers: { a: { prompts: [{ name: "p" }], resources: [{ uri: "file:///a", name: "a" }] } } };
    const stage = Stage.open(scene);
    stage.drop("a");
    expect(stage.client(request)).toEqual([]);
    const said = stage.restart("a");
    expect(said).toContainEqual(["a", expect.objectContaining({ method: request.method })]);
    const [, sent] = said.find(([, message]) => (message as JsonObject)["method"] === request.method) ?? [];
    const answered = stage.server("a", { id: (sent as JsonObject)["id"] ?? null, result: {} });
    expect(answered).toEqual([["client", { id: 7, result: {} }]]);
    expect(stage.fire(5000)).toEqual([]);
  });

  test("is answered 5030 after 5 s, with the reason, and nothing comes of it later", () => {
    const stage = Stage.open();
    stage.drop("a", "was ended by SIGSEGV");
    stage.client(CALL);
    const message = "the server `a` cannot be reached: was ended by SIGSEGV";
    expect(stage.fire(5000)).toEqual([["client", { id: 7, error: { code: 5030, message } }]]);
    expect(methods(stage.restart("a"))).not.toContainEqual(["a", "tools/call"]);
  });

  test("can be cancelled meanwhile", () => {
    const stage = Stage.open();
    stage.drop("a");
    stage.client(CALL);
    stage.client({ method: "notifications/cancelled", params: { requestId: 7 } });
    expect(methods(stage.restart("a"))).not.toContainEqual(["a", "tools/call"]);
    expect(stage.fire(5000)).toEqual([]);
  });

  test("is judged by the rules that are in force when it goes on", () => {
    const stage = Stage.open();
    stage.drop("a");
    stage.client(CALL);
    stage.swap('default allow\nrule no when tools/call echo containing "." block "no"\nrule gone when tool echo block');
    const said = stage.restart("a");
    expect(methods(said)).not.toContainEqual(["a", "tools/call"]);
    expect(said).toContainEqual(["client", expect.objectContaining({ id: 7 })]);
  });

  test("keeps nobody waiting who asks another server", () => {
    const stage = Stage.open({ servers: { a: {}, b: { tools: [{ name: "other", inputSchema: {} }] } } });
    stage.drop("a");
    stage.client(CALL);
    expect(methods(stage.client({ ...CALL, id: 8, params: { name: "other" } }))).toEqual([["b", "tools/call"]]);
    expect(methods(stage.client({ id: 9, method: "acme/x" }))).toEqual([["b", "acme/x"]]);
  });
});

describe("a server that does not answer", () => {
  const timeout = { otherwiseMs: 30_000, byMethod: new Map([["prompts/get", 1000]]) };

  function fireAt(stage: Stage, passed: number): readonly Said[] {
    stage.now += passed;
    const timer = stage.others.findLast(({ kind }) => kind === "set-timer");
    return timer?.kind === "set-timer" ? stage.happen({ kind: "timer-fired", timer: timer.timer }) : [];
  }

  test("has the request cancelled, and the client gets 5030; what comes late is dropped", () => {
    const stage = openWith({ timeout });
    stage.client(CALL);
    expect(fireAt(stage, 30_000)).toEqual([
      ["a", { method: "notifications/cancelled", params: { requestId: "$1", reason: "no answer within 30 s" } }],
      ["client", { id: 7, error: { code: 5030, message: "the server `a` was given up: no answer within 30 s" } }],
    ]);
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
  });

  test("has the time of each method", () => {
    const stage = openWith({ timeout }, { servers: { a: { prompts: [{ name: "p" }] } } });
    stage.client(CALL);
    stage.client({ id: 8, method: "prompts/get", params: { name: "p" } });
    expect(fireAt(stage, 1000)).toMatchObject([
      ["a", { method: "notifications/cancelled" }],
      ["client", { id: 8, error: { code: 5030 } }],
    ]);
    expect(stage.others.at(-1)).toMatchObject({ kind: "set-timer", afterMs: 29_000 });
  });

  test("gets more time with each sign of progress, up to four times as long in all", () => {
    const stage = openWith({ timeout });
    stage.client({ ...CALL, params: { ...CALL.params, _meta: { progressToken: "t" } } });
    for (let passed = 20_000; passed < 120_000; passed += 20_000) {
      stage.now += 20_000;
      stage.server("a", { method: "notifications/progress", params: { progressToken: "$1", progress: passed } });
      expect(fireAt(stage, 0)).toEqual([]);
    }
    expect(fireAt(stage, 20_000)).toMatchObject([
      ["a", { method: "notifications/cancelled" }],
      ["client", { id: 7, error: { code: 5030 } }],
    ]);
  });

  test("has time while it waits for an answer of the client's", () => {
    const stage = openWith({ timeout });
    stage.client(CALL);
    stage.server("a", { id: 1, method: "elicitation/create", params: { message: "?" } });
    expect(fireAt(stage, 30_000)).toEqual([]);
    stage.client({ id: "$1", result: { action: "decline" } });
    expect(fireAt(stage, 30_000)).toMatchObject([
      ["a", {}],
      ["client", { id: 7, error: { code: 5030 } }],
    ]);
  });

  test("takes no timer for each call", () => {
    const stage = Stage.open();
    for (let id = 0; id < 50; id++) stage.client({ ...CALL, id });
    expect(stage.others.filter(({ kind }) => kind === "set-timer").length).toBeLessThan(2);
  });

  test("not even the handshake, is ended, and started again", () => {
    const stage = new Stage();
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25" } });
    stage.happen({ kind: "server-opened", client: "c", server: "a" });
    stage.now += MINUTE;
    stage.fire(MINUTE);
    expect(stage.others).toContainEqual({ kind: "close-server", client: "c", server: "a" });
    expect(waits(stage)).toEqual([500]);
    expect(stage.reports()).toEqual(["it did not answer the handshake within 60 s"]);
  });

  test("with its list keeps the others' lists waiting once, and not again", () => {
    const quiet = { capabilities: { tools: {} } };
    const stage = Stage.open({ servers: { a: quiet, b: {} }, policy: ALLOW });
    stage.now += 10_000;
    const list = { id: 1, method: "tools/list" };
    expect(methods(stage.client(list))).toEqual([["a", "tools/list"]]);
    expect(stage.fire(10_000)).toMatchObject([["client", { id: 1, result: {} }]]);
    stage.now += 10_000;
    expect(stage.client({ ...list, id: 2 })).toMatchObject([["client", { id: 2, result: {} }]]);
    expect(stage.server("a", { id: "$1", result: { tools: [] } })).toMatchObject([
      ["client", { method: "notifications/tools/list_changed" }],
    ]);
    stage.now += 10_000;
    expect(methods(stage.client({ ...list, id: 3 }))).toEqual([["a", "tools/list"]]);
  });
});

describe("how it stands", () => {
  const server = (stage: Stage): unknown => stage.dispatcher.status()[0]?.servers[0];

  test("is told for each session and server", () => {
    const stage = Stage.open();
    stage.now += 5;
    stage.client(CALL);
    expect(stage.dispatcher.status()).toEqual([
      {
        id: "c",
        client: "tester 1",
        user: undefined,
        since: stage.now - 5,
        inFlight: 1,
        servers: [{ name: "a", state: "ready", era: "legacy", restarts: 0, lastError: undefined, inFlight: 1 }],
      },
    ]);
  });

  test("says whether it is there, how often it was started again, and why", () => {
    const stage = Stage.open();
    stage.drop("a", "exited with code 9");
    expect(server(stage)).toMatchObject({ state: "down", restarts: 0, lastError: "exited with code 9" });
    stage.restart("a");
    expect(server(stage)).toMatchObject({ state: "ready", restarts: 1, lastError: "exited with code 9" });
  });
});
