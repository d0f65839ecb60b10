// Invariant 5: a request is answered exactly once, whatever dies in the meantime.
import { describe, expect, test } from "vitest";
import { isJsonArray, isJsonObject, type JsonArray } from "../../src/mcp/json.ts";
import { ALLOW, asked, type Said, Stage } from "../dispatch/stage.ts";
import { say, toClient, tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const SERVERS = { a: {}, b: { tools: [tool("other")] } };

function answersTo(id: string | number, said: readonly Said[]): number {
  return toClient(said).filter(([, message]) => isJsonObject(message) && message["id"] === id && !("method" in message))
    .length;
}

type Happening = (stage: Stage) => readonly Said[];
const reply: Happening = (stage) => stage.server("a", { id: "$1", result: {} });
const death: Happening = (stage) => stage.drop("a");
const rubbish: Happening = (stage) => say(stage, "a", '{"jsonrpc":"2.0","id":3,"result":7}');
const broken: Happening = (stage) => say(stage, "a", '{"jsonrpc":"2.0","id":3,"result":{');
const oversize: Happening = (stage) =>
  stage.happen({
    kind: "server-oversize",
    client: "c",
    server: "a",
    start: Buffer.from('{"jsonrpc":"2.0","id":3,"result":{"x":"'),
    end: Buffer.from('"}}'),
  });
const reload: Happening = (stage) => stage.swap('default block\nrule no when message block "none"');
const foreign: Happening = (stage) => stage.server("b", { id: 3, result: { stolen: true } });

describe("a call under way", () => {
  test.each<readonly [string, readonly Happening[]]>([
    ["a reply", [reply]],
    ["two replies", [reply, reply]],
    ["the death of its server", [death]],
    ["a reply, then death", [reply, death]],
    ["death, then a reply that was under way", [death, reply]],
    ["a reply that is none", [rubbish]],
    ["a reply that is none, then a good one", [rubbish, reply]],
    ["half a reply, then death", [broken, death]],
    ["a reply that is too long", [oversize]],
    ["a reply that is too long, then death", [oversize, death]],
    ["a reload that blocks everything, then a reply", [reload, reply]],
    ["a reload, then death", [reload, death]],
    ["a reply of another server, then its own", [foreign, reply]],
  ])("is answered once on %s", (_what, happenings) => {
    const stage = Stage.open({ servers: SERVERS });
    const said = [...stage.client(call(7)), ...happenings.flatMap((happening) => happening(stage))];
    expect(answersTo(7, said)).toBe(1);
  });

  test.each([
    ["while it is judged", `default allow\nrule r when tools/call * ${asked("slow")} block`],
    ["while its reply is judged", `default allow\nrule r when result of tools/call * ${asked("slow")} block`],
  ])("is answered once when its server dies %s, and when rules change", (_when, policy) => {
    const stage = Stage.open({ policy, servers: SERVERS });
    const said = [
      ...stage.client(call(7)),
      ...reply(stage),
      ...stage.swap(ALLOW),
      ...death(stage),
      ...stage.answer(false),
    ];
    expect(answersTo(7, said)).toBe(1);
  });

  test("is not answered when it was cancelled, however late the reply comes", () => {
    const stage = Stage.open({ servers: SERVERS });
    stage.client(call(7));
    const cancelled = stage.client({ method: "notifications/cancelled", params: { requestId: 7 } });
    expect(cancelled).toMatchObject([["a", { method: "notifications/cancelled" }]]);
    expect([...reply(stage), ...death(stage)]).toEqual([]);
  });
});

describe("a call that somebody has to approve", () => {
  const policy = 'default allow\nrule sure when tools/call * ask "Really?"';
  const inQueue = { asking: { channels: ["queue"], withinMs: 60_000, maxPending: 5 } } as const;
  const decide =
    (approves: boolean): Happening =>
    (stage) => {
      const question = stage.dispatcher.questions()[0]?.id ?? "";
      return stage.happen({ kind: "question-decided", question, approves, by: "ada" });
    };
  const expiry: Happening = (stage) => stage.fire(60_000);
  const noMore: Happening = (stage) => stage.happen({ kind: "client-ended", client: "c", patienceMs: 1000 });

  test.each<readonly [string, readonly Happening[]]>([
    ["approval and a reply", [decide(true), reply]],
    ["approval, and the death of its server", [decide(true), death]],
    ["the death of its server, then approval", [death, decide(true)]],
    ["refusal", [decide(false)]],
    ["refusal, then approval", [decide(false), decide(true), reply]],
    ["silence", [expiry]],
    ["silence, then approval", [expiry, decide(true), reply]],
    ["approval, then silence", [decide(true), expiry, reply]],
    ["a reload that blocks everything, then approval", [reload, decide(true)]],
    ["a client that says no more, then approval", [noMore, decide(true), reply]],
  ])("is answered once on %s", (_what, happenings) => {
    const stage = Stage.open({ servers: SERVERS, policy, options: inQueue });
    const said = [...stage.client(call(7)), ...happenings.flatMap((happening) => happening(stage))];
    expect(answersTo(7, said)).toBe(1);
  });

  test("is not answered when it was cancelled, whatever is decided later", () => {
    const stage = Stage.open({ servers: SERVERS, policy, options: inQueue });
    stage.client(call(7));
    const question = stage.dispatcher.questions()[0]?.id ?? "";
    stage.client({ method: "notifications/cancelled", params: { requestId: 7 } });
    expect(stage.happen({ kind: "question-decided", question, approves: true, by: "ada" })).toEqual([]);
  });
});

test.each([
  ["a name nobody has", call(7, {}, { name: "nobody" }), [["a"], ["b"]]],
  ["a method nobody knows", { id: 7, method: "acme/x" }, [["a"], ["b"]]],
  ["a list", { id: 7, method: "tools/list" }, []],
  ["a call to a dead server", call(7), []],
])("%s is answered once when all servers die", (_what, request) => {
  const stage = Stage.open({ servers: SERVERS });
  const said = [...stage.client(request), ...stage.drop("b"), ...stage.drop("a")];
  expect(answersTo(7, said)).toBe(1);
});

test("each of a thousand calls under way gets its own answer when the server dies", () => {
  const stage = Stage.open({ servers: SERVERS, options: { limits: { depth: 64, inFlight: 1000 } } });
  const ids = Array.from({ length: 1000 }, (_, index) => index);
  const said = [...ids.flatMap((id) => stage.client(call(id))), ...stage.drop("a")];
  expect(ids.filter((id) => answersTo(id, said) !== 1)).toEqual([]);
});

test("two requests of one id are two requests", () => {
  const stage = Stage.open({ servers: SERVERS });
  const said = [...stage.client(call(7)), ...stage.client(call(7)), ...reply(stage), ...stage.drop("a")];
  expect(answersTo(7, said)).toBe(2);
});

test("a batch is answered as one, with one answer to each request in it, though its server dies", () => {
  const stage = Stage.open({ servers: SERVERS, client: { protocolVersion: "2025-03-26" } });
  const entries = [
    call(1),
    call(2, {}, { name: "other" }),
    { method: "notifications/acme" },
    { id: 3, method: "ping" },
  ];
  const line = `[${entries.map((entry) => JSON.stringify({ ...entry, jsonrpc: "2.0" })).join()}]`;
  const said = [...say(stage, "client", line), ...stage.server("b", { id: "$1", result: {} }), ...stage.drop("a")];
  expect(toClient(said)).toHaveLength(1);
  const [, answer] = toClient(said)[0] ?? [];
  const ids = isJsonArray(answer ?? null)
    ? (answer as JsonArray).map((one) => (isJsonObject(one) ? one["id"] : one))
    : [];
  expect(new Set(ids)).toEqual(new Set([1, 2, 3]));
  expect(ids).toHaveLength(3);
});

test("a question of a server is answered once: by the client, or with an error", () => {
  const stage = Stage.open({ servers: SERVERS });
  stage.server("a", { id: 1, method: "sampling/createMessage", params: {} });
  stage.server("a", { id: 1, method: "roots/list" });
  const said = [1, 2, 1, 2].flatMap((id) => stage.client({ id: `$${id}`, result: { of: id } }));
  expect(said).toEqual([
    ["a", { id: 1, result: { of: 1 } }],
    ["a", { id: 1, result: { of: 2 } }],
  ]);
});
