// Invariant 10: every handle is bound to the session and the server it was made for; elsewhere it is unknown.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { hello, modern, type Scene, Stage } from "../dispatch/stage.ts";
import { ask, bodyOf, made, MAKER } from "../dispatch/tasks/task-lines.ts";
import { FORM_ANSWERS, Talk } from "../dispatch/gates/ask-talk.ts";
import { answer, askedAs, Remembering, USER } from "../dispatch/gates/remembering.ts";
import { say, toClient, tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const RESOURCES = { resources: [{ uri: "m://x", name: "x" }] };
const SERVERS = { a: { ...RESOURCES }, b: { tools: [tool("other")] } };

function busy(): Stage {
  const stage = Stage.open({ servers: SERVERS });
  stage.client({ id: 7, method: "tools/call", params: { name: "echo", _meta: { progressToken: "t" } } });
  return stage;
}

describe("what is under way at one server is nothing to another:", () => {
  const NUMBERS = Array.from({ length: 20 }, (_, index) => index - 2);
  const GUESSES = [...NUMBERS, ...NUMBERS.map(String), "t", "7", "$1", null];

  test.each<readonly [string, (handle: string) => string]>([
    ["a reply", (id) => `{"jsonrpc":"2.0","id":${id},"result":{"stolen":true}}`],
    ["an error", (id) => `{"jsonrpc":"2.0","id":${id},"error":{"code":1,"message":"stolen"}}`],
    [
      "progress",
      (token) => `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":1}}`,
    ],
    ["a cancellation", (id) => `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`],
    ["a reply that is broken", (id) => `{"jsonrpc":"2.0","id":${id},"result":7}`],
  ])("%s under any id", (_what, lineOf) => {
    const stage = busy();
    expect(GUESSES.flatMap((guess) => say(stage, "b", lineOf(JSON.stringify(guess))))).toEqual([]);
    expect(
      stage.server("a", { method: "notifications/progress", params: { progressToken: "$1", progress: 1 } }),
    ).toEqual([["client", { method: "notifications/progress", params: { progressToken: "t", progress: 1 } }]]);
    expect(stage.server("a", { id: "$1", result: { own: 1 } })).toEqual([["client", { id: 7, result: { own: 1 } }]]);
  });

  test("a question's answer goes to who asked it, though both used one id", () => {
    const stage = Stage.open({ servers: SERVERS });
    stage.server("a", { id: 1, method: "sampling/createMessage", params: {} });
    stage.server("b", { id: 1, method: "sampling/createMessage", params: {} });
    expect(stage.client({ id: "$2", result: { of: "b" } })).toEqual([["b", { id: 1, result: { of: "b" } }]]);
    expect(stage.client({ id: "$1", result: { of: "a" } })).toEqual([["a", { id: 1, result: { of: "a" } }]]);
    expect(stage.client({ id: "$1", result: { of: "nobody" } })).toEqual([]);
  });

  test("an elicitation that two servers call the same", () => {
    const stage = Stage.open({ servers: SERVERS });
    const question = { id: 1, method: "elicitation/create", params: { mode: "url", elicitationId: "e", url: "x" } };
    const done = { method: "notifications/elicitation/complete", params: { elicitationId: "e" } };
    expect(stage.server("a", question)).toMatchObject([["client", { params: { elicitationId: "e" } }]]);
    expect(stage.server("b", done)).toMatchObject([["client", { params: { elicitationId: "b+e" } }]]);
    expect(stage.server("a", done)).toMatchObject([["client", { params: { elicitationId: "e" } }]]);
  });

  test("a subscription", () => {
    const stage = Stage.open({ servers: { a: RESOURCES, b: { resources: [{ uri: "m://y", name: "y" }], tools: [] } } });
    const update = { method: "notifications/resources/updated", params: { uri: "m://x" } };
    expect(stage.server("a", update)).toEqual([]);
    stage.client({ id: 1, method: "resources/subscribe", params: { uri: "m://x" } });
    expect(toClient(stage.server("b", update))).toEqual([]);
    expect(stage.server("a", update)).toEqual([["client", update]]);
  });
});

describe("an answer that is kept for one user", () => {
  test.each<readonly [string, Scene["who"]]>([
    ["another one", USER("v")],
    ["one of that name whom somebody else knows", USER("u", "https://y")],
    ["the same one, at another face of the proxy", { ...USER("u"), profile: "ops" }],
    ["nobody in particular", { user: undefined, profile: undefined }],
  ])("is unknown to %s", (_who, who) => {
    const scene = new Remembering({ who: USER("u") });
    scene.server(answer(askedAs(scene.client(call(1)))));
    expect(scene.kept.size).toBe(1);
    scene.join("d", who);
    expect(scene.client(call(2), "d")).toMatchObject([["a", { method: "tools/call" }]]);
  });
});

describe("a cursor that the proxy did not give", () => {
  test.each(["", "1", "eyJzIjoiYSJ9"].map((cursor) => [cursor]))("is unknown: %j", (cursor) => {
    const stage = Stage.open({ servers: SERVERS });
    expect(stage.client({ id: 1, method: "tools/list", params: { cursor } })).toMatchObject([
      ["client", { error: { code: -32602 } }],
    ]);
  });
});

describe("what one client has is nothing to another:", () => {
  function two(): Stage {
    const stage = busy();
    stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
    stage.client({ ...hello(), id: "d-hello" }, "d");
    for (const server of ["a", "b"]) {
      stage.happen({ kind: "server-opened", client: "d", server });
    }
    return stage;
  }

  test("its calls cannot be cancelled, nor answered, in the other's session", () => {
    const stage = two();
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 7 } }, "d")).toEqual([]);
    const stolen = { id: "$1", result: { stolen: true } };
    const said = stage.dispatcher.handle(
      {
        kind: "server-message",
        client: "d",
        server: "a",
        bytes: Buffer.from('{"jsonrpc":"2.0","id":4,"result":{"stolen":1}}'),
      },
      stage.now,
    );
    expect(said.filter((command) => command.kind === "to-client" && command.client === "c")).toEqual([]);
    expect(stage.server("a", { ...stolen, result: { own: 1 } })).toEqual([["client", { id: 7, result: { own: 1 } }]]);
  });

  test("what is for it goes to it alone", () => {
    const stage = two();
    const bytes = Buffer.from('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":1}}');
    const said = stage.dispatcher.handle({ kind: "server-message", client: "c", server: "a", bytes }, stage.now);
    expect(said.flatMap((command) => (command.kind === "to-client" ? [command.client] : []))).toEqual(["c"]);
  });

  test("nothing is left of it when it is gone", () => {
    const stage = two();
    stage.happen({ kind: "client-closed", client: "c" });
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
    expect(stage.client(call(9))).toEqual([]);
  });
});

