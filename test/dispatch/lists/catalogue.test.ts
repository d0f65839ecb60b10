// The lists: read to their end, reviewed, merged byte for byte, kept up to date, and announced when they change.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { ALLOW, revisionOf, type Said, type ServerScript, Stage } from "../stage.ts";

function tool(name: string, more: JsonObject = {}): JsonObject {
  return { name, inputSchema: { type: "object" }, ...more };
}

function toolsOf(said: readonly Said[]): JsonValue | undefined {
  const entry = said.find(([to]) => to === "client");
  const message = entry?.[1] as JsonObject | undefined;
  const result = message?.["result"] as JsonObject | undefined;
  return (result?.["tools"] as JsonObject[] | undefined)?.map(({ name }) => name as string);
}

const LIST = { id: 1, method: "tools/list" };
const CHANGED = { method: "notifications/tools/list_changed" };
const SILENT: ServerScript = { capabilities: { tools: {} } };

/** Up to the handshake with the server; its lists are asked for, and not answered. */
function greeted(stage: Stage, servers: readonly string[] = ["a"]): void {
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  stage.client({ id: "hello", method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {} } });
  for (const server of servers) {
    stage.happen({ kind: "server-opened", client: "c", server });
    stage.server(server, {
      id: 1,
      result: { protocolVersion: "2025-11-25", capabilities: { tools: { listChanged: true } } },
    });
  }
}

describe("reading a list", () => {
  test("goes to its end, page by page; an empty cursor is a cursor", () => {
    const stage = new Stage();
    greeted(stage);
    expect(stage.server("a", { id: 2, result: { tools: [tool("x")], nextCursor: "" } })).toMatchObject([
      ["a", { id: 3, method: "tools/list", params: { cursor: "" } }],
    ]);
    expect(stage.server("a", { id: 3, result: { tools: [tool("y")], nextCursor: "p3" } })).toMatchObject([
      ["a", { id: 4, params: { cursor: "p3" } }],
    ]);
    stage.server("a", { id: 4, result: { tools: [tool("z")] } });
    expect(toolsOf(stage.client(LIST))).toEqual(["x", "y", "z"]);
  });

  test.each([
    ["leads in a ring", { id: 3, result: { tools: [], nextCursor: "p" } }, "ring"],
    ["is an error", { id: 3, error: { code: -32603, message: "oh no" } }, "oh no"],
    ["is no list", { id: 3, result: { tools: "none" } }, "has no list"],
  ])("that %s is reported; what others list is shown", (_how, page, report) => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    greeted(stage, ["a", "b"]);
    stage.server("a", { id: 2, result: { tools: [tool("x")], nextCursor: "p" } });
    stage.server("a", page);
    stage.server("b", { id: 2, result: { tools: [tool("y")] } });
    expect(stage.reports().join()).toContain(report);
    stage.client({ method: "notifications/initialized" });
    expect(stage.client(LIST)).toMatchObject([["a", { method: "tools/list" }]]);
    expect(toolsOf(stage.server("a", { id: 4, result: { tools: [tool("late")] } }))).toEqual(["late", "y"]);
  });

  test("of a method the server does not know is empty, and no reason to complain", () => {
    const stage = new Stage();
    greeted(stage);
    stage.server("a", { id: 2, error: { code: -32601, message: "what?" } });
    expect(toolsOf(stage.client(LIST))).toEqual([]);
    expect(stage.reports()).toEqual([]);
  });

  test("only concerns kinds the server has; of what nobody has, the method is unknown", () => {
    const stage = Stage.open({ servers: { a: {}, b: { prompts: [{ name: "p" }] } } });
    expect(stage.client({ id: 1, method: "resources/list" })).toMatchObject([["client", { error: { code: -32601 } }]]);
    expect(stage.client({ id: 2, method: "prompts/list" })).toEqual([
      ["client", { id: 2, result: { prompts: [{ name: "p" }] } }],
    ]);
  });

  test("drops a name that stands twice, and says so once", () => {
    const stage = new Stage({ servers: { a: { tools: [tool("x", { n: 1 }), tool("x", { n: 2 })] } } });
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    stage.client({ id: "hello", method: "initialize", params: { protocolVersion: "2025-11-25" } });
    stage.raise("a");
    expect(stage.client(LIST)).toMatchObject([["client", { result: { tools: [tool("x", { n: 1 })] } }]]);
    stage.play("a", stage.server("a", CHANGED));
    expect(stage.reports().filter((text) => text.includes("`x`")).length).toBe(1);
  });
});

