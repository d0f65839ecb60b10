// Modern clients of modern servers that want to know something first: what goes to the client under our seal, and what comes back.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, Stage } from "../stage.ts";
import { SERVERS, CALL, FORM, SAMPLE, STATE, ACCEPTED, SAMPLED, DONE, asks, paramsOf } from "./asking-server.ts";

function resultOf(said: readonly Said[]): JsonObject {
  const message = said.find(([peer]) => peer === "client")?.[1] as JsonObject | undefined;
  return (message?.["result"] ?? {}) as JsonObject;
}

describe("a modern client", () => {
  function called(policy?: string): Stage {
    const stage = Stage.modern({ servers: SERVERS, ...(policy === undefined ? {} : { policy }) });
    stage.client(modern(7, "tools/call", CALL));
    return stage;
  }

  function retry(stage: Stage, answers: JsonValue, requestState: JsonValue, id = 8): readonly Said[] {
    return stage.client(modern(id, "tools/call", { ...CALL, inputResponses: answers, requestState }));
  }

  test("gets the questions with a state of ours; its answers go on with the server's own", () => {
    const stage = called();
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM, model: SAMPLE }, { x: 1 }) }));
    expect(asked).toMatchObject({ resultType: "input_required", inputRequests: { who: FORM, model: SAMPLE }, x: 1 });
    expect(asked["requestState"]).not.toBe(STATE);
    const said = retry(stage, { who: ACCEPTED, model: SAMPLED, other: {} }, asked["requestState"] ?? null);
    expect(said).toMatchObject([["a", { id: "$2", method: "tools/call", params: CALL }]]);
    expect(paramsOf(said, "a")).toMatchObject({ requestState: STATE });
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({ who: ACCEPTED, model: SAMPLED });
    expect(stage.server("a", { id: "$2", result: { resultType: "complete", ...DONE } })).toMatchObject([
      ["client", { id: 8, result: DONE }],
    ]);
  });

  test("whose answer a rule keeps back is a client that declined", () => {
    const stage = called("default allow\nrule no when result of elicitation/create block");
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    const said = retry(stage, { who: ACCEPTED }, asked["requestState"] ?? null);
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({ who: { action: "decline" } });
  });

  test("is not asked for what it has not said it can do", () => {
    const stage = called();
    const url = { method: "elicitation/create", params: { mode: "url", message: "m", url: "https://x" } };
    const data = { requiredCapabilities: { elicitation: { url: {} } } };
    expect(stage.server("a", { id: "$1", result: asks({ u: url }) })).toMatchObject([
      ["client", { id: 7, error: { code: -32021, data } }],
    ]);
  });

  test.each([
    ["prompts/get", { name: "greet" }],
    ["resources/read", { uri: "file:///x" }],
  ])("may be asked in %s too", (method, params: JsonObject) => {
    const resources = [{ uri: "file:///x", name: "x" }];
    const stage = Stage.modern({ servers: { a: { era: "modern", prompts: [{ name: "greet" }], resources } } });
    stage.client(modern(7, method, params));
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    const again = { ...params, inputResponses: { who: ACCEPTED }, requestState: asked["requestState"] ?? null };
    const said = stage.client(modern(8, method, again));
    expect(paramsOf(said, "a")).toMatchObject({ ...params, inputResponses: { who: ACCEPTED }, requestState: STATE });
  });

  test("is not shown what a rule forbids, and the server hears that it was declined", () => {
    const policy = 'default allow\nrule no when elicitation/create from server with message "Who?" block';
    const stage = called(policy);
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM, model: SAMPLE }) }));
    expect(asked["inputRequests"]).toEqual({ model: SAMPLE });
    const said = retry(stage, { who: ACCEPTED, model: SAMPLED }, asked["requestState"] ?? null);
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({ who: { action: "decline" }, model: SAMPLED });
  });

  test("hears nothing of a round in which rules forbid everything", () => {
    const stage = called("default allow\nrule no when elicitation/create from server block");
    const said = stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    expect(said).toMatchObject([["a", { id: "$2" }]]);
    expect(paramsOf(said, "a")).toMatchObject({ inputResponses: { who: { action: "decline" } }, requestState: STATE });
  });

  test("is refused where a question that cannot be declined is forbidden", () => {
    const stage = called('default allow\nrule no when sampling/createMessage from server block "no models"');
    expect(stage.server("a", { id: "$1", result: asks({ model: SAMPLE }) })).toMatchObject([
      ["client", { id: 7, result: { isError: true, content: [{ text: "no models" }] } }],
    ]);
  });

  test("has its answers judged as the results that they are, with their request", () => {
    const policy =
      'default allow\nrule mask when result of elicitation/create where ($request.params.message = "Who?") set content.name = "X"';
    const stage = called(policy);
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    const said = retry(stage, { who: ACCEPTED }, asked["requestState"] ?? null);
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({
      who: { action: "accept", content: { name: "X", big: 1 } },
    });
  });

  const BAD: readonly (readonly [string, (state: JsonValue) => JsonObject])[] = [
    ["answers without a state", () => modern(8, "tools/call", { ...CALL, inputResponses: { who: ACCEPTED } })],
    ["a state of its own", () => modern(8, "tools/call", { ...CALL, requestState: STATE })],
    [
      "a state for other arguments",
      (state) => modern(8, "tools/call", { name: "echo", arguments: { n: 2 }, requestState: state }),
    ],
    ["a state that is no text", () => modern(8, "tools/call", { ...CALL, requestState: 5 })],
  ];

  test.each(BAD)("is refused %s, with a record", (_what, message) => {
    const stage = called();
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    stage.others.length = 0;
    const error = { code: -32602, message: "Invalid or expired requestState" };
    expect(stage.client(message(asked["requestState"] ?? null))).toEqual([["client", { id: 8, error }]]);
    expect(stage.records()).toMatchObject([{ method: "tools/call", verdict: "block" }]);
  });

  test("can use a state once", () => {
    const stage = called();
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    expect(retry(stage, { who: ACCEPTED }, asked["requestState"] ?? null)).toMatchObject([["a", {}]]);
    expect(retry(stage, { who: ACCEPTED }, asked["requestState"] ?? null, 9)).toMatchObject([
      ["client", { id: 9, error: { code: -32602 } }],
    ]);
  });

  test("that takes too long is a client that asks anew", () => {
    const stage = called();
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    stage.now += 601_000;
    const said = retry(stage, { who: ACCEPTED }, asked["requestState"] ?? null);
    expect(Object.keys(paramsOf(said, "a"))).toEqual(["name", "arguments", "_meta"]);
  });

  test("cannot use another one's state", () => {
    const stage = called();
    const asked = resultOf(stage.server("a", { id: "$1", result: asks({ who: FORM }) }));
    stage.happen({ kind: "client-opened", client: "d", user: undefined, profile: undefined });
    stage.happen({ kind: "server-opened", client: "d", server: "a" });
    stage.client(modern(1, "server/discover"), "d");
    const call = modern(8, "tools/call", { ...CALL, requestState: asked["requestState"] ?? null });
    const refused = stage.client(call, "d");
    const found = { supportedVersions: ["2026-07-28"], capabilities: { tools: {} } };
    const listed = { tools: [{ name: "echo", inputSchema: {} }] };
    const said = [
      ...refused,
      ...stage.server("a", { id: 1, result: found }, "d"),
      ...stage.server("a", { id: 2, result: listed }, "d"),
    ];
    const error = { code: -32602, message: "Invalid or expired requestState" };
    expect(said.filter(([, message]) => JSON.stringify(message).includes("tools/call"))).toEqual([]);
    expect(said).toContainEqual(["client", { id: 8, error }]);
  });
});
