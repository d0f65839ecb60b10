// Approvals of modern clients: what is in the state, once, for one request, of one principal; and the server's own questions in the same chain of rounds.
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said } from "../stage.ts";
import { ASKS, FORM_ANSWERS, Talk } from "./ask-talk.ts";

const PLOT = { era: "modern", serverEra: "modern", channel: "elicitation" } as const;
const YES = { "mcprules.approve": FORM_ANSWERS.approve };
const FORM = { method: "elicitation/create", params: { mode: "form", message: "Who?", requestedSchema: {} } };
const ADA = { action: "accept", content: { name: "Ada" } };
const DONE = { resultType: "complete", content: [{ type: "text", text: "done" }] };
const FORGED = { error: { code: -32602, message: "Invalid or expired requestState" } };

function resultOf(said: readonly Said[]): JsonObject {
  const message = said.find(([to]) => to === "client")?.[1];
  const result = isJsonObject(message) ? message["result"] : undefined;
  return isJsonObject(result) ? result : {};
}

describe("a state", () => {
  test("holds for the same request, in whatever order its arguments come", () => {
    const talk = new Talk(PLOT);
    talk.call({ n: 1, m: { a: 1, b: 2 } });
    const call = { arguments: { m: { b: 2, a: 1 }, n: 1 }, name: "echo" };
    talk.retry({ inputResponses: YES, requestState: talk.state() }, call);
    expect(talk.done()).toHaveLength(1);
  });

  const ELSE: readonly (readonly [string, (state: JsonValue) => JsonObject])[] = [
    ["for other arguments", (state) => ({ name: "echo", arguments: { n: 2 }, requestState: state })],
    ["for another tool", (state) => ({ name: "other", arguments: { n: 1 }, requestState: state })],
    ["that is forged", () => ({ name: "echo", arguments: { n: 1 }, requestState: "mr1.own.x.y" })],
    ["that is left out", () => ({ name: "echo", arguments: { n: 1 } })],
    ["that is changed", (state) => ({ name: "echo", arguments: { n: 1 }, requestState: `x${state as string}` })],
  ];

  test.each(ELSE)("%s is refused", (_what, params) => {
    const tools = ["echo", "other"].map((name) => ({ name, inputSchema: { type: "object" } }));
    const talk = new Talk(PLOT, { servers: { a: { era: "modern", tools } } });
    talk.call();
    talk.request({ ...params(talk.state()), inputResponses: YES });
    expect(talk.told()).toMatchObject([FORGED]);
    expect(talk.done()).toEqual([]);
  });

  test("of another principal is refused", () => {
    const talk = new Talk(PLOT, { who: { user: { id: "ada", groups: [], claims: {} }, profile: undefined } });
    talk.call();
    const eve = { id: "eve", groups: [], claims: {} };
    talk.stage.happen({ kind: "client-opened", client: "e", user: eve, profile: undefined });
    talk.stage.happen({ kind: "server-opened", client: "e", server: "a" });
    const params = { name: "echo", arguments: { n: 1 }, inputResponses: YES, requestState: talk.state() };
    const said = [
      ...talk.stage.client(modern("discovers", "server/discover"), "e"),
      ...talk.stage.client(modern("steals", "tools/call", params), "e"),
      ...talk.stage.server("a", { id: 1, result: { supportedVersions: ["2026-07-28"], capabilities: {} } }, "e"),
    ];
    expect(said).toContainEqual(["client", { id: "steals", ...FORGED }]);
  });

  test("is good once: whoever comes with it again is asked again", () => {
    const talk = new Talk(PLOT);
    talk.call();
    const requestState = talk.state();
    talk.retry({ inputResponses: YES, requestState });
    talk.retry({ inputResponses: YES, requestState });
    expect(talk.done()).toHaveLength(1);
    expect(talk.state()).not.toBe(requestState);
    expect(talk.told()).toEqual([]);
  });

  test("without an answer is asked about again, three times in all", () => {
    const talk = new Talk(PLOT);
    talk.call();
    for (const _ of [2, 3]) {
      const requestState = talk.state();
      talk.retry({ inputResponses: {}, requestState });
      expect(talk.state()).not.toBe(requestState);
    }
    talk.retry({ inputResponses: {}, requestState: talk.state() });
    expect(talk.told()).toMatchObject([{ result: { isError: true } }]);
    expect(talk.records().at(-1)).toMatchObject({ approval: { outcome: "invalid" } });
    expect(talk.done()).toEqual([]);
  });

  test("leaves a record of the question, and one of the answer", () => {
    const talk = new Talk(PLOT);
    talk.call();
    const [asked] = talk.records();
    expect(asked).toMatchObject({
      verdict: "ask",
      rule: "sure",
      approval: { channel: "elicitation", outcome: "open" },
    });
    talk.answer("approve");
    const approval = { outcome: "approved", digest: asked?.approval?.digest, askedAt: asked?.approval?.askedAt };
    expect(talk.records().at(-1)).toMatchObject({ verdict: "allow", approval });
  });
});

