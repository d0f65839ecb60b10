// Modern clients and legacy servers that ask something in the middle of a call: the call waits, and the client is asked in its result.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, Stage } from "../stage.ts";

const CALL = { name: "echo", arguments: { n: 1 } };
const FORM = { method: "elicitation/create", params: { message: "Who?", requestedSchema: {} } };
const SAMPLE = { method: "sampling/createMessage", params: { messages: [], maxTokens: 5 } };
const ACCEPTED = { action: "accept", content: { name: "Ada" } };
const DONE = { content: [{ type: "text", text: "done" }] };
const SERVER = "io.modelcontextprotocol/serverInfo";
const META = { _meta: { [SERVER]: { name: "mcprules", version: "1.2.3" } } };

function called(policy?: string, meta?: JsonObject): Stage {
  const stage = Stage.modern(policy === undefined ? {} : { policy });
  stage.client(modern(7, "tools/call", CALL, meta));
  return stage;
}

/** The questions and the state that the client got. */
function askedIn(said: readonly Said[]): { readonly inputRequests: JsonObject; readonly requestState: string } {
  const message = said.find(([peer]) => peer === "client")?.[1] as JsonObject | undefined;
  return message?.["result"] as never;
}

function retry(stage: Stage, answers: JsonValue, requestState: string, id = 8): readonly Said[] {
  return stage.client(modern(id, "tools/call", { ...CALL, inputResponses: answers, requestState }));
}

describe("a server that asks in the middle of a call", () => {
  test("is answered by the client's next request, and then answers that one", () => {
    const stage = called();
    const said = stage.server("a", { id: "q", ...FORM });
    const { inputRequests, requestState } = askedIn(said);
    expect(said).toEqual([
      [
        "client",
        { id: 7, result: { resultType: "input_required", inputRequests: { 1: FORM }, requestState, ...META } },
      ],
    ]);
    expect(inputRequests).toEqual({ 1: FORM });
    expect(retry(stage, { 1: ACCEPTED, 9: {} }, requestState)).toEqual([["a", { id: "q", result: ACCEPTED }]]);
    expect(stage.server("a", { id: "$1", result: DONE })).toEqual([
      ["client", { id: 8, result: { ...DONE, resultType: "complete", ...META } }],
    ]);
  });

  test("may ask again, and again", () => {
    const stage = called();
    const first = askedIn(stage.server("a", { id: "q", ...FORM })).requestState;
    retry(stage, { 1: ACCEPTED }, first);
    const second = askedIn(stage.server("a", { id: "r", ...SAMPLE }));
    expect(second.inputRequests).toEqual({ 2: SAMPLE });
    expect(retry(stage, { 2: { role: "assistant" } }, second.requestState, 9)).toMatchObject([["a", { id: "r" }]]);
    expect(stage.server("a", { id: "$1", result: DONE })).toMatchObject([["client", { id: 9, result: DONE }]]);
  });

  test("may ask more while the client thinks: it gets that as soon as it comes back, and what it left out", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    expect(stage.server("a", { id: "r", ...SAMPLE })).toEqual([]);
    const again = retry(stage, {}, requestState);
    expect(askedIn(again).inputRequests).toEqual({ 1: FORM, 2: SAMPLE });
  });

  test("may be done before the client comes back", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    expect(stage.server("a", { id: "$1", result: DONE })).toEqual([]);
    expect(retry(stage, { 1: ACCEPTED }, requestState)).toEqual([
      ["client", { id: 8, result: { ...DONE, resultType: "complete", ...META } }],
      ["a", { id: "q", error: { code: 5030, message: "the request that it was about is over" } }],
    ]);
  });

  test("can take its question back", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    stage.server("a", { method: "notifications/cancelled", params: { requestId: "q" } });
    expect(retry(stage, { 1: ACCEPTED }, requestState)).toEqual([]);
    expect(stage.server("a", { id: "$1", result: DONE })).toMatchObject([["client", { id: 8, result: DONE }]]);
  });

  test("hears what a rule forbids, and the client does not", () => {
    const stage = called("default allow\nrule no when elicitation/create from server block");
    expect(stage.server("a", { id: "q", ...FORM })).toMatchObject([["a", { id: "q", error: { code: 4030 } }]]);
    expect(stage.server("a", { id: "$1", result: DONE })).toMatchObject([["client", { id: 7, result: DONE }]]);
  });

  test("gets the answer as the rules leave it", () => {
    const stage = called('default allow\nrule mask when result of elicitation/create set content.name = "X"');
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    const result = { action: "accept", content: { name: "X" } };
    expect(retry(stage, { 1: ACCEPTED }, requestState)).toEqual([["a", { id: "q", result }]]);
  });

  test("says nothing to the client of the legacy era's own", () => {
    const stage = called();
    const params = { ...FORM.params, elicitationId: "e", task: {}, _meta: { progressToken: 5, x: 1 } };
    const { inputRequests } = askedIn(stage.server("a", { id: "q", ...FORM, params }));
    expect(inputRequests).toEqual({ 1: { ...FORM, params: { ...FORM.params, _meta: { x: 1 } } } });
  });

  test("is told so where there is no call that it could be about", () => {
    const stage = Stage.modern();
    const error = { code: -32601, message: "this client can be asked only for a call of its own, and not this" };
    expect(stage.server("a", { id: "q", ...FORM })).toEqual([["a", { id: "q", error }]]);
  });

  test("is told what the client cannot do", () => {
    const stage = called(undefined, { "io.modelcontextprotocol/clientCapabilities": {} });
    const error = { code: -32601, message: "the client does not support elicitation" };
    expect(stage.server("a", { id: "q", ...FORM })).toEqual([["a", { id: "q", error }]]);
  });

  test("that ends leaves an error to the client that comes back", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    stage.drop("a");
    expect(retry(stage, { 1: ACCEPTED }, requestState)).toMatchObject([["client", { id: 8, error: { code: 5030 } }]]);
  });
});

