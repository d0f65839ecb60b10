// Answers that rules keep: who may have them, and what they never are.
import { describe, expect, test } from "vitest";
import type { StoreAnswer } from "../../../src/dispatch/gates/store-need.ts";
import { isJsonObject, type JsonObject } from "../../../src/mcp/json.ts";
import { modern, Stage } from "../stage.ts";
import { answer, ASKED, askedAs, KEEPS, Remembering, toServer, USER } from "./remembering.ts";
import { call } from "../../tool-call.ts";

const NOTHING: StoreAnswer = { kind: "recalled", value: undefined };

describe("an answer", () => {
  test("is kept, and given to who asks the same again", () => {
    const scene = new Remembering();
    expect(scene.client(call(1))).toMatchObject(ASKED);
    expect(scene.server(answer("$1"))).toEqual([["client", answer(1)]]);
    expect(scene.client(call(2))).toEqual([["client", answer(2)]]);
    expect(scene.caches()).toEqual(["miss", "hit"]);
  });

  test("is another one for other arguments", () => {
    const scene = new Remembering();
    scene.client(call(1, { x: 1 }));
    scene.server(answer("$1"));
    expect(scene.client(call(2, { x: 2 }))).toMatchObject(ASKED);
  });

  test("is the same whatever says only how it is asked", () => {
    const scene = new Remembering();
    scene.client(call(1, { b: 1, a: 2 }, { _meta: { progressToken: "p", traceparent: "00-1" } }));
    scene.server(answer("$1"));
    expect(toServer(scene.client(call(2, { a: 2, b: 1 })))).toEqual([]);
    expect(toServer(scene.client(call(3, { a: 2, b: 1 }, { _meta: { tenant: "other" } })))).toMatchObject(ASKED);
  });

  test("is known by what is sent, after the rules", () => {
    const scene = new Remembering({ policy: `${KEEPS}\nrule cap when tools/call * with n > 10 set n = 10` });
    scene.client(call(1, { n: 99 }));
    scene.server(answer("$1"));
    expect(toServer(scene.client(call(2, { n: 10 })))).toEqual([]);
  });

  test("passes the rules for results each time", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.server(answer("$1", "a secret"));
    scene.stage.swap(`${KEEPS}\nrule hide when message redact "secret"`);
    expect(JSON.stringify(scene.client(call(2)))).not.toContain("secret");
    expect([...scene.kept.values()].join("")).toContain("a secret");
  });

  test("is asked for under the rules of the moment", () => {
    const scene = new Remembering();
    scene.client(call(1, { x: 1 }));
    scene.server(answer("$1"));
    scene.stage.swap(`${KEEPS}\nrule no when tools/call * with x > 0 block`);
    expect(JSON.stringify(scene.client(call(2, { x: 1 })))).toContain("isError");
  });

  test("is not given once the rules keep it for less", () => {
    const scene = new Remembering({ policy: "default allow\nrule keep when tools/call * cache for 1h" });
    scene.client(call(1));
    scene.server(answer("$1"));
    scene.stage.now += 120_000;
    expect(toServer(scene.client(call(2)))).toEqual([]);
    scene.stage.swap(KEEPS);
    expect(toServer(scene.client(call(3)))).toMatchObject(ASKED);
  });

  test("is not given once its server says that things have changed", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.server(answer("$1"));
    scene.stage.now += 1;
    scene.server({ method: "notifications/tools/list_changed" });
    expect(toServer(scene.client(call(2)))).toContainEqual(expect.arrayContaining(["a"]));
    expect(scene.caches()).toEqual(["miss", "miss"]);
  });

  test("stays fresh no longer than its server said", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.server(answer("$1", "there", { ttlMs: 30_000 }));
    scene.stage.now += 12_000;
    expect(scene.client(call(2))).toEqual([["client", answer(2, "there", { ttlMs: 18_000 })]]);
    scene.stage.now += 40_000;
    expect(scene.client(call(3))).toEqual([["client", answer(3, "there", { ttlMs: 0 })]]);
  });

  test("comes back as it was, with what no program here knows", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.stage.happen({
      kind: "server-message",
      client: "c",
      server: "a",
      bytes: Buffer.from(
        `{"jsonrpc":"2.0","id":${scene.stage.idOf("a", "$1")},"result":{ "n":12345678901234567890, "é":[],"content":[]}}`,
      ),
    });
    scene.after([]);
    scene.stage.client(call(2));
    const kept = [...scene.kept.values()][0];
    const command = scene.stage.others.find(({ kind }) => kind === "answer-need");
    const need = command?.kind === "answer-need" ? command.need : 0;
    const told = { kind: "store", answer: { kind: "recalled", value: kept } } as const;
    const said = scene.stage.bytesTo("client", { kind: "need-answered", need, answer: told });
    expect(said).toBe('{"jsonrpc":"2.0","id":2,"result":{ "n":12345678901234567890, "é":[],"content":[]}}');
  });

  test("that cannot be kept, or had, is asked of the server", () => {
    const stage = Stage.open({ policy: KEEPS });
    stage.client(call(1));
    expect(stage.remembers({ kind: "failed", reason: "gone" })).toMatchObject(ASKED);
    expect(stage.server("a", answer("$1"))).toEqual([["client", answer(1)]]);
    expect(stage.remembers({ kind: "failed", reason: "gone" })).toEqual([]);
    expect(stage.reports()).toEqual([]);
  });

  test.each(["", "[]", "{}", '{"v":1,"asked":0,"at":0,"owner":"x","isPrivate":false,"result":"}"}'])(
    "that nobody here has written, such as %s, is none",
    (value) => {
      const stage = Stage.open({ policy: KEEPS });
      stage.client(call(1));
      expect(stage.remembers({ kind: "recalled", value })).toMatchObject(ASKED);
    },
  );
});

