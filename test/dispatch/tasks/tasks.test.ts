// Tasks that servers make of calls (2025-11-25): asked about, listed, told of, and judged as the replies that they bring.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { revisionOf } from "../../engine/policy.ts";
import { hello, type Said, type Scene, Stage } from "../stage.ts";

const TASKS = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
const RELATED = "io.modelcontextprotocol/related-task";
const TOOL = {
  name: "echo",
  inputSchema: { type: "object", properties: { key: { type: "string" }, n: { type: "number" } } },
  execution: { taskSupport: "optional" },
};
const MAKER = { capabilities: { tasks: TASKS }, tools: [TOOL] };
const STATE = { status: "working", createdAt: "x", lastUpdatedAt: "x", ttl: null, extra: 12345 };
const DONE = { content: [{ type: "text", text: "done" }] };

function opened(policy?: string, more: Scene["servers"] = {}): Stage {
  return Stage.open({ servers: { a: MAKER, ...more }, ...(policy === undefined ? {} : { policy }) });
}

function bodyOf(said: readonly Said[], to = "client"): JsonObject {
  const message = said.find(([peer]) => peer === to)?.[1] as JsonObject | undefined;
  return (message?.["result"] ?? message?.["params"] ?? message?.["error"] ?? {}) as JsonObject;
}

/** What the client knows the task by. */
function made(stage: Stage, own = "t", call = "$1"): string {
  stage.client({
    id: 7,
    method: "tools/call",
    params: { name: "echo", arguments: { n: 1 }, task: { ttl: 60 }, _meta: { progressToken: "p" } },
  });
  return idIn(stage.server("a", { id: call, result: { task: { taskId: own, ...STATE }, x: 1 } }));
}

function idIn(said: readonly Said[]): string {
  return (bodyOf(said)["task"] as { taskId: string }).taskId;
}

function about(method: string, taskId: JsonValue, id = 8): JsonObject {
  return { id, method, params: { taskId } };
}

describe("a call that becomes a task", () => {
  test("is asked for as the client asked, and what is made is known by a seal of ours", () => {
    const stage = opened();
    const call = { name: "echo", task: { ttl: 60 }, arguments: {} };
    expect(stage.client({ id: 7, method: "tools/call", params: call })).toEqual([
      ["a", { id: "$1", method: "tools/call", params: call }],
    ]);
    const said = stage.server("a", { id: "$1", result: { task: { taskId: "t", ...STATE }, x: 1 } });
    expect(said).toMatchObject([["client", { id: 7, result: { task: STATE, x: 1 } }]]);
    expect(idIn(said)).toMatch(/^sealed:/);
  });

  test("is an ordinary call at a server that makes none of it", () => {
    const stage = Stage.open({ servers: { a: { capabilities: { tasks: { list: {} } } } } });
    const said = stage.client({ id: 7, method: "tools/call", params: { name: "echo", task: {}, arguments: {} } });
    expect(said).toEqual([["a", { id: "$1", method: "tools/call", params: { name: "echo", arguments: {} } }]]);
    const result = { task: { taskId: "t" }, ...DONE };
    expect(stage.server("a", { id: "$1", result })).toEqual([["client", { id: 7, result }]]);
    expect(stage.client(about("tasks/get", "t"))).toMatchObject([["client", { error: { code: -32602 } }]]);
  });

  test("of a hidden tool is a call of an unknown tool", () => {
    const stage = opened("default allow\nrule no when tool echo block");
    const said = stage.client({ id: 7, method: "tools/call", params: { name: "echo", task: {} } });
    expect(said).toMatchObject([["client", { error: { code: -32602, message: "Unknown tool: echo" } }]]);
  });

  test("tells of its progress for as long as it lives", () => {
    const stage = opened();
    const task = made(stage);
    const progress = (token: string): JsonObject => ({
      method: "notifications/progress",
      params: {
        progressToken: token,
        progress: 1,
        _meta: { [RELATED]: { taskId: task.startsWith("sealed") ? "t" : "" } },
      },
    });
    expect(stage.server("a", progress("$1"))).toEqual([
      [
        "client",
        {
          method: "notifications/progress",
          params: { progressToken: "p", progress: 1, _meta: { [RELATED]: { taskId: task } } },
        },
      ],
    ]);
    stage.server("a", { method: "notifications/tasks/status", params: { taskId: "t", ...STATE, status: "completed" } });
    expect(stage.server("a", progress("$1"))).toEqual([]);
  });
});

test("is not promised by tools of servers that make none, where others do", () => {
  const stage = opened(undefined, { b: { tools: [{ ...TOOL, name: "other" }] } });
  const said = bodyOf(stage.client({ id: 7, method: "tools/list" }));
  expect(said["tools"]).toEqual([TOOL, { name: "other", inputSchema: TOOL.inputSchema }]);
});