describe("a server that wants a URL to be visited first", () => {
  const elicitations = [{ mode: "url", elicitationId: "e", url: "https://x", message: "Log in" }];
  const error = { code: -32042, message: "m", data: { elicitations } };
  const URLS = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { url: {} } } };

  test("asks so, instead of the error that the modern era has given up; then it is called again", () => {
    const stage = called(undefined, URLS);
    const { inputRequests, requestState } = askedIn(stage.server("a", { id: "$1", error }));
    const params = { mode: "url", url: "https://x", message: "Log in" };
    expect(inputRequests).toEqual({ "url-1": { method: "elicitation/create", params } });
    const again = { ...CALL, inputResponses: { "url-1": { action: "accept" } }, requestState };
    expect(stage.client(modern(8, "tools/call", again, URLS))).toEqual([
      ["a", { id: "$2", method: "tools/call", params: CALL }],
    ]);
    expect(stage.server("a", { id: "$2", result: DONE })).toMatchObject([["client", { id: 8, result: DONE }]]);
  });

  test("says what the client would have to be able to do", () => {
    const data = { requiredCapabilities: { elicitation: { url: {} } } };
    expect(called().server("a", { id: "$1", error })).toMatchObject([
      ["client", { id: 7, error: { code: -32021, data } }],
    ]);
  });
});

describe("a client that was asked", () => {
  test("cannot leave more calls behind than it may have open", () => {
    const stage = Stage.modern({ options: { limits: { depth: 64, inFlight: 2 } } });
    for (const id of [1, 2]) {
      stage.client(modern(id, "tools/call", CALL));
      stage.server("a", { id: `q${id}`, ...FORM });
    }
    expect(stage.client(modern(3, "tools/call", CALL))).toMatchObject([["client", { id: 3, error: { code: 4290 } }]]);
  });

  test("is refused answers that are none, and may come back with better ones", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    expect(retry(stage, { 1: 5 }, requestState)).toMatchObject([["client", { id: 8, error: { code: -32602 } }]]);
    expect(retry(stage, { 1: ACCEPTED }, requestState, 9)).toEqual([["a", { id: "q", result: ACCEPTED }]]);
  });

  test("and comes back after the proxy was started again is told so: nothing is called a second time", () => {
    const user = { id: "ada", groups: [], claims: {} };
    const begun = (): Stage => {
      const stage = Stage.modern();
      stage.happen({ kind: "client-known", client: "c", user });
      return stage;
    };
    const before = begun();
    before.client(modern(7, "tools/call", CALL));
    const { requestState } = askedIn(before.server("a", { id: "q", ...FORM }));
    const error = { code: -32602, message: "Invalid or expired requestState" };
    expect(retry(begun(), { 1: ACCEPTED }, requestState)).toEqual([["client", { id: 8, error }]]);
    expect(retry(before, { 1: ACCEPTED }, requestState)).toEqual([["a", { id: "q", result: ACCEPTED }]]);
  });

  test("can use each state once", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    retry(stage, { 1: ACCEPTED }, requestState);
    const error = { code: -32602, message: "Invalid or expired requestState" };
    expect(retry(stage, { 1: ACCEPTED }, requestState, 9)).toEqual([["client", { id: 9, error }]]);
  });

  test("and does not come back has its call cancelled", () => {
    const stage = called();
    stage.server("a", { id: "q", ...FORM });
    const reason = "the client did not come back with its answers";
    expect(stage.fire(600_000)).toEqual([
      ["a", { method: "notifications/cancelled", params: { requestId: "$1", reason } }],
      ["a", { id: "q", error: { code: 5030, message: "the request that it was about is over" } }],
    ]);
  });

  test("and comes back can cancel the call", () => {
    const stage = called();
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    retry(stage, { 1: ACCEPTED }, requestState);
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 8 } })).toEqual([
      ["a", { method: "notifications/cancelled", params: { requestId: "$1" } }],
    ]);
    expect(stage.server("a", { id: "$1", result: DONE })).toEqual([]);
  });

  test("hears of progress while it waits, under the token it gave last", () => {
    const stage = called(undefined, { progressToken: "one" });
    const progress = { method: "notifications/progress", params: { progressToken: "$1", progress: 1 } };
    expect(stage.server("a", progress)).toMatchObject([["client", { params: { progressToken: "one" } }]]);
    const { requestState } = askedIn(stage.server("a", { id: "q", ...FORM }));
    expect(stage.server("a", progress)).toEqual([]);
    const again = { ...CALL, inputResponses: { 1: ACCEPTED }, requestState };
    stage.client(modern(8, "tools/call", again, { progressToken: "two" }));
    expect(stage.server("a", progress)).toMatchObject([["client", { params: { progressToken: "two" } }]]);
  });
});
