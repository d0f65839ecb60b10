// Modern servers that want to know something before they go on: what clients of either era are asked, and what the server is told.
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { modern, Stage } from "../stage.ts";
import { SERVERS, CALL, FORM, SAMPLE, ROOTS, STATE, ACCEPTED, SAMPLED, DONE, asks, paramsOf } from "./asking-server.ts";

describe("a legacy client", () => {
  function called(policy?: string): Stage {
    const stage = Stage.open({ servers: SERVERS, ...(policy === undefined ? {} : { policy }) });
    stage.client({ id: 7, method: "tools/call", params: CALL });
    return stage;
  }

  test("is asked as it knows it, one request for each question; then the server is told all at once", () => {
    const stage = called();
    expect(stage.server("a", { id: "$1", result: asks({ who: FORM, model: SAMPLE, where: ROOTS }) })).toEqual([
      ["client", { id: "$1", ...FORM }],
      ["client", { id: "$2", ...SAMPLE }],
      ["client", { id: "$3", ...ROOTS }],
    ]);
    expect(stage.client({ id: "$2", result: SAMPLED })).toEqual([]);
    expect(stage.client({ id: "$1", result: ACCEPTED })).toEqual([]);
    const said = stage.client({ id: "$3", result: { roots: [] } });
    expect(said).toMatchObject([["a", { id: "$2", method: "tools/call", params: CALL }]]);
    const { inputResponses, requestState } = paramsOf(said, "a");
    expect(inputResponses).toEqual({ who: ACCEPTED, model: SAMPLED, where: { roots: [] } });
    expect(requestState).toBe(STATE);
    expect(stage.server("a", { id: "$2", result: { resultType: "complete", ...DONE } })).toEqual([
      ["client", { id: 7, result: DONE }],
    ]);
  });

  test("says the numbers and the server says its state in the same spelling as they came", () => {
    const stage = called();
    const bytes = (text: string): Buffer => Buffer.from(text);
    const state = String.raw`"x\u0041\/"`;
    const question =
      '{"method":"elicitation/create","params":{"message":"m","requestedSchema":{"max":12345678901234567890}}}';
    const result = `{"resultType":"input_required","inputRequests":{"k":${question}},"requestState":${state}}`;
    const commands = stage.dispatcher.handle(
      {
        kind: "server-message",
        client: "c",
        server: "a",
        bytes: bytes(`{"jsonrpc":"2.0","id":${stage.idOf("a", "$1")},"result":${result}}`),
      },
      stage.now,
    );
    const asked = commands.flatMap((command) =>
      command.kind === "to-client" ? [Buffer.concat(command.bytes).toString()] : [],
    );
    expect(asked[0]).toContain('{"max":12345678901234567890}');
    const id = /"id":(\d+)/.exec(asked[0] ?? "")?.[1] ?? "";
    const text = stage.bytesTo("server", {
      kind: "client-message",
      client: "c",
      bytes: bytes(`{"jsonrpc":"2.0","id":${id},"result":{"action":"accept","content":{"n":98765432109876543210}}}`),
    });
    expect(text).toContain('"inputResponses":{"k":{"action":"accept","content":{"n":98765432109876543210}}}');
    expect(text).toContain(`"requestState":${state}`);
  });

  test("is not asked what a rule forbids: the server hears that it was declined", () => {
    const stage = called("default allow\nrule no when elicitation/create from server block");
    const said = stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    expect(said).toMatchObject([["a", { id: "$2", method: "tools/call" }]]);
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({ who: { action: "decline" } });
  });

  test("has its answer judged as the result that it is", () => {
    const policy = 'default allow\nrule mask when result of elicitation/create set content.name = "X"';
    const stage = called(policy);
    stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    const said = stage.client({ id: "$1", result: ACCEPTED });
    expect(paramsOf(said, "a")["inputResponses"]).toEqual({
      who: { action: "accept", content: { name: "X", big: 1 } },
    });
  });

  test("meets the rules that are in force when it has answered", () => {
    const stage = called();
    stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    stage.swap('default allow\nrule no when tools/call echo with n 1 block "not any more"');
    expect(stage.client({ id: "$1", result: ACCEPTED })).toMatchObject([
      ["client", { id: 7, result: { isError: true, content: [{ text: "not any more" }] } }],
    ]);
  });

  test("whose server ends need not answer any more", () => {
    const stage = called();
    stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    expect(stage.drop("a")).toMatchObject([["client", { id: 7, error: { code: 5030 } }]]);
    expect(stage.client({ id: "$1", result: ACCEPTED })).toEqual([]);
  });

  test("that cancels takes its questions along, and the server is asked no more", () => {
    const stage = called();
    stage.server("a", { id: "$1", result: asks({ who: FORM }) });
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 7 } })).toEqual([
      ["client", { method: "notifications/cancelled", params: { requestId: "$1" } }],
    ]);
    expect(stage.client({ id: "$1", result: ACCEPTED })).toEqual([]);
  });

  test("that answers with an error to a model's question gets that error for its request", () => {
    const stage = called();
    stage.server("a", { id: "$1", result: asks({ model: SAMPLE }) });
    const error = { code: -1, message: "no model" };
    expect(stage.client({ id: "$1", error })).toEqual([["client", { id: 7, error }]]);
  });

  test("is asked for a URL by an id, which the legacy era wants", () => {
    const client = { capabilities: { elicitation: { url: {} } } };
    const stage = Stage.open({ servers: SERVERS, client });
    stage.client({ id: 7, method: "tools/call", params: CALL });
    const params = { mode: "url", message: "m", url: "https://x" };
    expect(
      stage.server("a", { id: "$1", result: asks({ u: { method: "elicitation/create", params } }) }),
    ).toMatchObject([["client", { method: "elicitation/create", params: { ...params, elicitationId: "token-2" } }]]);
  });

  test("waits a moment for a server that only wants to be asked again", () => {
    const stage = called();
    expect(stage.server("a", { id: "$1", result: { resultType: "input_required", requestState: "s" } })).toEqual([]);
    const said = stage.fire(250);
    expect(paramsOf(said, "a")["requestState"]).toBe("s");
    expect(paramsOf(said, "a")).not.toHaveProperty("inputResponses");
  });

  test("is asked eight times at most", () => {
    const stage = Stage.open({ servers: SERVERS });
    stage.client({ id: "call", method: "tools/call", params: CALL });
    for (let round = 1; round <= 8; round++) {
      stage.server("a", { id: `$${round}`, result: asks({ who: FORM }) });
      stage.client({ id: `$${round}`, result: ACCEPTED });
    }
    expect(stage.server("a", { id: "$9", result: asks({ who: FORM }) })).toEqual([
      ["client", { id: "call", error: { code: -32603, message: "the server `a` asked more than 8 times" } }],
    ]);
  });

  test("cannot answer for its server: what it says in its request is not passed on", () => {
    const stage = Stage.open({ servers: SERVERS });
    const params = { ...CALL, inputResponses: { who: ACCEPTED }, requestState: "x" };
    const said = stage.client({ id: 7, method: "tools/call", params });
    expect(Object.keys(paramsOf(said, "a"))).toEqual(["name", "arguments", "_meta"]);
  });
});