describe("a task", () => {
  test.each(["tasks/get", "tasks/cancel"])("is named to its server by its own id: %s", (method) => {
    const stage = opened();
    const task = made(stage);
    expect(stage.client(about(method, task))).toEqual([["a", { id: "$2", method, params: { taskId: "t" } }]]);
    expect(stage.server("a", { id: "$2", result: { taskId: "t", ...STATE } })).toEqual([
      ["client", { id: 8, result: { taskId: task, ...STATE } }],
    ]);
  });

  test("brings the reply of its call", () => {
    const stage = opened();
    const task = made(stage);
    expect(stage.client(about("tasks/result", task))).toEqual([
      ["a", { id: "$2", method: "tasks/result", params: { taskId: "t" } }],
    ]);
    expect(stage.server("a", { id: "$2", result: { ...DONE, _meta: { [RELATED]: { taskId: "t" } } } })).toEqual([
      ["client", { id: 8, result: { ...DONE, _meta: { [RELATED]: { taskId: task } } } }],
    ]);
  });

  test("is told of by the id that the client knows; others are not told of", () => {
    const stage = opened(undefined, { b: { ...MAKER, tools: [] } });
    const task = made(stage);
    const status = (taskId: string): JsonObject => ({
      method: "notifications/tasks/status",
      params: { taskId, ...STATE },
    });
    expect(stage.server("a", status("t"))).toEqual([["client", status(task)]]);
    expect(stage.server("a", status("other"))).toEqual([]);
    expect(stage.server("b", status("t"))).toEqual([]);
  });

  test("has questions, and their answers, related to it in everybody's own words", () => {
    const stage = opened();
    const task = made(stage);
    const question = (taskId: string): JsonObject => ({ message: "?", _meta: { [RELATED]: { taskId, x: "y" } } });
    expect(stage.server("a", { id: 1, method: "elicitation/create", params: question("t") })).toEqual([
      ["client", { id: "$1", method: "elicitation/create", params: question(task) }],
    ]);
    expect(stage.client({ id: "$1", result: { action: "decline", _meta: { [RELATED]: { taskId: task } } } })).toEqual([
      ["a", { id: 1, result: { action: "decline", _meta: { [RELATED]: { taskId: "t" } } } }],
    ]);
  });

  test("of one server has no name at another", () => {
    const stage = opened(undefined, { b: { ...MAKER, tools: [] } });
    const task = made(stage);
    stage.server("b", {
      id: 1,
      method: "elicitation/create",
      params: { message: "?", _meta: { [RELATED]: { taskId: "t" } } },
    });
    const answer = { action: "decline", _meta: { [RELATED]: { taskId: task } } };
    expect(stage.client({ id: "$1", result: answer })).toEqual([["b", { id: 1, result: answer }]]);
  });

  test("keeps its name, and is another's once its server calls another so", () => {
    const stage = opened();
    const first = made(stage);
    stage.client({ id: 7, method: "tools/call", params: { name: "echo", arguments: { n: 2 }, task: {} } });
    const second = idIn(stage.server("a", { id: "$2", result: { task: { taskId: "t", ...STATE } } }));
    expect(second).not.toBe(first);
    expect(stage.client(about("tasks/result", first))).toMatchObject([["client", { error: { code: -32602 } }]]);
    expect(stage.client(about("tasks/result", second))).toMatchObject([["a", { params: { taskId: "t" } }]]);
  });

  test("ends with its server", () => {
    const stage = opened();
    const task = made(stage);
    stage.drop("a");
    stage.restart("a");
    expect(stage.client(about("tasks/result", task))).toMatchObject([
      ["client", { error: { code: -32602, message: "Task not found" } }],
    ]);
  });

  test.each([["t"], ["sealed:{}"], ['sealed:{"v":1,"k":"task","server":"a","own":"t"}'], ["x"]])(
    "that nobody made here is unknown: %s",
    (id) => {
      const stage = opened();
      made(stage);
      expect(stage.client(about("tasks/get", id))).toMatchObject([["client", { error: { code: -32602 } }]]);
      expect(stage.records().at(-1)).toMatchObject({ verdict: "block" });
    },
  );

  test("of one client is unknown to another", () => {
    const stage = opened();
    const task = made(stage);
    const who = { user: undefined, profile: undefined };
    stage.happen({ kind: "client-opened", client: "d", ...who });
    stage.client({ ...hello(), id: "d-hello" }, "d");
    const [, greeting] = stage.happen({ kind: "server-opened", client: "d", server: "a" }).at(-1) ?? [];
    const { id } = greeting as { id: string };
    const result = { protocolVersion: "2025-11-25", capabilities: { tools: {}, tasks: TASKS } };
    stage.server("a", { id, result }, "d");
    expect(stage.client(about("tasks/result", task), "d")).toMatchObject([
      ["client", { error: { code: -32602, message: "Task not found" } }],
    ]);
  });
});

