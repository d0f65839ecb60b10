// A client that says no more and still listens: what it asked is answered, and then it is let go.
import { describe, expect, test } from "vitest";
import { asked, Stage } from "../stage.ts";
import { call } from "../../tool-call.ts";

const PATIENCE_MS = 10_000;

function end(stage: Stage) {
  return stage.happen({ kind: "client-ended", client: "c", patienceMs: PATIENCE_MS });
}

function isLetGo(stage: Stage): boolean {
  return stage.others.some(({ kind }) => kind === "client-done");
}

test("who asked nothing is let go at once", () => {
  const stage = Stage.open();
  expect(end(stage)).toEqual([]);
  expect(stage.others.filter(({ kind }) => kind === "client-done")).toEqual([{ kind: "client-done", client: "c" }]);
});

test("every answer arrives before it is let go, once", () => {
  const stage = Stage.open();
  stage.client(call("one"));
  stage.client(call("two"));
  end(stage);
  expect(stage.server("a", { id: "$2", result: { n: 2 } })).toEqual([["client", { id: "two", result: { n: 2 } }]]);
  expect(isLetGo(stage)).toBe(false);
  expect(stage.server("a", { id: "$1", result: { n: 1 } })).toEqual([["client", { id: "one", result: { n: 1 } }]]);
  stage.server("a", { method: "notifications/message", params: { level: "info", data: "late" } });
  expect(stage.others.filter(({ kind }) => kind === "client-done")).toHaveLength(1);
});

test("what it said before its handshake was done goes its way first", () => {
  const stage = new Stage();
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  const clientInfo = { name: "piped", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  stage.client({ id: 1, method: "initialize", params });
  stage.client({ method: "notifications/initialized" });
  stage.client(call("early"));
  end(stage);
  const said = stage.raise("a");
  expect(said).toContainEqual(["client", expect.objectContaining({ id: 1 })]);
  expect(said).toContainEqual(["a", expect.objectContaining({ method: "tools/call" })]);
  expect(isLetGo(stage)).toBe(false);
});

test("a notification that waits for an answer from outside still reaches its server", () => {
  const policy = `default allow\nrule slow when notifications/roots/list_changed ${asked("false")} block`;
  const stage = Stage.open({ policy });
  stage.client({ method: "notifications/roots/list_changed" });
  end(stage);
  expect(isLetGo(stage)).toBe(false);
  expect(stage.answer(false)).toEqual([["a", { method: "notifications/roots/list_changed" }]]);
  expect(isLetGo(stage)).toBe(true);
});

describe("a server that asks it", () => {
  const question = { id: "q", method: "sampling/createMessage", params: { messages: [], maxTokens: 1 } };
  const refused = ["a", { id: "q", error: { code: 5030, message: expect.any(String) as string } }];

  test("before it ended is told that no answer will come, and can give its own", () => {
    const stage = Stage.open();
    stage.client(call("one"));
    expect(stage.server("a", question)).toHaveLength(1);
    expect(end(stage)).toEqual([refused]);
    expect(stage.server("a", { id: "$1", result: {} })).toEqual([["client", { id: "one", result: {} }]]);
    expect(isLetGo(stage)).toBe(true);
  });

  test("after it ended is told so at once", () => {
    const stage = Stage.open();
    stage.client(call("one"));
    end(stage);
    expect(stage.server("a", question)).toEqual([refused]);
  });
});

test("a server that never answers is not waited for any longer: the client is told, and let go", () => {
  const stage = Stage.open();
  stage.client(call("one"));
  end(stage);
  const message = "the client closed its end, and no answer came within 10 s";
  expect(stage.fire(PATIENCE_MS)).toEqual([["client", { id: "one", error: { code: 5030, message } }]]);
  expect(isLetGo(stage)).toBe(true);
  expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
});

test("a client that is gone meanwhile is let go", () => {
  const stage = Stage.open();
  stage.client(call("one"));
  end(stage);
  stage.happen({ kind: "client-closed", client: "c" });
  expect(stage.server("a", { id: "$1", result: {} })).toEqual([]);
});
