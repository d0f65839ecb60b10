// What a client carries from round to round is good once, also where other proxies take it.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, type Scene, Stage } from "../stage.ts";

const PARAMS = { name: "echo", arguments: {} };
const ASKING = { resultType: "input_required", inputRequests: { r: { method: "roots/list" } }, requestState: "theirs" };

/** A call whose server wants to know something, and the request that goes on with it. */
function asked(options: Scene["options"]): { readonly stage: Stage; readonly again: (id: number) => JsonObject } {
  const stage = Stage.modern({ servers: { a: { era: "modern" } }, ...(options === undefined ? {} : { options }) });
  stage.client(modern(1, "tools/call", PARAMS));
  const requestState = stateIn(stage.server("a", { id: "$1", result: ASKING }));
  const params = { ...PARAMS, inputResponses: { r: { roots: [] } }, requestState };
  return { stage, again: (id) => modern(id, "tools/call", params) };
}

function resultIn(said: readonly Said[]): JsonObject {
  const message = said[0]?.[1];
  const result = isJsonObject(message) ? message["result"] : undefined;
  return isJsonObject(result) ? result : {};
}

function stateIn(said: readonly Said[]): JsonValue {
  return resultIn(said)["requestState"] ?? null;
}

/** Of what the client is asked. */
function keysIn(said: readonly Said[]): readonly string[] {
  const { inputRequests } = resultIn(said);
  return isJsonObject(inputRequests) ? Object.keys(inputRequests) : [];
}

const SENT = [["a", { method: "tools/call", params: { requestState: "theirs" } }]];
const USED = [["client", { error: { code: -32602, message: "Invalid or expired requestState" } }]];

describe("a state", () => {
  test("of a proxy that is alone is spent here", () => {
    const { stage, again } = asked(undefined);
    expect(stage.client(again(2))).toMatchObject(SENT);
    expect(stage.client(again(3))).toMatchObject(USED);
    expect(stage.asked()).toEqual([]);
  });

  test("that others take is spent where all of them look", () => {
    const { stage, again } = asked({ sharesStore: true });
    expect(stage.client(again(2))).toEqual([]);
    expect(stage.asked()).toMatchObject([{ kind: "store", store: { kind: "spend", forMs: 600_000 } }]);
    expect(stage.remembers({ kind: "spent", isFirst: true })).toMatchObject(SENT);
    expect(stage.client(again(3))).toMatchObject(USED);
  });

  test("that another proxy took is good no more", () => {
    const { stage, again } = asked({ sharesStore: true });
    stage.client(again(2));
    expect(stage.remembers({ kind: "spent", isFirst: false })).toMatchObject(USED);
  });

  test("of which nobody can tell is refused, and may be tried again", () => {
    const { stage, again } = asked({ sharesStore: true });
    stage.client(again(2));
    expect(stage.remembers({ kind: "failed", reason: "gone" })).toMatchObject([
      ["client", { id: 2, error: { code: 5000 } }],
    ]);
    expect(stage.records().at(-1)).toMatchObject({ verdict: "block" });
    stage.client(again(3));
    expect(stage.remembers({ kind: "spent", isFirst: true })).toMatchObject(SENT);
  });

  test("is not taken twice while the store is asked", () => {
    const { stage, again } = asked({ sharesStore: true });
    stage.client(again(2));
    expect(stage.client(again(3))).toMatchObject(USED);
    expect(stage.asked()).toHaveLength(1);
  });
});

test("a call that waits here is spent here, whoever shares the store", () => {
  const stage = Stage.modern({ options: { sharesStore: true } });
  stage.client(modern(1, "tools/call", PARAMS));
  const question = { method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } };
  const said = stage.server("a", { id: "q", ...question });
  const answers = keysIn(said).map((key) => [key, { action: "accept", content: {} }] as const);
  const params = { ...PARAMS, inputResponses: Object.fromEntries(answers), requestState: stateIn(said) };
  expect(stage.client(modern(2, "tools/call", params))).toMatchObject([
    ["a", { id: "q", result: { action: "accept" } }],
  ]);
  expect(stage.asked()).toEqual([]);
});

test("who cancels while the store is asked has nothing sent", () => {
  const { stage, again } = asked({ sharesStore: true });
  stage.client(again(2));
  stage.client({ method: "notifications/cancelled", params: { requestId: 2 } });
  const said = stage.remembers({ kind: "spent", isFirst: true });
  expect(
    said.filter(([to, message]) => to === "a" && isJsonObject(message) && message["method"] === "tools/call").length,
  ).toBeLessThan(2);
});
