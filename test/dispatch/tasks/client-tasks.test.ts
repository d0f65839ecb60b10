// Tasks that clients make of questions (2025-11-25): known to the server that asked, and judged as the answers that they bring.
import { describe, expect, test } from "vitest";
import { Stage } from "../stage.ts";

const STATE = { status: "working", createdAt: "x", lastUpdatedAt: "x", ttl: null };

describe("a question that becomes a task of the client", () => {
  const CLIENT = { list: {}, cancel: {}, requests: { elicitation: { create: {} } } };
  const capabilities = { elicitation: {}, sampling: {}, tasks: CLIENT };
  const ASKED = { message: "?", task: { ttl: 60 } };

  function asking(policy = "default allow"): Stage {
    const stage = Stage.open({ policy, servers: { a: {}, b: { tools: [] } }, client: { capabilities } });
    stage.server("a", { id: 1, method: "elicitation/create", params: ASKED });
    return stage;
  }

  test("is asked for, where the client makes tasks of such questions", () => {
    const stage = Stage.open({ client: { capabilities } });
    expect(stage.server("a", { id: 1, method: "elicitation/create", params: ASKED })).toMatchObject([
      ["client", { params: ASKED }],
    ]);
    expect(stage.server("a", { id: 2, method: "sampling/createMessage", params: { task: {}, x: "y" } })).toEqual([
      ["client", { id: "$2", method: "sampling/createMessage", params: { x: "y" } }],
    ]);
  });

  test("can be asked about by the server that it was made for, and by no other", () => {
    const stage = asking();
    const creation = { task: { taskId: "c", ...STATE } };
    expect(stage.client({ id: "$1", result: creation })).toEqual([["a", { id: 1, result: creation }]]);
    expect(stage.server("b", { id: 2, method: "tasks/result", params: { taskId: "c" } })).toMatchObject([
      ["b", { error: { code: -32602 } }],
    ]);
    expect(stage.server("a", { id: 2, method: "tasks/result", params: { taskId: "c" } })).toEqual([
      ["client", { id: "$2", method: "tasks/result", params: { taskId: "c" } }],
    ]);
    expect(stage.client({ id: "$2", result: { action: "accept" } })).toEqual([
      ["a", { id: 2, result: { action: "accept" } }],
    ]);
  });

  test("brings an answer that is judged as the answer it is", () => {
    const stage = asking('default allow\nrule no when result of elicitation/create with content.x "secret" block');
    stage.client({ id: "$1", result: { task: { taskId: "c", ...STATE } } });
    stage.server("a", { id: 2, method: "tasks/result", params: { taskId: "c" } });
    const said = stage.client({ id: "$2", result: { action: "accept", content: { x: "secret" } } });
    expect(said).toMatchObject([["a", { id: 2, error: { code: 4030 } }]]);
  });

  test("is told of to the server that it was made for, and listed to it alone", () => {
    const stage = asking();
    stage.client({ id: "$1", result: { task: { taskId: "c", ...STATE } } });
    const status = { method: "notifications/tasks/status", params: { taskId: "c", ...STATE } };
    expect(stage.client(status)).toEqual([["a", status]]);
    const tasks = [{ taskId: "c" }, { taskId: "d" }];
    for (const [server, id, shown] of [
      ["a", "$2", [{ taskId: "c" }]],
      ["b", "$3", []],
    ] as const) {
      stage.server(server, { id: 5, method: "tasks/list" });
      expect(stage.client({ id, result: { tasks } })).toEqual([[server, { id: 5, result: { tasks: shown } }]]);
    }
  });
});