test("about a question that came as an error, as a legacy server may ask: it is not called a second time", () => {
  const policy = 'default allow\nrule sure when elicitation/create ask "Really?"';
  const talk = new Talk({ ...PLOT, serverEra: "legacy" }, { policy });
  const capabilities = { elicitation: { form: {}, url: {} } };
  const meta = { "io.modelcontextprotocol/clientCapabilities": capabilities };
  talk.call({ n: 1 }, meta);
  const wanted = { mode: "url", elicitationId: "e", url: "https://x.example/", message: "Log in" };
  talk.server({ id: "$1", error: { code: -32042, message: "log in", data: { elicitations: [wanted] } } });
  expect(talk.question()).toContain("Really?");
  const params = { name: "echo", arguments: { n: 1 }, inputResponses: YES, requestState: talk.state() };
  const said = talk.request(params, meta);
  expect(resultOf(said)["inputRequests"]).toMatchObject({ "url-1": { params: { url: "https://x.example/" } } });
  expect(talk.done()).toHaveLength(1);
});

describe("other requests:", () => {
  const servers = {
    a: { era: "modern" as const, prompts: [{ name: "greet" }], resources: [{ uri: "m://x", name: "x" }] },
  };

  test.each<readonly [string, JsonObject]>([
    ["prompts/get", { name: "greet" }],
    ["resources/read", { uri: "m://x" }],
  ])("%s is asked about in a round as well", (method, params) => {
    const talk = new Talk(PLOT, { servers, policy: `default allow\nrule sure when ${method} * ask` });
    talk.request(params, undefined, method);
    talk.request({ ...params, inputResponses: YES, requestState: talk.state() }, undefined, method);
    expect(talk.sent.at(-1)).toMatchObject(["a", { method, params }]);
    expect(talk.told()).toEqual([]);
  });

  test("of what cannot be asked again the queue is asked", () => {
    const policy = "default allow\nrule sure when completion/complete * ask";
    const talk = new Talk({ ...PLOT, channel: "queue" }, { servers, policy });
    const params = { ref: { type: "ref/prompt", name: "greet" }, argument: { name: "x", value: "y" } };
    talk.request(params, undefined, "completion/complete");
    expect(talk.question()).toContain("rule sure");
    talk.answer("approve");
    expect(talk.sent.at(-1)).toMatchObject(["a", { method: "completion/complete" }]);
  });

  test("a list is asked about for each server, and shows those that were approved", () => {
    const plot = { ...PLOT, era: "legacy", serverEra: "legacy", channel: "queue" } as const;
    const policy = "default allow\nrule sure when tools/list ask";
    const tools = [{ name: "other", inputSchema: { type: "object" } }];
    const talk = new Talk(plot, { policy, servers: { a: {}, b: { tools } } });
    talk.request({}, undefined, "tools/list");
    expect(talk.stage.dispatcher.questions().map(({ server }) => server)).toEqual(["a", "b"]);
    const [first, second] = talk.stage.dispatcher.questions().map(({ id }) => id);
    talk.decide(first ?? "", true);
    talk.decide(second ?? "", false);
    expect(talk.told()).toMatchObject([{ result: { tools: [{ name: "echo" }] } }]);
  });
});

