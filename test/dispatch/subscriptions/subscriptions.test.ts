// Listening in the modern era, in all four combinations: what is acknowledged, what is told, and to whom.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, type ServerScript, Stage } from "../stage.ts";

const SUBSCRIPTION = "io.modelcontextprotocol/subscriptionId";
const RESOURCES = [{ uri: "note:a", name: "a" }];
const LEGACY: ServerScript = { resources: RESOURCES };
const MODERN: ServerScript = { era: "modern", resources: RESOURCES };
const TOOLS_CHANGED = "notifications/tools/list_changed";
const UPDATED = "notifications/resources/updated";

function listening(id: JsonValue, notifications: JsonObject): JsonObject {
  return modern(id, "subscriptions/listen", { notifications });
}

function acknowledged(id: JsonValue, notifications: JsonObject): JsonObject {
  const params = { notifications, _meta: { [SUBSCRIPTION]: id } };
  return { method: "notifications/subscriptions/acknowledged", params };
}

function updated(uri: string, id?: JsonValue): JsonObject {
  const meta = id === undefined ? {} : { _meta: { [SUBSCRIPTION]: id } };
  return { method: UPDATED, params: { uri, ...meta } };
}

/** The server takes all it is asked to tell. */
function agree(stage: Stage, said: readonly Said[], server = "a"): readonly Said[] {
  return said.flatMap(([to, message]) => {
    const { id, method, params } = message as {
      id: string | number;
      method?: string;
      params: { notifications: JsonObject };
    };
    return to === server && method === "subscriptions/listen"
      ? stage.server(server, acknowledged(Number(stage.idOf(server, String(id))), params.notifications))
      : [];
  });
}

describe("a modern client that listens", () => {
  test("is told first what it will be told, and then of lists that a reload changes", () => {
    const stage = Stage.modern({ servers: { a: LEGACY } });
    expect(stage.client(listening("s", { toolsListChanged: true, promptsListChanged: true }))).toEqual([
      ["client", acknowledged("s", { toolsListChanged: true })],
    ]);
    expect(stage.swap("default allow\nrule r when tool echo block")).toEqual([
      ["client", { method: TOOLS_CHANGED, params: { _meta: { [SUBSCRIPTION]: "s" } } }],
    ]);
  });

  test("is told nothing it did not ask for, and nothing once it has hung up", () => {
    const stage = Stage.modern({ servers: { a: LEGACY } });
    stage.client(listening(1, { resourcesListChanged: true }));
    stage.client(listening(2, { toolsListChanged: true }));
    stage.client({ method: "notifications/cancelled", params: { requestId: 2 } });
    expect(stage.swap("default allow\nrule r when tool echo block")).toEqual([]);
    expect(stage.swap("default allow\nrule r when resource note:* block")).toEqual([
      ["client", { method: "notifications/resources/list_changed", params: { _meta: { [SUBSCRIPTION]: 1 } } }],
    ]);
  });

  test("has a legacy server subscribed to, once for all, until nobody listens any more", () => {
    const stage = Stage.modern({ servers: { a: LEGACY } });
    const wanted = { resourceSubscriptions: ["note:a"] };
    expect(stage.client(listening(1, wanted))).toEqual([
      ["a", { id: "$1", method: "resources/subscribe", params: { uri: "note:a" } }],
    ]);
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([["client", acknowledged(1, wanted)]]);
    expect(stage.client(listening(2, wanted))).toEqual([["client", acknowledged(2, wanted)]]);
    expect(stage.server("a", updated("note:a"))).toEqual([
      ["client", updated("note:a", 1)],
      ["client", updated("note:a", 2)],
    ]);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 1 } })).toEqual([]);
    expect(stage.server("a", updated("note:a"))).toEqual([["client", updated("note:a", 2)]]);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 2 } })).toEqual([
      ["a", { id: "$2", method: "resources/unsubscribe", params: { uri: "note:a" } }],
    ]);
    expect(stage.server("a", updated("note:a"))).toEqual([]);
  });

  test("is not promised what the server refuses, what is hidden, and what a rule on subscriptions forbids", () => {
    const policy = `default allow
      rule hidden when resource "note:hidden" block
      rule quiet when resources/subscribe "note:quiet" block`;
    const resources = ["note:a", "note:hidden", "note:quiet"].map((uri) => ({ uri, name: uri }));
    const stage = Stage.modern({ policy, servers: { a: { resources } } });
    const said = stage.client(listening(1, { resourceSubscriptions: ["note:a", "note:hidden", "note:quiet"] }));
    expect(said).toEqual([["a", { id: "$1", method: "resources/subscribe", params: { uri: "note:a" } }]]);
    expect(stage.server("a", { id: "$1", error: { code: 1, message: "no" } })).toEqual([
      ["client", acknowledged(1, {})],
    ]);
    expect(stage.server("a", updated("note:a"))).toEqual([]);
  });

  test("is not promised what its own definition hides", () => {
    const policy = 'default allow\nrule secret when resource * with title "secret" block';
    const resources = [{ uri: "note:b", name: "b", title: "secret" }];
    const stage = Stage.modern({ policy, servers: { a: { resources } } });
    expect(stage.client(listening(1, { resourceSubscriptions: ["note:b"] }))).toEqual([
      ["client", acknowledged(1, {})],
    ]);
  });

  test("hears nothing of what another server says of a resource of the same name", () => {
    const stage = Stage.modern({ servers: { a: LEGACY, b: LEGACY } });
    stage.client(listening(1, { resourceSubscriptions: ["note:a"] }));
    stage.server("a", { id: "$1", result: {} });
    stage.client(listening(2, { resourceSubscriptions: ["b+note:a"] }));
    stage.server("b", { id: "$1", result: {} });
    expect(stage.server("b", updated("note:a"))).toEqual([["client", updated("b+note:a", 2)]]);
    expect(stage.server("a", updated("note:a"))).toEqual([["client", updated("note:a", 1)]]);
  });

  test("has a modern server listened to, and is answered when that has agreed", () => {
    const stage = Stage.modern({ servers: { a: MODERN } });
    const wanted = { toolsListChanged: true, resourceSubscriptions: ["note:a"] };
    const said = stage.client(listening("s", wanted));
    expect(said).toMatchObject([
      ["a", { method: "subscriptions/listen", params: { notifications: { resourceSubscriptions: ["note:a"] } } }],
    ]);
    const then = agree(stage, said);
    expect(then).toMatchObject([
      ["client", acknowledged("s", wanted)],
      ["a", { method: "subscriptions/listen", params: { notifications: wanted } }],
    ]);
    expect(agree(stage, then)).toMatchObject([["a", { method: "notifications/cancelled" }]]);
    expect(stage.server("a", updated("note:a", 99))).toEqual([["client", updated("note:a", "s")]]);
    const listed = stage.server("a", { method: TOOLS_CHANGED, params: { _meta: { [SUBSCRIPTION]: 99 } } });
    expect(listed).toMatchObject([["a", { method: "tools/list" }]]);
    const [, asked] = listed[0] ?? [];
    const { id } = asked as { id: JsonValue };
    expect(stage.server("a", { id, result: { tools: [], resultType: "complete" } })).toEqual([
      ["client", { method: TOOLS_CHANGED, params: { _meta: { [SUBSCRIPTION]: "s" } } }],
    ]);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: "s" } })).toMatchObject([
      ["a", { method: "notifications/cancelled" }],
    ]);
  });

  test("is released with a result when it says no more", () => {
    const stage = Stage.modern({ servers: { a: LEGACY } });
    stage.client(listening("s", { toolsListChanged: true }));
    const said = stage.happen({ kind: "client-ended", client: "c", patienceMs: 1000 });
    expect(said).toMatchObject([
      ["client", { id: "s", result: { resultType: "complete", _meta: { [SUBSCRIPTION]: "s" } } }],
    ]);
    expect(stage.others).toContainEqual({ kind: "client-done", client: "c" });
  });
});