const BROKEN: readonly (readonly [string, JsonObject])[] = [
  ["asks for nothing", { resultType: "input_required" }],
  ["asks what no client can be asked", asks({ k: { method: "tools/call" } })],
  ["has questions that are no object", { resultType: "input_required", inputRequests: [] }],
  ["has a state that is no text", { resultType: "input_required", requestState: 5 }],
  ["uses a key of ours", asks({ "mcprules.approve": FORM })],
  ["is of a type that nobody knows", { resultType: "later", content: [] }],
];

test("a question that stands twice under one key is no question", () => {
  const stage = Stage.modern({ servers: SERVERS });
  stage.client(modern(7, "tools/call", CALL));
  const twice = `"k":${JSON.stringify(FORM)},"\\u006b":${JSON.stringify(SAMPLE)}`;
  const text = `{"jsonrpc":"2.0","id":${stage.idOf("a", "$1")},"result":{"resultType":"input_required","inputRequests":{${twice}}}}`;
  const said = stage.happen({ kind: "server-message", client: "c", server: "a", bytes: Buffer.from(text) });
  expect(said).toMatchObject([["client", { id: 7, error: { code: -32603 } }]]);
});

describe.each(["legacy", "modern"])("a %s client", (era) => {
  test.each(BROKEN)("gets an error for a result that %s", (_what, result) => {
    const stage = era === "modern" ? Stage.modern({ servers: SERVERS }) : Stage.open({ servers: SERVERS });
    stage.client(era === "modern" ? modern(7, "tools/call", CALL) : { id: 7, method: "tools/call", params: CALL });
    expect(stage.server("a", { id: "$1", result })).toMatchObject([["client", { id: 7, error: { code: -32603 } }]]);
  });
});
