// Who knows a task of the modern era, and who is told how it stands.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { modern, type Said, type Scene, type Stage } from "../stage.ts";
import { MAKER, WORKING, DONE, opened, ask, bodyOf, made } from "./task-lines.ts";

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
  test("in a session whose server is not up yet waits for it, since it may be the server's still", () => {
    const http = { name: "a", root: undefined, home: undefined, transport: "http" as const, era: "modern" as const };
    const ada = { user: { id: "ada", groups: [], claims: {} }, profile: undefined };
    const stage = opened(undefined, { who: ada, servers: { a: MAKER }, options: { servers: [http] } });
    const notifications = { taskIds: [made(stage)] };
    stage.happen({ kind: "client-opened", client: "d", ...ada });
    expect(stage.client(modern("hello", "server/discover"), "d")).toMatchObject([["client", { id: "hello" }]]);
    expect(stage.client(ask("listen", "subscriptions/listen", { notifications }), "d")).toEqual([]);
    expect(stage.raise("a", "d")).toContainEqual([
      "a",
      expect.objectContaining({
        method: "subscriptions/listen",
        params: expect.objectContaining({ notifications: { taskIds: ["t"] } }) as unknown,
      }),
    ]);
  });

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