describe("the server asks as well", () => {
  function approved(policy = ASKS): Talk {
    const talk = new Talk(PLOT, { policy });
    talk.call();
    talk.answer("approve");
    talk.server({
      id: "$1",
      result: { resultType: "input_required", inputRequests: { who: FORM }, requestState: "its" },
    });
    return talk;
  }

  function paramsOf(talk: Talk): JsonObject {
    const params = talk.done().at(-1)?.["params"];
    return isJsonObject(params) ? params : {};
  }

  test("after the approval: the human is not asked for the same again", () => {
    const talk = approved();
    talk.retry({ inputResponses: { who: ADA }, requestState: talk.state() });
    expect(talk.done()).toHaveLength(2);
    expect(paramsOf(talk)).toMatchObject({ inputResponses: { who: ADA }, requestState: "its" });
    talk.server({ id: "$2", result: DONE });
    expect(talk.told()).toMatchObject([{ result: DONE }]);
  });

  test("and the policy asks something else by then: both are asked, and one retry answers both", () => {
    const talk = approved();
    talk.reload(ASKS.replace("Really", "Truly"));
    const asked = talk.retry({ inputResponses: {}, requestState: talk.state() });
    expect(Object.keys(resultOf(asked)["inputRequests"] as JsonObject)).toEqual(["mcprules.approve", "who"]);
    talk.retry({ inputResponses: { ...YES, who: ADA, other: {} }, requestState: talk.state() });
    expect(paramsOf(talk)).toMatchObject({ inputResponses: { who: ADA }, requestState: "its" });
    expect(Object.keys(paramsOf(talk)["inputResponses"] as JsonObject)).toEqual(["who"]);
  });

  test("what it was told already is not asked again", () => {
    const talk = approved();
    talk.reload(ASKS.replace("Really", "Truly"));
    const asked = talk.retry({ inputResponses: { who: ADA }, requestState: talk.state() });
    expect(Object.keys(resultOf(asked)["inputRequests"] as JsonObject)).toEqual(["mcprules.approve"]);
    talk.answer("approve");
    expect(paramsOf(talk)).toMatchObject({ inputResponses: { who: ADA }, requestState: "its" });
  });

  test("ten minutes later the approval has run out", () => {
    const talk = approved();
    talk.retry({ inputResponses: { who: ADA }, requestState: talk.state() });
    talk.stage.now += 6 * 60_000;
    talk.server({
      id: "$2",
      result: { resultType: "input_required", inputRequests: { who: FORM }, requestState: "its" },
    });
    talk.stage.now += 6 * 60_000;
    const asked = talk.retry({ inputResponses: { who: ADA }, requestState: talk.state() });
    expect(Object.keys(resultOf(asked)["inputRequests"] as JsonObject)).toEqual(["mcprules.approve"]);
    expect(talk.done()).toHaveLength(2);
  });

  test("a key of the proxy's is no server's", () => {
    const talk = new Talk(PLOT);
    talk.call();
    talk.answer("approve");
    talk.server({ id: "$1", result: { resultType: "input_required", inputRequests: { "mcprules.approve": FORM } } });
    expect(talk.told()).toMatchObject([{ error: { code: -32603 } }]);
  });

  test("a legacy one in the middle of the call: its answer comes as ever", () => {
    const talk = new Talk({ ...PLOT, serverEra: "legacy" });
    talk.call();
    talk.answer("approve");
    talk.server({ id: 5, ...FORM });
    talk.retry({ inputResponses: { "1": ADA }, requestState: talk.state() });
    expect(talk.sent.at(-1)).toMatchObject(["a", { id: 5, result: ADA }]);
    talk.server({ id: "$1", result: { content: [] } });
    expect(talk.told()).toMatchObject([{ result: { content: [] } }]);
    expect(talk.done()).toHaveLength(1);
  });

  test("a legacy client is asked by both, one after the other", () => {
    const talk = new Talk({ ...PLOT, era: "legacy" });
    talk.call();
    talk.answer("approve");
    talk.server({
      id: "$1",
      result: { resultType: "input_required", inputRequests: { who: FORM }, requestState: "its" },
    });
    talk.client({ id: "$2", result: ADA });
    expect(paramsOf(talk)).toMatchObject({ inputResponses: { who: ADA }, requestState: "its" });
    talk.server({ id: "$2", result: DONE });
    expect(talk.told()).toHaveLength(1);
  });
});