describe("the state of a request that a modern client carries", () => {
  const WHO = { user: { id: "ada", groups: [], claims: { iss: "https://id.example" } }, profile: "dev" };
  const ASKING = { era: "modern" as const, tools: [tool("echo"), tool("other")] };
  const HOME: Scene = { who: WHO, servers: { a: ASKING, b: { tools: [] } } };
  const FORM = { method: "elicitation/create", params: { message: "m", requestedSchema: {} } };

  function stateFrom(scene: Scene): JsonValue {
    const stage = Stage.modern(scene);
    stage.client(modern(1, "tools/call", { name: "echo" }));
    const asked = { resultType: "input_required", inputRequests: { k: FORM }, requestState: "s" };
    const result = stage
      .server("a", { id: "$1", result: asked })
      .map(([, message]) => (message as JsonObject)["result"]);
    return (result[0] as JsonObject)["requestState"] ?? null;
  }

  function show(scene: Scene, method: string, name: string): JsonValue | undefined {
    const stage = Stage.modern(scene);
    const requestState = stateFrom(HOME);
    const said = stage.client(modern(2, method, { name, inputResponses: { k: {} }, requestState }));
    return said[0]?.[0] === "client" ? (said[0][1] as JsonObject)["error"] : said[0]?.[0];
  }

  test("is good where it was given", () => {
    expect(show(HOME, "tools/call", "echo")).toBe("a");
  });

  test.each<readonly [string, Scene, string, string]>([
    ["to another user", { ...HOME, who: { ...WHO, user: { ...WHO.user, id: "bob" } } }, "tools/call", "echo"],
    ["to another issuer's user", { ...HOME, who: { ...WHO, user: { ...WHO.user, claims: {} } } }, "tools/call", "echo"],
    ["to nobody in particular", { ...HOME, who: { ...WHO, user: undefined } }, "tools/call", "echo"],
    ["under another profile", { ...HOME, who: { ...WHO, profile: "ops" } }, "tools/call", "echo"],
    ["for another tool", HOME, "tools/call", "other"],
    ["for a prompt", { ...HOME, servers: { a: { ...ASKING, prompts: [{ name: "echo" }] } } }, "prompts/get", "echo"],
    [
      "when the name is another server's",
      { ...HOME, servers: { a: { era: "modern", tools: [] }, b: ASKING } },
      "tools/call",
      "echo",
    ],
    [
      "when the name is another thing's",
      {
        ...HOME,
        policy:
          "default allow\nrule swap when tool other on a rename to echo\nrule old when tool echo on a rename to old",
      },
      "tools/call",
      "echo",
    ],
  ])("is unknown %s", (_what, scene, method, name) => {
    expect(show(scene, method, name)).toEqual({ code: -32602, message: "Invalid or expired requestState" });
  });
});

