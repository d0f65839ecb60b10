// Tasks of the modern era (the extension `io.modelcontextprotocol/tasks`): their outcomes and questions are judged wherever they stand.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { modern, type Said, Stage } from "../stage.ts";
import { EXTENSION, extensions, WORKING, DONE, FORM, OTHER, opened, ask, bodyOf, made, shown } from "./task-lines.ts";

describe("a call that becomes a task", () => {
  test("is known by a seal of ours, and says that it is one", () => {
    const stage = opened();
    stage.client(ask("call", "tools/call", { name: "echo" }));
    const said = stage.server("a", { id: "$1", result: { resultType: "task", taskId: "t", ...WORKING } });
    expect(bodyOf(said)).toMatchObject({ resultType: "task", ...WORKING });
    expect(bodyOf(said)["taskId"]).toMatch(/^sealed:/);
  });

  test("is none for a client that does not know tasks", () => {
    const stage = opened();
    const said = stage.client(modern("call", "tools/call", { name: "echo" }));
    expect(JSON.stringify(said)).not.toContain(EXTENSION);
    expect(stage.server("a", { id: "$1", result: { resultType: "task", taskId: "t", ...WORKING } })).toMatchObject([
      ["client", { id: "call", error: { code: -32603 } }],
    ]);
  });

  test("cannot be asked about by a client that does not know tasks", () => {
    const stage = opened();
    const task = made(stage);
    expect(stage.client(modern("get", "tasks/get", { taskId: task }))).toMatchObject([
      ["client", { error: { code: -32021, data: { requiredCapabilities: { extensions } } } }],
    ]);
  });
});

describe("how a task stands", () => {
  test("is asked by the server's own id, and told by ours", () => {
    const stage = opened();
    const task = made(stage);
    expect(stage.client(ask("get", "tasks/get", { taskId: task }))).toMatchObject([
      ["a", { id: "$2", method: "tasks/get", params: { taskId: "t" } }],
    ]);
    expect(
      bodyOf(stage.server("a", { id: "$2", result: { resultType: "complete", taskId: "t", ...WORKING } })),
    ).toMatchObject({ resultType: "complete", taskId: task, ...WORKING });
  });

  test("comes with its outcome", () => {
    const stage = opened();
    const state = shown(stage, made(stage), { status: "completed", result: { ...DONE, more: "kept" } });
    expect(state).toMatchObject({ status: "completed", result: { ...DONE, more: "kept" } });
  });

  test.each([
    ["by what it says", 'rule no when result of tools/call echo with content[*].text "done" block'],
    [
      "by what was asked",
      'rule no when result of tools/call echo where (content and $request.params.arguments.n = "1") block',
    ],
  ])("has no outcome that a rule keeps back: %s", (_what, rule) => {
    const stage = opened(`default allow\n${rule}`);
    const state = shown(stage, made(stage), { status: "completed", result: DONE });
    expect(state).toMatchObject({ status: "completed", result: { resultType: "complete", isError: true } });
    expect(JSON.stringify(state)).not.toContain("done");
  });

  test("has failed where a rule refuses its outcome with an error", () => {
    const stage = opened(
      'default allow\nrule no when result of tools/call echo with content[*].text "done" block as error',
    );
    const state = shown(stage, made(stage), { status: "completed", result: DONE });
    expect(state).toMatchObject({ status: "failed", error: { code: 4030 } });
    expect(JSON.stringify(state)).not.toContain("done");
  });

  test("has its outcome written over once", () => {
    const stage = opened('default allow\nrule x when result of tools/call echo rewrite content[*].text ($ & "!")');
    const state = shown(stage, made(stage), { status: "completed", result: DONE });
    expect(state["result"]).toEqual({ ...DONE, content: [{ type: "text", text: "done!" }] });
  });

  test("shows an error that a rule masks", () => {
    const stage = opened('default allow\nrule x when error of tools/call echo set message = "hidden"');
    const state = shown(stage, made(stage), { status: "failed", error: { code: 5, message: "boom" } });
    expect(state).toMatchObject({ status: "failed", error: { code: 5, message: "hidden" } });
  });

  test("has one outcome, whatever the server says", () => {
    const stage = opened();
    const state = shown(stage, made(stage), { status: "working", result: DONE, error: { code: 5, message: "boom" } });
    expect(state["error"]).toBeUndefined();
  });
});

