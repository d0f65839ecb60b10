// Tasks of the modern era (the extension `io.modelcontextprotocol/tasks`): their outcomes and questions are judged wherever they stand.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { modern, type Said, type Scene, Stage } from "./stage.ts";

const EXTENSION = "io.modelcontextprotocol/tasks";
const extensions = { [EXTENSION]: {} };
const KNOWING = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {}, sampling: {}, extensions } };
const MAKER = { era: "modern" as const, capabilities: { extensions } };
const WORKING = { status: "working", createdAt: "x", lastUpdatedAt: "x", ttlMs: null, extra: "kept" };
const DONE = { resultType: "complete", content: [{ type: "text", text: "done" }] };
const FORM = { method: "elicitation/create", params: { mode: "form", message: "Who?", requestedSchema: {} } };
const OTHER = { method: "elicitation/create", params: { mode: "form", message: "Secret?", requestedSchema: {} } };

function opened(policy?: string, more: Partial<Scene> = {}): Stage {
  const scene = { servers: { a: MAKER }, ...more, ...(policy === undefined ? {} : { policy }) };
  return Stage.modern(scene);
}

function ask(id: JsonValue, method: string, params: JsonObject): JsonObject {
  return modern(id, method, params, KNOWING);
}

function bodyOf(said: readonly Said[], to = "client"): JsonObject {
  const message = said.find(([peer]) => peer === to)?.[1] as JsonObject | undefined;
  return (message?.["result"] ?? message?.["params"] ?? message?.["error"] ?? {}) as JsonObject;
}

/** What the client knows the task by. */
function made(stage: Stage, call = "$1"): string {
  stage.client(ask("call", "tools/call", { name: "echo", arguments: { n: "1" } }));
  const said = stage.server("a", { id: call, result: { resultType: "task", taskId: "t", ...WORKING } });
  return bodyOf(said)["taskId"] as string;
}

/** What a poll shows the client. */
function shown(stage: Stage, task: string, state: JsonObject, at = "$2"): JsonObject {
  stage.client(ask("get", "tasks/get", { taskId: task }));
  return bodyOf(stage.server("a", { id: at, result: { resultType: "complete", taskId: "t", ...WORKING, ...state } }));
}

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

describe("a task is known", () => {
  const ADA = { user: { id: "ada", groups: [], claims: {} }, profile: "dev" };
  const HTTP: Partial<Scene> = { who: ADA, servers: { a: MAKER } };

  test.each([["t"], ["sealed:{}"], ["x"]])("to nobody who did not ask for it: %s", (taskId) => {
    const stage = opened();
    made(stage);
    expect(stage.client(ask("get", "tasks/get", { taskId }))).toMatchObject([["client", { error: { code: -32602 } }]]);
  });

  function inNextSession(who: Scene["who"], transport: "http" | "stdio"): readonly Said[] {
    const servers = [{ name: "a", root: undefined, home: undefined, transport, era: "modern" as const }];
    const options = { servers };
    const task = made(opened(undefined, { ...HTTP, options }));
    const next = opened(undefined, {
      ...HTTP,
      ...(who === undefined ? {} : { who }),
      options: { ...options, token: () => "other" },
    });
    return next.client(ask("get", "tasks/get", { taskId: task }));
  }

  test("in another session of the same user, at a server that has no sessions", () => {
    expect(inNextSession(ADA, "http")).toMatchObject([["a", { params: { taskId: "t" } }]]);
  });

  test.each<readonly [string, Scene["who"], "http" | "stdio"]>([
    ["to another user", { ...ADA, user: { ...ADA.user, id: "bob" } }, "http"],
    ["under another profile", { ...ADA, profile: "ops" }, "http"],
    ["to nobody in particular", { user: undefined, profile: "dev" }, "http"],
    ["at another process", ADA, "stdio"],
  ])("not %s", (_what, who, transport) => {
    expect(inNextSession(who, transport)).toMatchObject([["client", { error: { code: -32602 } }]]);
  });
});

describe("who listens for a task", () => {
  const ID = "io.modelcontextprotocol/subscriptionId";

  function listening(policy?: string): {
    readonly stage: Stage;
    readonly task: string;
    readonly said: readonly Said[];
  } {
    const stage = opened(policy);
    const task = made(stage);
    const asked = stage.client(ask("listen", "subscriptions/listen", { notifications: { taskIds: [task, "x"] } }));
    expect(asked).toMatchObject([
      ["a", { method: "subscriptions/listen", params: { notifications: { taskIds: ["t"] } } }],
    ]);
    const said = stage.server("a", {
      method: "notifications/subscriptions/acknowledged",
      params: { notifications: { taskIds: ["t"] }, _meta: { [ID]: "$2" } },
    });
    return { stage, task, said };
  }

  function told(stage: Stage, more: JsonObject): readonly Said[] {
    const _meta = { [ID]: "$2" };
    return stage.server("a", { method: "notifications/tasks", params: { taskId: "t", ...WORKING, ...more, _meta } });
  }

  test("is told how it stands, with its outcome", () => {
    const { stage, task, said } = listening();
    expect(bodyOf(said)).toEqual({ notifications: { taskIds: [task] }, _meta: { [ID]: "listen" } });
    expect(told(stage, { status: "completed", result: DONE })).toMatchObject([
      ["client", { method: "notifications/tasks", params: { taskId: task, result: DONE, _meta: { [ID]: "listen" } } }],
    ]);
  });

  test("does not get an outcome that a rule keeps back", () => {
    const { stage } = listening(
      'default allow\nrule no when result of tools/call echo with content[*].text "done" block',
    );
    const said = told(stage, { status: "completed", result: DONE });
    expect(bodyOf(said)["result"]).toMatchObject({ isError: true });
    expect(JSON.stringify(said)).not.toContain("done");
  });

  test("must have said that it knows tasks; of others nobody hears", () => {
    const stage = opened();
    const task = made(stage);
    expect(
      stage.client(modern("listen", "subscriptions/listen", { notifications: { taskIds: [task] } })),
    ).toMatchObject([["client", { error: { code: -32021 } }]]);
    expect(told(stage, {})).toEqual([]);
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
