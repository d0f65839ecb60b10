// Explanations: which rules had a say, which part of them said what, what each changed, and what came of it.
import { describe, expect, test } from "vitest";
import type { Principal } from "../../../src/engine/facts.ts";
import { explainMessage, type ExplainedMessage, type Question } from "../../../src/inspect/explain/explain-message.ts";
import { hiddenHow } from "../../../src/inspect/explain/thing-outcome.ts";
import type { JsonObject } from "../../../src/mcp/json.ts";
import { drive, NOW, revisionOf } from "../play/play.ts";

const NOBODY: Principal = { client: undefined, user: undefined, profile: undefined };

interface Asked {
  readonly policy: string;
  readonly method?: string;
  readonly params: JsonObject;
  readonly reply?: JsonObject;
  readonly from?: "client" | "server";
  readonly offers?: Question["offers"];
}

function explained({
  policy,
  method = "tools/call",
  params,
  reply,
  from = "client",
  offers = [],
}: Asked): ExplainedMessage {
  const message = { method, content: { params }, from, server: "files" };
  const question = { message, reply, offers, principal: NOBODY, now: NOW };
  return drive(explainMessage(revisionOf(`default allow ${policy}`), question), (need) => {
    if (need.kind !== "evaluate") throw new Error(`nobody was to ${need.kind}`);
    return { kind: "evaluate", answer: { kind: "failed", reason: `no ${need.evaluation.expression.source} here` } };
  });
}

function triedIn({ request }: ExplainedMessage): readonly object[] {
  return request.explanation.tried.map(({ rule, truth, parts, changes, failure }) => ({
    rule,
    truth,
    parts: parts.map(({ kind, text, truth: said }) => `${kind} ${text}: ${said}`),
    changes: changes.map(({ path, before, after }) => [path, before, after]),
    ...(failure !== undefined && { failure }),
  }));
}

const CALL: JsonObject = { name: "x", arguments: { n: 9, path: "/a/b" } };

describe("tried rules", () => {
  test("each at its place: a later one sees what an earlier one changed, and verdicts see it all", () => {
    const policy = `
rule one when tools/call x with n > 5 set n = 5
rule two when tools/call x with n = 5 set n = 4
rule three when tools/call x with n = 9 block`;
    expect(triedIn(explained({ policy, params: CALL }))).toStrictEqual([
      {
        rule: "one",
        truth: "yes",
        parts: ["target tools/call x: yes", "clause with n > 5: yes"],
        changes: [["params.arguments.n", 9, 5]],
      },
      {
        rule: "two",
        truth: "yes",
        parts: ["target tools/call x: yes", "clause with n = 5: yes"],
        changes: [["params.arguments.n", 5, 4]],
      },
      { rule: "three", truth: "no", parts: ["target tools/call x: yes", "clause with n = 9: no"], changes: [] },
    ]);
  });

  test("rules that mean other messages are left out", () => {
    const policy = `rule a when tools/call y block rule b when prompts/get * block rule c when tool x on other block`;
    expect(triedIn(explained({ policy, params: CALL }))).toStrictEqual([
      { rule: "c", truth: "no", parts: ["target tool x: yes", "clause on other: no"], changes: [] },
    ]);
  });

  test("an `except` and an exception take a rule out", () => {
    const policy = `
rule a when tools/call x except with path "/a/**" except from server block
rule b when tools/call x with n = 9 block
exception e to b until "2026-04-01" when tools/call x with path "/a/**"`;
    expect(triedIn(explained({ policy, params: CALL }))).toStrictEqual([
      {
        rule: "a",
        truth: "no",
        parts: ["target tools/call x: yes", 'except with path "/a/**": yes', "except from server: no"],
        changes: [],
      },
      {
        rule: "b",
        truth: "no",
        parts: ["target tools/call x: yes", "clause with n = 9: yes", "exception e: yes"],
        changes: [],
      },
    ]);
  });

  test("a transform that fails says why, and nothing after it was asked", () => {
    const policy = `
rule a when tools/call x where ($number(path) > 5) set n = 5
rule b when tools/call x set n = 4
rule c when tools/call x with n = 9 block`;
    const outcome = explained({ policy, params: CALL });
    expect(triedIn(outcome)).toMatchObject([
      {
        rule: "a",
        truth: "doubt",
        failure: "in doubt whether it has to be changed: the expression failed: D3030: what is to be a number is none",
      },
      { rule: "b", parts: [] },
      { rule: "c", parts: [] },
    ]);
    expect(outcome.request.explanation.tried[1]?.truth).toBeUndefined();
    expect(outcome.request.explanation.record).toMatchObject({ verdict: "block", rule: "a" });
  });

  test("values that were looked at", () => {
    const policy = `rule a when tools/call x with path or other "x*" and gone = 1 block`;
    expect(explained({ policy, params: CALL }).request.explanation.tried[0]?.parts).toMatchObject([
      { text: "tools/call x" },
      { text: "with path or other x*", truth: "no", values: ["/a/b"] },
      { text: "with gone = 1", truth: "no", values: [] },
    ]);
  });

  test("a rule on trial says so", () => {
    const policy = `rule a in shadow when tools/call x block`;
    const { explanation } = explained({ policy, params: CALL }).request;
    expect(explanation.tried[0]).toMatchObject({ stage: "shadow", truth: "yes" });
    expect(explanation.record).toMatchObject({ verdict: "allow", shadow: [{ rule: "a", would: "block" }] });
  });
});