describe("a server that announces changes", () => {
  test("is not asked again for what is known", () => {
    const stage = Stage.open();
    stage.now += 3_600_000;
    expect(toolsOf(stage.client(LIST))).toEqual(["echo"]);
  });

  test("is asked when it says so, and the client told when the new list is there, once", () => {
    const stage = Stage.open();
    expect(stage.server("a", CHANGED)).toMatchObject([["a", { id: "$1", method: "tools/list" }]]);
    expect(stage.server("a", CHANGED)).toEqual([]);
    expect(stage.server("a", { id: "$1", result: { tools: [tool("old")] } })).toMatchObject([
      ["a", { id: "$2", method: "tools/list" }],
    ]);
    expect(stage.server("a", { id: "$2", result: { tools: [tool("new")] } })).toEqual([["client", CHANGED]]);
    expect(toolsOf(stage.client(LIST))).toEqual(["new"]);
  });

  test("has its word passed on, also when the list is the same", () => {
    const stage = Stage.open();
    stage.server("a", CHANGED);
    expect(stage.server("a", { id: "$1", result: { tools: [tool("echo")] } })).toEqual([["client", CHANGED]]);
  });

  test("keeps its old list when the new one cannot be read", () => {
    const stage = Stage.open();
    stage.server("a", CHANGED);
    stage.server("a", { id: "$1", error: { code: 1, message: "m" } });
    expect(stage.client(LIST)).toMatchObject([["a", { method: "tools/list" }]]);
    expect(toolsOf(stage.server("a", { id: "$2", error: { code: 1, message: "m" } }))).toEqual(["echo"]);
  });

  test("is not heard by the client where a rule drops its word, but by us", () => {
    const stage = Stage.open({ policy: "default allow\nrule r when notifications/tools/list_changed block" });
    stage.server("a", CHANGED);
    stage.server("a", { id: "$1", result: { tools: [tool("echo")] } });
    expect(toolsOf(stage.client(LIST))).toEqual(["echo"]);
  });
});

describe("a server that does not announce changes", () => {
  test("is asked again when its list is some seconds old, and the answer waits for that", () => {
    const stage = Stage.open({ servers: { a: SILENT } });
    stage.now += 1_000;
    expect(toolsOf(stage.client(LIST))).toEqual(["echo"]);
    stage.now += 2_000;
    expect(stage.client(LIST)).toMatchObject([["a", { id: "$1", method: "tools/list" }]]);
    const said = stage.server("a", { id: "$1", result: { tools: [tool("other")] } });
    expect(said.length).toBe(1);
    expect(toolsOf(said)).toEqual(["other"]);
  });

  test("is not waited for longer than some seconds", () => {
    const stage = Stage.open({ servers: { a: SILENT } });
    stage.now += 5_000;
    stage.client(LIST);
    expect(toolsOf(stage.fire(10_000))).toEqual(["echo"]);
  });
});

describe("a server that does not answer", () => {
  test("is told after a while that nobody waits, and asked again at the next occasion", () => {
    const stage = new Stage();
    greeted(stage);
    expect(stage.fire(60_000)).toMatchObject([["a", { method: "notifications/cancelled", params: { requestId: 2 } }]]);
    expect(stage.client(LIST)).toMatchObject([["a", { id: 3, method: "tools/list" }]]);
    expect(stage.server("a", { id: 2, result: { tools: [tool("late")] } })).toEqual([]);
    expect(toolsOf(stage.server("a", { id: 3, result: { tools: [tool("x")] } }))).toEqual(["x"]);
    expect(stage.reports()).toEqual(["`tools/list` failed: the server did not answer in time"]);
  });
});

describe("an unlisted name", () => {
  test("is called when the server has it by now", () => {
    const stage = Stage.open();
    stage.client({ id: 1, method: "tools/call", params: { name: "new" } });
    const said = stage.server("a", { id: "$1", result: { tools: [tool("new")] } });
    expect(said).toContainEqual(["a", { id: "$2", method: "tools/call", params: { name: "new" } }]);
    expect(said).toContainEqual(["client", CHANGED]);
  });

  test("is unknown when the server does not answer, or is gone", () => {
    const stage = Stage.open();
    stage.client({ id: 1, method: "tools/call", params: { name: "new" } });
    expect(stage.fire(10_000)).toMatchObject([["client", { id: 1, error: { code: -32602 } }]]);
    stage.drop("a");
    expect(stage.client({ id: 2, method: "tools/call", params: { name: "new" } })).toMatchObject([
      ["client", { id: 2, error: { code: -32602 } }],
    ]);
  });
});