describe("nothing of a task comes unjudged", () => {
  const LOOSE = {
    status: "completed",
    result: DONE,
    error: { code: 1, message: "done" },
    inputRequests: { who: FORM },
  };

  test("with its making", () => {
    const stage = opened();
    stage.client(ask("call", "tools/call", { name: "echo" }));
    const said = stage.server("a", { id: "$1", result: { resultType: "task", taskId: "t", ...WORKING, ...LOOSE } });
    expect(Object.keys(bodyOf(said))).toEqual(["resultType", "taskId", ...Object.keys(WORKING), "_meta"]);
  });

  test.each(["tasks/cancel", "tasks/update"])("with the answer to %s", (method) => {
    const stage = opened();
    stage.client(ask("about", method, { taskId: made(stage), inputResponses: {} }));
    const said = stage.server("a", { id: "$2", result: { resultType: "complete", ...LOOSE } });
    expect(Object.keys(bodyOf(said))).toEqual(["resultType", "status", "_meta"]);
  });

  test("as a result that is none", () => {
    const result = { resultType: "input_required", inputRequests: { who: FORM } };
    const stage = opened();
    expect(shown(stage, made(stage), { status: "completed", result })).toMatchObject({ code: -32603 });
  });

  test.each(["tasks/get", "tasks/cancel"])("to its server with %s", (method) => {
    const stage = opened();
    const said = stage.client(
      ask("about", method, { taskId: made(stage), inputResponses: { x: {} }, requestState: "s" }),
    );
    expect(Object.keys(bodyOf(said, "a"))).toEqual(["taskId", "_meta"]);
  });
});

describe("a question of a task", () => {
  const ASKING = { status: "input_required", inputRequests: { who: FORM, secret: OTHER } };
  const NO_SECRETS = 'default allow\nrule no when elicitation/create from server with message "Secret?" block';

  function update(stage: Stage, task: string, inputResponses: JsonObject): readonly Said[] {
    return stage.client(ask("update", "tasks/update", { taskId: task, inputResponses }));
  }

  test("is shown, and its answer goes to the server", () => {
    const stage = opened();
    const task = made(stage);
    expect(shown(stage, task, ASKING)).toMatchObject(ASKING);
    const answers = { who: { action: "accept", content: {} }, secret: { action: "decline" } };
    const said = update(stage, task, answers);
    expect(said).toMatchObject([["a", { method: "tasks/update", params: { taskId: "t" } }]]);
    expect(bodyOf(said, "a")["inputResponses"]).toEqual(answers);
    expect(stage.server("a", { id: "$3", result: { resultType: "complete" } })).toMatchObject([
      ["client", { id: "update", result: { resultType: "complete" } }],
    ]);
  });

  test("that a rule forbids is declined at once, and only once", () => {
    const stage = opened(NO_SECRETS);
    const task = made(stage);
    stage.client(ask("get", "tasks/get", { taskId: task }));
    const said = stage.server("a", {
      id: "$2",
      result: { resultType: "complete", taskId: "t", ...WORKING, ...ASKING },
    });
    expect(bodyOf(said, "a")).toMatchObject({ taskId: "t", inputResponses: { secret: { action: "decline" } } });
    expect(bodyOf(said)["inputRequests"]).toEqual({ who: FORM });
    stage.client(ask("get", "tasks/get", { taskId: task }));
    const again = stage.server("a", {
      id: "$4",
      result: { resultType: "complete", taskId: "t", ...WORKING, ...ASKING },
    });
    expect(again.map(([to]) => to)).toEqual(["client"]);
    const told = update(stage, task, { who: { action: "cancel" }, secret: { action: "accept" }, x: {} });
    expect(told).toMatchObject([["a", { method: "tasks/get" }]]);
    const sent = stage.server("a", {
      id: "$5",
      result: { resultType: "complete", taskId: "t", ...WORKING, ...ASKING },
    });
    expect(bodyOf(sent, "a")["inputResponses"]).toEqual({ who: { action: "cancel" } });
  });

  test("of which none is left leaves the task at work", () => {
    const stage = opened("default allow\nrule no when elicitation/create from server block");
    const state = shown(stage, made(stage), ASKING);
    expect(state).toMatchObject({ status: "working" });
    expect(state["inputRequests"]).toBeUndefined();
  });

  test("is answered as the rules on its result have it", () => {
    const stage = opened("default allow\nrule no when result of elicitation/create block");
    const task = made(stage);
    shown(stage, task, ASKING);
    expect(bodyOf(update(stage, task, { who: { action: "accept" } }), "a")["inputResponses"]).toEqual({
      who: { action: "decline" },
    });
  });
});

test("a server of another era is not told of tasks, and its answers are none", () => {
  const legacy = { capabilities: { tasks: { requests: { tools: { call: {} } } } } };
  const stage = Stage.modern({ servers: { a: legacy } });
  const said = stage.client(ask("call", "tools/call", { name: "echo", task: {} }));
  expect(JSON.stringify(said)).not.toContain("task");
  expect(bodyOf(stage.server("a", { id: "$1", result: { resultType: "task", taskId: "t" } }))).toMatchObject({
    resultType: "complete",
  });
  expect(stage.client(ask("get", "tasks/get", { taskId: "t" }))).toMatchObject([
    ["client", { error: { code: -32601 } }],
  ]);
});