describe("what comes of it", () => {
  test("a request that goes on", () => {
    const { request, reply } = explained({ policy: `rule a when tools/call x set n = 1`, params: CALL });
    expect(request.outcome).toStrictEqual({
      method: "tools/call",
      params: { name: "x", arguments: { n: 1, path: "/a/b" } },
    });
    expect(reply).toBeUndefined();
  });

  test("a request that is refused, and so gets no reply", () => {
    const asked = { policy: `rule a when tools/call x with n = 9 block "No."`, params: CALL, reply: { result: {} } };
    const { request, reply } = explained(asked);
    expect(request.outcome).toStrictEqual({ result: { isError: true, content: [{ type: "text", text: "No." }] } });
    expect(reply).toBeUndefined();
  });

  test("a reply, with its request beside it", () => {
    const policy = `rule a when result of tools/call x with request.params.arguments.n = 9 remove secret`;
    const { reply } = explained({ policy, params: CALL, reply: { result: { secret: 1, open: 2 } } });
    expect(reply?.outcome).toStrictEqual({ result: { open: 2 } });
    expect(reply?.explanation.tried[0]?.changes).toStrictEqual([{ path: "result.secret", before: 1 }]);
  });

  test("what a server asks", () => {
    const policy = `rule a when sampling/createMessage block`;
    const { request } = explained({
      policy,
      method: "sampling/createMessage",
      params: { maxTokens: 1 },
      from: "server",
    });
    expect(request.outcome).toMatchObject({ error: { code: 4030 } });
  });
});

describe("a question", () => {
  const asked = (via: string) =>
    explained({ policy: `rule sure when tools/call x ask "Sure?" ${via}`, params: CALL }).request;

  test("is what the client gets", () => {
    expect(asked("").outcome).toEqual({ method: "elicitation/create", params: { message: "Sure?" } });
    expect(asked("").queue).toBe("else");
    expect(asked("via elicitation").outcome).toEqual(asked("").outcome);
    expect(asked("via elicitation").queue).toBeUndefined();
  });

  test("that waits in the queue goes to neither side", () => {
    const { explanation, outcome, queue } = asked("via queue");
    expect(outcome).toEqual({});
    expect(explanation.record.verdict).toBe("ask");
    expect(queue).toBe("always");
  });

  test("that can be put to nobody refuses the message", () => {
    const { explanation, outcome } = asked("via url");
    expect(outcome).toMatchObject({ result: { isError: true } });
    expect(explanation.gates).toEqual([{ kind: "unaskable", rules: ["sure"], text: "Sure?", via: "url" }]);
  });
});

describe("things of lists", () => {
  const policy = `
rule short when tool echo rewrite description (nothing)
rule private when tool drop with annotations.destructiveHint true block "Never."
rule fence when tools/call drop except with path "/a/**" block "Only /a."`;
  const tools: readonly JsonObject[] = [
    { name: "echo", description: "Says it.", inputSchema: { type: "object" } },
    { name: "drop", inputSchema: { type: "object" }, annotations: { destructiveHint: true } },
    { name: "keep", inputSchema: { type: "object" } },
  ];

  test("a list tells what became of each that a rule touched, and whether a rule failed", () => {
    const { reply } = explained({ policy, method: "tools/list", params: {}, reply: { result: { tools } } });
    const things = reply?.explanation.things.map(({ own, listed, record }) => [own, listed, hiddenHow(record)]);
    expect(things).toStrictEqual([
      ["echo", false, expect.stringMatching(/^: short failed: .+/) as string],
      ["drop", false, " by private"],
    ]);
  });

  test("a list tells which rule renamed a thing, and which goes under no name", () => {
    const renaming = `
rule short when tool ec* rename to "e_*"
rule titled when tool echo set title = "Echo"
rule broken when tool "in *" rename to "in_*"`;
    const result = { tools: [...tools, { name: "in a b", inputSchema: { type: "object" } }] };
    const { reply } = explained({ policy: renaming, method: "tools/list", params: {}, reply: { result } });
    expect(reply?.explanation.things).toMatchObject([
      {
        own: "echo",
        listed: true,
        renamed: { to: "e_ho", by: "short", place: expect.stringMatching(/:3:\d+$/) },
        record: { changedBy: ["titled"] },
      },
      { own: "in a b", unnamed: "broken gives it no valid name: `in_a b`", changes: [] },
    ]);
  });

  test("a call of a hidden thing: rule and reason come from what hides it", () => {
    const params = { name: "drop", arguments: { path: "/b" } };
    const { explanation } = explained({ policy, params, offers: [{ kind: "tool", definitions: tools }] }).request;
    expect(explanation.record).toMatchObject({ verdict: "block", rule: "private", reason: "the tool is hidden" });
    expect(explanation.record.place).toMatch(/:4:/);
    expect(explanation.things.map(({ own }) => own)).toStrictEqual(["drop"]);
  });

  test("what the server offers decides: the same call where nothing is marked", () => {
    const definitions = [{ name: "drop", inputSchema: { type: "object" }, annotations: { destructiveHint: false } }];
    const params = { name: "drop", arguments: { path: "/b" } };
    const { explanation } = explained({ policy, params, offers: [{ kind: "tool", definitions }] }).request;
    expect(explanation.record).toMatchObject({ verdict: "block", rule: "fence", reason: "Only /a." });
    expect(explanation.things).toStrictEqual([]);
  });
});
