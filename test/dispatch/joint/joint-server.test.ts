// One process for all sessions: greeted once, asked under ids of one series, and what it says comes to whom it concerns.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { call, idIn, methodsTo, Scene } from "./joint-stage.ts";

describe("the process", () => {
  test("is started once, and greeted once, in the name of the proxy, which can be asked nothing", () => {
    const scene = new Scene();
    const first = scene.enter("one");
    const greeting = first.find(([to, { method }]) => to === "server" && method === "initialize")?.[1];
    expect(greeting?.["params"]).toEqual({
      protocolVersion: "2025-11-25",
      capabilities: {},
      clientInfo: { name: "mcprules", version: "1.2.3" },
    });
    const second = scene.enter("two");
    expect(methodsTo("server", second)).not.toContain("initialize");
    expect(methodsTo("server", second)).not.toContain("notifications/initialized");
    expect(second).toContainEqual(["two", expect.objectContaining({ id: "hello", result: expect.anything() })]);
    expect(scene.others.filter(({ kind }) => kind === "open-server")).toEqual([]);
  });

  test("outlives the sessions that have it", () => {
    const scene = Scene.with("one");
    scene.happen({ kind: "client-closed", client: "one" });
    expect(scene.others.filter(({ kind }) => kind === "close-server")).toEqual([]);
    expect(scene.enter("two")).toContainEqual(["two", expect.objectContaining({ id: "hello" })]);
    expect(methodsTo("server", scene.client("two", call(1)))).toEqual(["tools/call"]);
  });

  test("has its end told to all sessions, and is started again once, for all of them", () => {
    const scene = Scene.with("one", "two");
    const asked = [...scene.client("one", call(7)), ...scene.client("two", call(7))];
    expect(methodsTo("server", asked)).toHaveLength(2);
    const ended = scene.happen({ kind: "server-closed", client: "shared", server: "a", reason: "exited" });
    const error = { code: 5030, message: "the server `a` cannot be reached: exited" };
    expect(ended).toEqual([
      ["one", expect.objectContaining({ id: 7, error })],
      ["two", expect.objectContaining({ id: 7, error })],
    ]);
    expect(scene.joint()).toMatchObject({ state: "down", restarts: 0, lastError: "exited" });
    scene.client("two", call(8));
    for (const command of scene.others) {
      if (command.kind === "set-timer" && command.spreadMs !== undefined)
        scene.happen({ kind: "timer-fired", timer: command.timer });
    }
    expect(scene.others.filter(({ kind }) => kind === "open-server")).toHaveLength(1);
    const back = scene.raise();
    expect(scene.joint()).toMatchObject({ state: "ready", restarts: 1, lastError: "exited" });
    expect(methodsTo("server", back).filter((method) => method === "initialize")).toHaveLength(1);
    expect(methodsTo("server", back).filter((method) => method === "tools/call")).toHaveLength(1);
    expect(back.filter(([to]) => to === "one" || to === "two")).toEqual([]);
    const again = idIn(back.filter(([, { method }]) => method === "tools/call"));
    expect(scene.server({ id: again, result: {} })).toEqual([["two", expect.objectContaining({ id: 8, result: {} })]]);
  });
});

describe("what it says of itself", () => {
  const ADVERTISED = { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true } };
  const removing = (whom: string): string =>
    `default allow\nrule quiet\n  when result of initialize${whom}\n  remove capabilities.logging`;
  const advertisedTo = (scene: Scene, client: string, name: string): unknown => {
    const answers = scene.enter(client, { clientInfo: { name, version: "1" } });
    const [, answer = {}] = answers.find(([to, { id }]) => to === client && id === "hello") ?? [];
    return isJsonObject(answer["result"]) ? answer["result"]["capabilities"] : undefined;
  };

  test("is told to each session as the rules make it for its client", () => {
    const scene = new Scene(removing(` for client "ours"`));
    expect(advertisedTo(scene, "one", "theirs")).toEqual({ ...ADVERTISED, logging: {} });
    expect(advertisedTo(scene, "two", "ours")).toEqual(ADVERTISED);
    expect(advertisedTo(scene, "three", "theirs")).toEqual({ ...ADVERTISED, logging: {} });
  });

  test("is told as the rules make it that are in force by then", () => {
    const scene = new Scene();
    expect(advertisedTo(scene, "one", "theirs")).toEqual({ ...ADVERTISED, logging: {} });
    scene.swap(removing(""));
    expect(advertisedTo(scene, "two", "theirs")).toEqual(ADVERTISED);
  });
});