describe("a task of the modern era", () => {
  const METHODS = ["tasks/get", "tasks/update", "tasks/cancel"];
  const WHO = { user: { id: "ada", groups: [], claims: {} }, profile: "dev" };
  const HOME: Scene = { who: WHO, servers: { a: MAKER, b: { ...MAKER, tools: [tool("other")] } } };
  const UNKNOWN = [["client", { error: { code: -32602 } }]];

  test.each(METHODS)("is known to who made it and to its server alone: %s", (method) => {
    const stage = Stage.modern(HOME);
    const taskId = made(stage);
    expect(stage.client(ask(1, method, { taskId, inputResponses: {} })).map(([peer]) => peer)).toEqual(["a"]);
    for (const guess of ["t", "sealed:{}", taskId.slice(1), ""]) {
      expect(stage.client(ask(2, method, { taskId: guess, inputResponses: {} }))).toMatchObject(UNKNOWN);
    }
  });

  test.each<readonly [string, Scene]>([
    ["to another user", { ...HOME, who: { ...WHO, user: { ...WHO.user, id: "bob" } } }],
    ["to nobody in particular", { ...HOME, who: { ...WHO, user: undefined } }],
    ["under another profile", { ...HOME, who: { ...WHO, profile: "ops" } }],
  ])("is unknown %s", (_what, scene) => {
    const taskId = made(Stage.modern(HOME));
    const stage = Stage.modern(scene);
    for (const method of METHODS) {
      expect(stage.client(ask(1, method, { taskId, inputResponses: {} }))).toMatchObject(UNKNOWN);
    }
  });
});

describe("a task of the legacy era", () => {
  const TASKS = { list: {}, cancel: {}, requests: { tools: { call: {} } } };
  const TOOL = { ...tool("echo"), execution: { taskSupport: "optional" } };
  const SCENE: Scene = {
    servers: { a: { capabilities: { tasks: TASKS }, tools: [TOOL] }, b: { capabilities: { tasks: TASKS }, tools: [] } },
  };

  function taskOf(stage: Stage): string {
    stage.client({ id: 7, method: "tools/call", params: { name: "echo", arguments: {}, task: {} } });
    const state = { taskId: "t", status: "working", createdAt: "x", lastUpdatedAt: "x", ttl: null };
    const task = bodyOf(stage.server("a", { id: "$1", result: { task: state } }))["task"] as JsonObject;
    return task["taskId"] as string;
  }

  test.each(["tasks/get", "tasks/result", "tasks/cancel"])(
    "is its server's, and unknown by any other word: %s",
    (method) => {
      const stage = Stage.open(SCENE);
      const taskId = taskOf(stage);
      expect(stage.client({ id: 8, method, params: { taskId } }).map(([peer]) => peer)).toEqual(["a"]);
      for (const guess of ["t", "sealed:{}", taskId.slice(1)]) {
        expect(stage.client({ id: 9, method, params: { taskId: guess } })).toMatchObject([
          ["client", { error: { code: -32602 } }],
        ]);
      }
    },
  );

  test("is told of by its own server alone", () => {
    const stage = Stage.open(SCENE);
    const taskId = taskOf(stage);
    const params = { taskId: "t", status: "completed", createdAt: "x", lastUpdatedAt: "x", ttl: null };
    const told = { method: "notifications/tasks/status", params };
    expect(toClient(stage.server("b", told))).toEqual([]);
    expect(stage.server("a", told)).toMatchObject([["client", { params: { taskId } }]]);
  });
});

describe("the state of an approval", () => {
  const PLOT = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;
  const ada = { user: { id: "ada", groups: [], claims: {} }, profile: undefined };
  const eve = { user: { id: "eve", groups: [], claims: {} }, profile: undefined };
  const nobody = { user: undefined, profile: undefined };

  test.each([
    ["another user", ada, eve],
    ["another session of nobody in particular", nobody, nobody],
    ["the same user under another profile", ada, { ...ada, profile: "ops" }],
    ["whoever did not log in", ada, nobody],
  ])("is unknown to %s", (_what, who, other) => {
    const talk = new Talk(PLOT, { who });
    talk.call();
    const { stage } = talk;
    stage.happen({ kind: "client-opened", client: "d", ...other });
    stage.happen({ kind: "server-opened", client: "d", server: "a" });
    const inputResponses = { "mcprules.approve": FORM_ANSWERS.approve };
    const params = { name: "echo", arguments: { n: 1 }, inputResponses, requestState: talk.state() };
    const found = { supportedVersions: ["2026-07-28"], capabilities: {} };
    const said = [
      ...stage.client(modern("discovers", "server/discover"), "d"),
      ...stage.client(modern("steals", "tools/call", params), "d"),
      ...stage.server("a", { id: 1, result: found }, "d"),
    ];
    expect(toClient(said)).toContainEqual([
      "client",
      expect.objectContaining({ id: "steals", error: expect.anything() }),
    ]);
    expect(JSON.stringify(said)).not.toContain('"method":"tools/call"');
    talk.answer("approve");
    expect(talk.done()).toHaveLength(1);
  });
});