describe("never kept", () => {
  test.each([
    ["a tool's failure", answer("$1", "no", { isError: true })],
    ["an error", { id: "$1", error: { code: -32603, message: "no" } }],
    ["a task", { id: "$1", result: { task: { taskId: "t", status: "working" } } }],
  ])("is %s", (_what, reply) => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.server(reply);
    expect(scene.kept.size).toBe(0);
    expect(toServer(scene.client(call(2)))).toMatchObject(ASKED);
  });

  test("is a question of the server's, and no later round looks for an answer", () => {
    const scene = new Remembering({ servers: { a: { era: "modern" } } }, "modern");
    const params = { name: "echo", arguments: {} };
    scene.client(modern(1, "tools/call", params));
    const asking = { resultType: "input_required", inputRequests: { r: { method: "roots/list" } }, requestState: "s" };
    const [said] = scene.server({ id: "$1", result: asking });
    const message = said?.[1];
    const result = isJsonObject(message) ? message["result"] : undefined;
    const requestState = isJsonObject(result) ? (result["requestState"] ?? null) : null;
    const again = { ...params, inputResponses: { r: { roots: [] } }, requestState };
    expect(toServer(scene.client(modern(2, "tools/call", again)))).toMatchObject(ASKED);
    scene.server({ id: "$2", result: { content: [], resultType: "complete" } });
    expect(scene.kept.size).toBe(0);
  });

  test("is what a server answers after it has asked the client something", () => {
    const scene = new Remembering();
    scene.client(call(1));
    scene.server({ id: "q", method: "roots/list" });
    scene.client({ id: "$1", result: { roots: [] } });
    scene.server(answer("$1"));
    expect(scene.kept.size).toBe(0);
  });

  test.each<readonly [string, JsonObject]>([
    ["asks for a task", { task: { ttl: 1000 } }],
    ["is about a task", { _meta: { "io.modelcontextprotocol/related-task": { taskId: "t" } } }],
    ["goes on with something", { requestState: "s", inputResponses: {} }],
  ])("is an answer to what %s", (_what, more) => {
    const scene = new Remembering();
    scene.client({ id: 1, method: "tools/call", params: { name: "echo", arguments: {}, ...more } });
    scene.server(answer("$1"));
    expect(scene.kept.size).toBe(0);
    expect(scene.caches()).toEqual([null]);
  });

  test("is what rules put in the server's place", () => {
    const scene = new Remembering({ policy: `${KEEPS}\nrule here when tools/call * answer "here"` });
    scene.client(call(1));
    expect(scene.kept.size).toBe(0);
    expect(scene.caches()).toEqual([null]);
  });
});

describe("whose it is", () => {
  test.each([
    ["the same user", USER("u"), USER("u"), 0],
    ["another user", USER("u"), USER("v"), 1],
    ["a user of that name elsewhere", USER("u"), USER("u", "https://y"), 1],
    ["nobody in particular, on another connection", undefined, undefined, 1],
  ])("given to %s", (_who, first, second, asked) => {
    const scene = new Remembering(first === undefined ? {} : { who: first });
    scene.client(call(1));
    scene.server(answer("$1"));
    scene.join("d", second);
    expect(toServer(scene.client(call(2), "d"))).toHaveLength(asked);
  });

  test("follows `by`, which does not open what the server says is private", () => {
    const scene = new Remembering({
      policy: `default allow\nrule keep when tools/call * cache for 1m by ("all")`,
      who: USER("u"),
    });
    scene.join("d", USER("v"));
    scene.server(answer(askedAs(scene.client(call(1)))));
    expect(toServer(scene.client(call(2), "d"))).toEqual([]);
    scene.server(answer(askedAs(scene.client(call(3, { x: 1 }))), "mine", { cacheScope: "private" }));
    expect(toServer(scene.client(call(4, { x: 1 }), "d"))).toHaveLength(1);
    expect(toServer(scene.client(call(5, { x: 1 })))).toEqual([]);
  });
});

test("who waits for the store is not overtaken", () => {
  const stage = Stage.open({ policy: KEEPS });
  stage.client(call(1));
  expect(stage.client({ method: "acme/after" })).toEqual([]);
  expect(stage.remembers(NOTHING).map(([, message]) => message)).toMatchObject([
    { method: "tools/call" },
    { method: "acme/after" },
  ]);
});