describe("what is kept apart", () => {
  test("answers: each session gets its own, whatever ids it uses", () => {
    const scene = Scene.with("one", "two");
    const [first, second] = [idIn(scene.client("one", call(1))), idIn(scene.client("two", call(1)))];
    expect(first).not.toBe(second);
    expect(scene.server({ id: second, result: { of: "two" } })).toMatchObject([
      ["two", { id: 1, result: { of: "two" } }],
    ]);
    expect(scene.server({ id: first, result: { of: "one" } })).toMatchObject([
      ["one", { id: 1, result: { of: "one" } }],
    ]);
    expect(scene.server({ id: first, result: {} })).toEqual([]);
  });

  test("answers that cannot be used, also those that are too long", () => {
    const scene = Scene.with("one", "two");
    const [first, second] = [idIn(scene.client("one", call(1))), idIn(scene.client("two", call(2)))];
    const broken = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(first)},"result":7}`);
    const said = scene.happen({ kind: "server-message", client: "shared", server: "a", bytes: broken });
    expect(said).toMatchObject([["one", { id: 1, error: { code: -32603 } }]]);
    const start = Buffer.from(`{"jsonrpc":"2.0","id":${JSON.stringify(second)},"result":{"x":"`);
    const long = scene.happen({
      kind: "server-oversize",
      client: "shared",
      server: "a",
      start,
      end: Buffer.from('"}}'),
    });
    expect(long).toMatchObject([["two", { id: 2, error: { code: -32603 } }]]);
  });

  test("progress, by the token of each", () => {
    const scene = Scene.with("one", "two");
    scene.client("one", call(1, "t"));
    const second = idIn(scene.client("two", call(1, "t")));
    expect(scene.server({ method: "notifications/progress", params: { progressToken: second, progress: 1 } })).toEqual([
      ["two", expect.objectContaining({ params: { progressToken: "t", progress: 1 } })],
    ]);
  });

  test("cancellation: nobody cancels another's request", () => {
    const scene = Scene.with("one", "two");
    const first = idIn(scene.client("one", call(1)));
    const cancel = (requestId: JsonValue): JsonObject => ({ method: "notifications/cancelled", params: { requestId } });
    expect(scene.client("two", cancel(1))).toEqual([]);
    expect(scene.client("two", cancel(first))).toEqual([]);
    expect(scene.client("one", cancel(1))).toMatchObject([["server", { params: { requestId: first } }]]);
    expect(scene.server({ id: first, result: {} })).toEqual([]);
  });

  test("updates of resources: who subscribed hears of them, and only who was the last ends it", () => {
    const scene = Scene.with("one", "two");
    const params = { uri: "file:///a" };
    const subscribe = (id: number, method = "resources/subscribe"): JsonObject => ({ id, method, params });
    const update: JsonObject = { method: "notifications/resources/updated", params };
    scene.server({ id: idIn(scene.client("one", subscribe(1))), result: {} });
    expect(scene.server(update)).toMatchObject([["one", update]]);
    scene.server({ id: idIn(scene.client("two", subscribe(1))), result: {} });
    expect(scene.server(update)).toHaveLength(2);
    expect(scene.client("one", subscribe(2, "resources/unsubscribe"))).toMatchObject([["one", { id: 2, result: {} }]]);
    expect(scene.server(update)).toMatchObject([["two", update]]);
    const left = scene.happen({ kind: "client-closed", client: "two" });
    expect(left).toMatchObject([["server", { method: "resources/unsubscribe", params: { uri: "file:///a" } }]]);
  });

  test("log levels: the server logs as much as whoever wants most, while that one is there", () => {
    const scene = Scene.with("one", "two");
    const level = (wanted: string): JsonObject => ({ id: 1, method: "logging/setLevel", params: { level: wanted } });
    expect(scene.client("one", level("error"))).toMatchObject([["server", { params: { level: "error" } }]]);
    expect(scene.client("two", level("debug"))).toMatchObject([["server", { params: { level: "debug" } }]]);
    const again = scene.client("one", { ...level("critical"), id: 2 });
    expect(again).toMatchObject([["server", { params: { level: "debug" } }]]);
    expect(scene.server({ id: idIn(again), result: {} })).toMatchObject([["one", { id: 2, result: {} }]]);
    expect(scene.happen({ kind: "client-closed", client: "two" })).toMatchObject([
      ["server", { method: "notifications/cancelled" }],
      ["server", { method: "logging/setLevel", params: { level: "critical" } }],
    ]);
  });

  test("log messages: they come to the only session there was, and to nobody once there are more", () => {
    const news: JsonObject = { method: "notifications/message", params: { level: "error", data: "secret of one" } };
    const scene = Scene.with("one");
    expect(scene.server(news)).toMatchObject([["one", news]]);
    scene.enter("two");
    expect([...scene.server(news), ...scene.server(news)]).toEqual([]);
    expect(scene.reports()).toEqual([expect.stringContaining("no client gets it")]);
    scene.happen({ kind: "client-closed", client: "one" });
    expect(scene.server(news)).toEqual([]);
  });

  test("log messages over HTTP: those that come with an answer are its asker's", () => {
    const scene = Scene.with("one", "two");
    const id = idIn(scene.client("two", call(1)));
    const news = { method: "notifications/message", params: { level: "error", data: 1 } };
    expect(scene.server(news, JSON.stringify(id))).toMatchObject([["two", news]]);
  });

  test("what one asked is cancelled when it leaves, and the others' goes on", () => {
    const scene = Scene.with("one", "two");
    const [first, second] = [idIn(scene.client("one", call(1))), idIn(scene.client("two", call(1)))];
    expect(scene.happen({ kind: "client-closed", client: "one" })).toMatchObject([
      ["server", { method: "notifications/cancelled", params: { requestId: first } }],
    ]);
    expect(scene.server({ id: first, result: {} })).toEqual([]);
    expect(scene.server({ id: second, result: {} })).toMatchObject([["two", { id: 1 }]]);
  });
});