test("a call goes by the names of the policy in force, also before anybody has said that it is another one", () => {
  const stage = Stage.open({ servers: { a: { tools: [tool("old")] } } });
  const called = (id: number, name: string): readonly Said[] =>
    stage
      .client({ id, method: "tools/call", params: { name } })
      .filter(([to, message]) => to === "a" && (message as JsonObject)["method"] === "tools/call");
  expect(called(1, "old")).toMatchObject([["a", { params: { name: "old" } }]]);
  stage.store.swap(revisionOf(`${ALLOW}\nrule r when tool old rename to "new"`, "r2"));
  expect(called(2, "old")).toEqual([]);
  expect(called(3, "new")).toMatchObject([["a", { params: { name: "old" } }]]);
});

describe("calls before the lists are known", () => {
  const call = { id: 5, method: "tools/call", params: { name: "x" } };

  test("wait for them, and go where they belong", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    greeted(stage, ["a", "b"]);
    stage.server("b", { id: 2, result: { tools: [tool("x")] } });
    expect(stage.client(call)).toEqual([]);
    expect(stage.server("a", { id: 2, result: { tools: [tool("x")] } })).toMatchObject([
      ["a", { method: "tools/call", params: { name: "x" } }],
    ]);
  });

  test("can be cancelled meanwhile", () => {
    const stage = new Stage();
    greeted(stage);
    stage.client(call);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 5 } })).toEqual([]);
    expect(stage.server("a", { id: 2, result: { tools: [tool("x")] } })).toEqual([]);
  });

  test("do not wait for ever: what is slow is added later, and keeps no name from its owner", () => {
    const stage = new Stage({ servers: { a: {}, b: {} } });
    greeted(stage, ["a", "b"]);
    stage.server("b", { id: 2, result: { tools: [tool("x")] } });
    stage.client(call);
    expect(stage.fire(10_000)).toMatchObject([["b", { method: "tools/call" }]]);
    expect(stage.server("a", { id: 2, result: { tools: [tool("x")] } })).toMatchObject([["client", CHANGED]]);
    expect(toolsOf(stage.client(LIST))).toEqual(["a__x", "x"]);
  });
});

describe("another policy", () => {
  const scene = { servers: { a: { tools: [tool("x"), tool("y")], prompts: [{ name: "p" }] } } };

  test("is announced to a client whose list is another, once a kind, and not else", () => {
    const stage = Stage.open(scene);
    expect(stage.swap("default allow\nrule no-y when tool y block")).toMatchObject([["client", CHANGED]]);
    expect(stage.swap("default allow\nrule no-y when tool y block\nrule z when tools/call z block")).toEqual([]);
    expect(toolsOf(stage.client(LIST))).toEqual(["x"]);
    expect(
      stage.swap("default allow\nrule a when tool * rename to a_*\nrule b when prompt * rename to b_*"),
    ).toMatchObject([
      ["client", CHANGED],
      ["client", { method: "notifications/prompts/list_changed" }],
    ]);
  });

  test("is in force for the next message", () => {
    const stage = Stage.open(scene);
    stage.swap('default allow\nrule no when tools/call x with q "secret" block "not now"');
    const params = { name: "x", arguments: { q: "secret" } };
    expect(stage.client({ id: 1, method: "tools/call", params })).toMatchObject([
      ["client", { id: 1, result: { isError: true, content: [{ type: "text", text: "not now" }] } }],
    ]);
  });

  test("judges replies that are under way, under the names they were asked for", () => {
    const stage = Stage.open(scene);
    stage.client({ id: 1, method: "tools/call", params: { name: "x" } });
    stage.swap('default allow\nrule no when result of tools/call x block "too late"\nrule r when tool * rename to r_*');
    expect(stage.server("a", { id: "$1", result: { content: [] } })).toMatchObject([
      ["client", { id: 1, result: { isError: true, content: [{ text: "too late" }] } }],
    ]);
  });

  test("says nothing to a client that has not begun", () => {
    const stage = new Stage(scene);
    stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
    expect(stage.swap("default block")).toEqual([]);
  });
});