describe("the outcome of a task", () => {
  const cases: readonly (readonly [string, string, JsonObject, JsonObject])[] = [
    ["by the tool's name", 'rule no when result of tools/call echo block "no"', DONE, { isError: true }],
    [
      "by what it says",
      'rule no when result of tools/call echo with content[*].text "done" block',
      DONE,
      { isError: true },
    ],
    [
      "by what was asked",
      "rule no when result of tools/call echo where (content and $request.params.arguments.n = 1) block",
      DONE,
      { isError: true },
    ],
    [
      "by a tag",
      'rule t when tools/call echo tag seen\nrule no when result of tools/call echo where (content and "seen" in $tags) block',
      DONE,
      { isError: true },
    ],
  ];

  test.each(cases)("is kept back as the reply of its call is: %s", (what, rules, outcome, shown) => {
    const stage = opened(`default allow\n${rules}`);
    stage.client({ id: 7, method: "tools/call", params: { name: "echo", arguments: { n: 1 }, task: {} } });
    const creation = stage.server("a", { id: "$1", result: { task: { taskId: "t", ...STATE } } });
    const task = (bodyOf(creation)["task"] as { taskId: string } | undefined)?.taskId;
    // What is refused whatever it says is not begun.
    expect(task === undefined).toBe(what === "by the tool's name");
    if (task === undefined) return;
    stage.client(about("tasks/result", task));
    expect(bodyOf(stage.server("a", { id: "$2", result: outcome }))).toMatchObject(shown);
  });

  test("is written over as the reply of its call is, once", () => {
    const stage = opened('default allow\nrule x when result of tools/call echo rewrite content[*].text ($ & "!")');
    const task = made(stage);
    stage.client(about("tasks/result", task));
    const said = stage.server("a", { id: "$2", result: DONE });
    expect(bodyOf(said)).toEqual({ content: [{ type: "text", text: "done!" }] });
  });

  test("hides what a rule supplied to its call", () => {
    const stage = opened();
    stage.store.swap(revisionOf('default allow rule key when tool echo supply key = "s3cr3t-value"', () => undefined));
    stage.happen({ kind: "policy-changed" });
    const task = made(stage);
    stage.client(about("tasks/result", task));
    const said = stage.server("a", { id: "$2", result: { content: [{ type: "text", text: "it was s3cr3t-value" }] } });
    expect(JSON.stringify(said)).not.toContain("s3cr3t");
  });

  test("may take as long as it takes", () => {
    const stage = opened();
    const task = made(stage);
    const before = stage.others.length;
    stage.client(about("tasks/result", task));
    expect(stage.others.slice(before).filter(({ kind }) => kind === "set-timer")).toEqual([]);
  });
});

describe("tasks/list", () => {
  test("has the tasks of all servers that this client asked for, page by page", () => {
    const stage = opened(undefined, { b: { capabilities: { tasks: TASKS }, tools: [] }, c: { tools: [] } });
    const task = made(stage);
    expect(stage.client({ id: 8, method: "tasks/list" })).toEqual([
      ["a", { id: "$2", method: "tasks/list" }],
      ["b", { id: "$1", method: "tasks/list" }],
    ]);
    const others = [{ taskId: "foreign", ...STATE }];
    expect(stage.server("a", { id: "$2", result: { tasks: others, nextCursor: "2" } })).toEqual([
      ["a", { id: "$3", method: "tasks/list", params: { cursor: "2" } }],
    ]);
    expect(stage.server("b", { id: "$1", result: { tasks: [{ taskId: "t", ...STATE }] } })).toEqual([]);
    expect(stage.server("a", { id: "$3", result: { tasks: [{ taskId: "t", ...STATE }] } })).toEqual([
      ["client", { id: 8, result: { tasks: [{ taskId: task, ...STATE }] } }],
    ]);
  });

  test("that a rule keeps back is refused", () => {
    const stage = opened("default allow\nrule no when result of tasks/list block");
    stage.client({ id: 8, method: "tasks/list" });
    expect(stage.server("a", { id: "$1", result: { tasks: [] } })).toMatchObject([
      ["client", { error: { code: 4030 } }],
    ]);
  });

  test("knows no cursor", () => {
    const said = opened().client({ id: 8, method: "tasks/list", params: { cursor: "x" } });
    expect(said).toMatchObject([["client", { error: { code: -32602 } }]]);
  });
});