describe("what it asks", () => {
  test.each([
    ["ping", { result: {} }],
    ["sampling/createMessage", { error: { code: -32601 } }],
    ["roots/list", { error: { code: -32601 } }],
  ])("%s is answered by the proxy", (method, answer) => {
    const scene = Scene.with("one", "two");
    expect(scene.server({ id: "q", method })).toMatchObject([["server", { id: "q", ...answer }]]);
  });

  test("for all sessions: changes of its lists are told to each", () => {
    const scene = Scene.with("one", "two");
    const said = scene.server({ method: "notifications/tools/list_changed" });
    expect(methodsTo("one", said)).toEqual(["notifications/tools/list_changed"]);
    expect(methodsTo("two", said)).toEqual(["notifications/tools/list_changed"]);
  });
});

test("a session that may not have the server leaves the others theirs", () => {
  const policy = 'default allow\nrule no when result of initialize on a for client "evil" block "not you"';
  const scene = new Scene(policy);
  scene.enter("one");
  const refused = scene.enter("two", { clientInfo: { name: "evil", version: "1" } });
  expect(scene.reports().join()).toContain("not you");
  expect(methodsTo("server", refused)).not.toContain("tools/list");
  expect(methodsTo("server", scene.client("one", call(1)))).toEqual(["tools/call"]);
});

test("what it prints that is no message is told of once, and without what the policy hides", () => {
  const scene = new Scene('default allow\nrule keys\n  when message\n  redact /sk-[0-9a-f]{8}/ as "***"');
  scene.enter("a1");
  scene.enter("a2");
  scene.others.length = 0;
  for (const line of ["key sk-01234567", "more"]) {
    scene.happen({ kind: "server-message", client: "shared", server: "a", bytes: Buffer.from(line) });
  }
  expect(scene.reports()).toEqual([
    "prints what is no MCP, which is dropped: `key ***`; what is no MCP belongs on its stderr",
  ]);
});
