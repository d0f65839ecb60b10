// Limits: a message is counted when it is sent, for all it falls under or for none, and once for one call.
import { describe, expect, test } from "vitest";
import type { StoreAnswer } from "../../../src/dispatch/gates/store-need.ts";
import { isJsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { modern, type Said, Stage } from "../stage.ts";
import { ask, bodyOf, opened, WORKING } from "../tasks/task-lines.ts";
import { call } from "../../tool-call.ts";

function open(rules: string): Stage {
  return Stage.open({ policy: `default allow\n${rules}` });
}

const LIMITED = "rule few when tools/call * limit 2 per 1m";
const RESERVED: StoreAnswer = { kind: "reserved" };
const OVER: StoreAnswer = { kind: "over", index: 0, retryAfterMs: 41_300 };
const FAILED: StoreAnswer = { kind: "failed", reason: "it is gone" };

/** What was asked of the store. */
function storeNeeds(stage: Stage): readonly JsonValue[] {
  return stage.asked().map((asks) => JSON.parse(JSON.stringify(asks)) as JsonValue);
}

function textOf(said: readonly Said[]): JsonValue {
  return said.map(([, message]) => JSON.stringify(message)).join("\n");
}

describe("a message under a limit", () => {
  test("waits until it is counted, then goes on", () => {
    const stage = open(LIMITED);
    expect(stage.client(call(7))).toEqual([]);
    expect(storeNeeds(stage)).toMatchObject([
      { kind: "store", store: { kind: "reserve", reservations: [{ count: 2, amount: 1, perMs: 60_000 }] } },
    ]);
    expect(stage.records()).toEqual([]);
    expect(stage.remembers(RESERVED)).toMatchObject([["a", { method: "tools/call" }]]);
    expect(stage.records()).toMatchObject([{ verdict: "allow", limits: ["few"] }]);
  });

  test("that is over it is refused, and told when to try again", () => {
    const stage = open(LIMITED);
    stage.client(call(7));
    expect(stage.remembers(OVER)).toEqual([
      [
        "client",
        {
          id: 7,
          result: { content: [{ type: "text", text: "Over the limit (few). Try again in 42 s." }], isError: true },
        },
      ],
    ]);
    const [record, ...others] = stage.records();
    expect(record).toMatchObject({
      kind: "request",
      verdict: "block",
      rule: "few",
      place: expect.stringMatching(/:\d+:\d+$/),
      reason: "Over the limit (few). Try again in 42 s.",
      over: "few",
      retryAfterMs: 41_300,
    });
    expect(record?.limits).toBeUndefined();
    expect(others).toEqual([]);
  });

  test("that wants errors gets one, with what a program needs", () => {
    const stage = open('rule few when tools/call * limit 2 per 1m else block "slow down" as error');
    stage.client(call(7));
    expect(stage.remembers(OVER)).toEqual([
      [
        "client",
        {
          id: 7,
          error: {
            code: 4290,
            message: "slow down. Try again in 42 s.",
            data: { rule: "few", revision: "r1", decision: "block", retryAfterMs: 41_300 },
          },
        },
      ],
    ]);
  });

  test("is answered in its server's place where the rule says so, and that answer passes the rules for results", () => {
    const stage = open(
      `rule few when tools/call * limit 2 per 1m else answer "later, secret"\nrule hide when message redact "secret"`,
    );
    stage.client(call(7));
    const said = stage.remembers(OVER);
    expect(textOf(said)).toContain("later");
    expect(textOf(said)).not.toContain("secret");
    expect(stage.records()).toMatchObject([
      { kind: "request", verdict: "answer", rule: "few", place: expect.stringMatching(/:\d+:\d+$/), over: "few" },
      { kind: "result" },
    ]);
  });

  test("is refused where nobody can be asked about it", () => {
    const stage = open('rule few when tools/call * limit 2 per 1m else ask "more?" via url');
    stage.client(call(7));
    expect(textOf(stage.remembers(OVER))).toContain("isError");
    expect(stage.records()).toMatchObject([{ verdict: "block", rule: "few" }]);
  });

  test("is counted for all of its limits at once, or for none", () => {
    const stage = open(`${LIMITED}\nrule much when tools/call * limit 100 of amount per 1d by client`);
    stage.client(call(7, { amount: 30 }));
    expect(storeNeeds(stage)).toMatchObject([
      {
        store: {
          reservations: [
            { count: 2, amount: 1 },
            { count: 100, amount: 30, perMs: 86_400_000 },
          ],
        },
      },
    ]);
    expect(textOf(stage.remembers({ kind: "over", index: 1, retryAfterMs: 1000 }))).toContain("(much)");
  });

  test("that asks for more than there ever is, is not told to try again", () => {
    const stage = open("rule much when tools/call * limit 100 of amount per 1d");
    stage.client(call(7, { amount: 101 }));
    const text = textOf(stage.remembers(OVER));
    expect(text).toContain("Over the limit (much).");
    expect(text).not.toContain("Try again");
  });

  test("keeps its place before notifications that came after it", () => {
    const stage = open(LIMITED);
    stage.client(call(7));
    expect(stage.client({ method: "acme/after" })).toEqual([]);
    expect(stage.remembers(RESERVED).map(([, message]) => message)).toMatchObject([
      { method: "tools/call" },
      { method: "acme/after" },
    ]);
  });

  test("that is cancelled meanwhile goes nowhere", () => {
    const stage = open(LIMITED);
    stage.client(call(7));
    expect(stage.client({ method: "notifications/cancelled", params: { requestId: 7 } })).toEqual([]);
    expect(stage.remembers(RESERVED)).toEqual([]);
  });

  test("is judged by the policy that is in force when it was counted", () => {
    const stage = open(LIMITED);
    stage.client(call(7, { n: 1 }));
    stage.swap(`default allow\n${LIMITED}\nrule no when tools/call * with n = 1 block "not any more"`);
    expect(textOf(stage.remembers(RESERVED))).toContain("not any more");
    expect(stage.records()).toMatchObject([{ revision: "r2", verdict: "block", rule: "no" }]);
  });

  test("of the server's is counted too", () => {
    const stage = open("rule few when sampling/createMessage limit 1 per 1m");
    expect(stage.server("a", { id: 1, method: "sampling/createMessage", params: { messages: [] } })).toEqual([]);
    expect(stage.remembers(OVER)).toMatchObject([["a", { id: 1, error: { code: 4290 } }]]);
  });
});

test("a counter is known by its rule's id, whatever else is changed in the policy", () => {
  const stage = open(LIMITED);
  stage.client(call(7));
  const before = keysOf(stage);
  stage.remembers(RESERVED);
  stage.swap("default allow\nrule other when tools/call nothing block\nrule few when tools/call echo limit 5 per 1m");
  stage.others.length = 0;
  stage.client(call(8));
  expect(keysOf(stage)).toEqual(before);
  expect(before).toHaveLength(1);
});

function keysOf(stage: Stage): readonly string[] {
  return stage
    .asked()
    .flatMap((asks) => (asks.kind === "store" && asks.store.kind === "reserve" ? asks.store.reservations : []))
    .map(({ key }) => key);
}

describe("when it cannot be counted", () => {
  test("it is refused", () => {
    const stage = open(LIMITED);
    stage.client(call(7));
    const said = stage.remembers(FAILED);
    expect(textOf(said)).toContain("could not be applied (few)");
    expect(textOf(said)).not.toContain("it is gone");
    expect(stage.records()).toMatchObject([
      { verdict: "block", rule: "few", reason: "it could not be counted for its limit: it is gone" },
    ]);
  });

  test("it goes on where the rule says `fails open`, and its record says so", () => {
    const stage = open("rule few fails open when tools/call * limit 2 per 1m");
    stage.client(call(7));
    expect(stage.remembers(FAILED)).toMatchObject([["a", { method: "tools/call" }]]);
    const [record] = stage.records();
    expect(record).toMatchObject({ verdict: "allow", failedOpen: ["few"] });
    expect(record?.limits).toBeUndefined();
  });

  test("it is refused where only one of its rules says `fails open`", () => {
    const stage = open(`${LIMITED}\nrule open fails open when tools/call * limit 2 per 1h`);
    stage.client(call(7));
    expect(textOf(stage.remembers(FAILED))).toContain("could not be applied (few)");
  });
});

describe("one call", () => {
  test("to several servers is counted once, however many of them are asked", () => {
    const stage = Stage.open({
      policy: "default allow\nrule few when tools/list limit 2 per 1m",
      servers: { a: {}, b: { tools: [{ name: "other", inputSchema: {} }] } },
    });
    expect(stage.client({ id: 1, method: "tools/list" })).toEqual([]);
    expect(stage.asked()).toHaveLength(1);
    expect(stage.remembers(RESERVED)).toMatchObject([["client", { id: 1, result: {} }]]);
    expect(stage.asked()).toEqual([]);
  });

  test("is counted once, in however many rounds its server wants to know something", () => {
    const stage = Stage.modern({ policy: `default allow\n${LIMITED}`, servers: { a: { era: "modern" } } });
    stage.client(modern(7, "tools/call", { name: "echo", arguments: {} }));
    stage.remembers(RESERVED);
    const asking = {
      resultType: "input_required",
      inputRequests: { roots: { method: "roots/list" } },
      requestState: "theirs",
    };
    const [said] = stage.server("a", { id: "$1", result: asking });
    const state = stateOf(said);
    const params = { name: "echo", arguments: {}, inputResponses: { roots: { roots: [] } }, requestState: state };
    expect(stage.client(modern(8, "tools/call", params))).toMatchObject([["a", { method: "tools/call" }]]);
    expect(stage.asked()).toEqual([]);
  });

  test("that became a task is not counted again when it is polled", () => {
    const stage = opened("default allow\nrule all when request limit 9 per 1m");
    stage.client(ask("call", "tools/call", { name: "echo", arguments: {} }));
    expect(stage.asked()).toHaveLength(1);
    stage.remembers(RESERVED);
    const said = stage.server("a", { id: "$1", result: { resultType: "task", taskId: "t", ...WORKING } });
    const { taskId } = bodyOf(said);
    expect(stage.client(ask("get", "tasks/get", { taskId: taskId ?? null }))).toMatchObject([
      ["a", { method: "tasks/get" }],
    ]);
    expect(stage.asked()).toEqual([]);
  });

  test("is counted once, also where the rules are others by its next round", () => {
    const stage = Stage.open({ policy: `default allow\n${LIMITED}`, servers: { a: { era: "modern" } } });
    stage.client(call(7));
    stage.remembers(RESERVED);
    stage.swap(`default allow\n${LIMITED}\nrule other when tools/call * limit 5 per 1h`);
    stage.others.length = 0;
    stage.server("a", {
      id: "$1",
      result: { resultType: "input_required", inputRequests: { roots: { method: "roots/list" } } },
    });
    stage.client({ id: "$1", result: { roots: [] } });
    expect(storeNeeds(stage)).toMatchObject([{ store: { reservations: [{ count: 5 }] } }]);
    expect(stage.remembers(RESERVED)).toMatchObject([["a", { method: "tools/call" }]]);
  });
});

test("messages without a limit wait for nothing", () => {
  const stage = open("rule few when tools/call other limit 2 per 1m");
  expect(stage.client(call(7))).toMatchObject([["a", { method: "tools/call" }]]);
  expect(stage.asked()).toEqual([]);
});

function stateOf(said: Said | undefined): JsonValue {
  const message = said?.[1];
  const result = isJsonObject(message) ? message["result"] : undefined;
  return (isJsonObject(result) ? result["requestState"] : undefined) ?? null;
}