describe("a legacy client before a modern server", () => {
  test("has it listened to for all it announces, and hears of resources it subscribed to in its own era's words", () => {
    const stage = Stage.open({ servers: { a: MODERN } });
    const said = stage.client({ id: 1, method: "resources/subscribe", params: { uri: "note:a" } });
    const lists = { toolsListChanged: true, resourcesListChanged: true };
    expect(said).toMatchObject([
      [
        "a",
        { method: "subscriptions/listen", params: { notifications: { ...lists, resourceSubscriptions: ["note:a"] } } },
      ],
    ]);
    expect(agree(stage, said)).toMatchObject([
      ["client", { id: 1, result: {} }],
      ["a", { method: "notifications/cancelled" }],
    ]);
    expect(stage.server("a", updated("note:a", 7))).toEqual([["client", updated("note:a")]]);
    const again = stage.client({ id: 2, method: "resources/unsubscribe", params: { uri: "note:a" } });
    expect(again).toMatchObject([
      ["a", { method: "subscriptions/listen", params: { notifications: lists } }],
      ["client", { id: 2, result: {} }],
    ]);
    expect(stage.server("a", updated("note:a", 7))).toEqual([]);
  });

  test("is refused a subscription that the server does not take", () => {
    const stage = Stage.open({ servers: { a: MODERN } });
    const [asked] = stage.client({ id: 1, method: "resources/subscribe", params: { uri: "note:a" } });
    const { id } = (asked?.[1] ?? {}) as { id: string };
    expect(stage.server("a", { id, error: { code: -32601, message: "no" } })).toMatchObject([
      ["client", { id: 1, error: { code: -32602 } }],
    ]);
  });

  test("is not left alone when the server ends it: it is listened to again, and lists are read again", () => {
    const stage = Stage.open({ servers: { a: MODERN } });
    const said = stage.client({ id: 1, method: "resources/subscribe", params: { uri: "note:a" } });
    const { id } = (said[0]?.[1] ?? {}) as { id: string };
    agree(stage, said);
    expect(stage.server("a", { id, result: { resultType: "complete", _meta: {} } })).toEqual([]);
    const again = stage.fire(1000);
    expect(again).toMatchObject([["a", { method: "subscriptions/listen" }]]);
    expect(agree(stage, again)).toMatchObject([
      ["a", { method: "tools/list" }],
      ["a", { method: "resources/list" }],
      ["a", { method: "resources/templates/list" }],
    ]);
  });
});
