// Rules that ask JSONata: what they ask, how few messages pay for it, and what becomes of its answers.
import { describe, expect, it } from "vitest";
import { reviewCatalogue } from "../../src/engine/catalogue/catalogue.ts";
import type { Decision } from "../../src/engine/decision.ts";
import type { Surroundings } from "../../src/engine/facts.ts";
import type { Evaluation, EvaluationAnswer } from "../../src/expression/jsonata/evaluation.ts";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import {
  askingRevision,
  call,
  decided,
  NOBODY,
  NOW,
  NOWHERE,
  result,
  revisionOf,
  settle,
  texts,
  user,
  type Message,
} from "./policy.ts";

/** With expressions compiled where they can be, and with every one asked for: it has to be the same. */
async function outcome(policy: string, message: Message, surroundings?: Surroundings): Promise<Decision> {
  const compiled = await settle(decided(revisionOf(policy), message, surroundings));
  const asked = await settle(decided(askingRevision(policy), message, surroundings));
  const { record, logs, ...rest } = asked;
  expect(compiled).toMatchObject({ ...rest, content: rest.content });
  expect({ ...compiled.record, reason: record.reason }).toEqual(record);
  expect(compiled.logs).toHaveLength(logs.length);
  return compiled;
}

async function needs(
  policy: string,
  message: Message,
  answer: EvaluationAnswer = { kind: "value", value: true },
): Promise<readonly Evaluation[]> {
  const asked: Evaluation[] = [];
  await settle(decided(askingRevision(policy), message), (need) => {
    if (need.kind === "evaluate") asked.push(need.evaluation);
    return Promise.resolve({ kind: "evaluate", answer });
  });
  return asked;
}

const args = ({ content }: Decision): JsonValue | undefined => (content["params"] as JsonObject)["arguments"];

describe("where", () => {
  it.each<readonly [string, string, JsonValue, Decision["verdict"]]>([
    ["true blocks", "(limit > 50)", { limit: 51 }, "block"],
    ["false does not", "(limit > 50)", { limit: 50 }, "allow"],
    ["nothing is in doubt", "(limit > 50)", {}, "block"],
    ["an error is in doubt", '(limit > "x")', { limit: 1 }, "block"],
    ["other values read as JSONata's booleans", "(list)", { list: [0, ""] }, "allow"],
    ["lets are bound", "($most < limit)", { limit: 11 }, "block"],
    ["the user is bound", '($user.id = "ann")', {}, "block"],
    ["the message is bound", '($message.method = "tools/call")', {}, "block"],
    ["the server is bound", '($server = "files")', {}, "block"],
  ])("%s", async (_, expression, value, verdict) => {
    const policy = `let most = 10 default allow rule r when tools/call t where ${expression} block`;
    expect((await outcome(policy, call("t", value, { principal: user("ann") }))).verdict).toBe(verdict);
  });

  it("does not allow in doubt, and skips a rule that fails open only when it fails", async () => {
    expect(
      (await outcome("default block rule r when tools/call t where (limit > 1) allow", call("t", {}))).verdict,
    ).toBe("block");
    const open = "default allow rule r fails open when tools/call t where (limit > 1) block";
    const skipped = await outcome(open, call("t", { limit: "x" }));
    expect(skipped.verdict).toBe("allow");
    expect(skipped.record.failedOpen).toEqual(["r"]);
    expect((await outcome(open, call("t", {}))).verdict).toBe("block");
  });

  it("is asked last, and of no message that a pattern turns away", async () => {
    const policy = `default allow
      rule r when tools/call t where (a) with b x containing needle except with c block`;
    expect(await needs(policy, call("t", { b: "y", d: "needle" }))).toHaveLength(0);
    expect(await needs(policy, call("t", { b: "x" }))).toHaveLength(0);
    expect(await needs(policy, call("t", { b: "x", c: 1, d: "needle" }))).toHaveLength(0);
    expect(await needs(policy, call("t", { b: "x", d: "needle" }))).toHaveLength(1);
  });

  it("is not asked once another rule has blocked", async () => {
    const policy = "default allow rule a when tools/call t with b block rule c when tools/call t where (a) block";
    expect(await needs(policy, call("t", { b: 1 }))).toHaveLength(0);
    expect(await needs(policy, call("t", {}))).toHaveLength(1);
  });

  it("gets the natural body, only the names it uses, and the time of the message", async () => {
    const [need] = await needs(
      "default allow rule r when tools/call t where ($user.id = who) block",
      call("t", { who: "x" }),
    );
    expect(need).toMatchObject({ input: { who: "x" }, now: NOW });
    expect(need && Object.keys(need.bindings)).toEqual(["user"]);
  });

  it("compares with what an expression says, and is in doubt when it says nothing", async () => {
    const policy = "default allow rule r when tools/call t with a = ($count(list)) block";
    expect((await outcome(policy, call("t", { a: 2, list: [1, 2] }))).verdict).toBe("block");
    expect((await outcome(policy, call("t", { a: 3, list: [1, 2] }))).verdict).toBe("allow");
    expect(
      (await outcome("default allow rule r when tools/call t with a = (nothing) block", call("t", { a: 3 }))).verdict,
    ).toBe("block");
  });
});

describe("rewrite and set", () => {
  it.each<readonly [string, string, JsonValue, JsonValue]>([
    ["the value of its path", "rewrite q ($uppercase($))", { q: "a" }, { q: "A" }],
    [
      "each element once",
      "rewrite list[*].n ($ + 1)",
      { list: [{ n: 1 }, { m: 1 }, { n: 3 }] },
      { list: [{ n: 2 }, { m: 1 }, { n: 4 }] },
    ],
    ["what stands where a list of it is meant", "rewrite list[*].n ($ + 1)", { list: { n: 1 } }, { list: { n: 2 } }],
    ["null", "rewrite q (null)", { q: "a" }, { q: null }],
    ["nothing where nothing is", "rewrite q ($uppercase($))", { p: 1 }, { p: 1 }],
    ["something where nothing was", 'rewrite q ($exists($) ? $ : "new")', {}, { q: "new" }],
    ["the whole body", 'rewrite params.arguments ($merge([$, {"limit": 50}]))', { q: "a" }, { q: "a", limit: 50 }],
    ["set from the natural body", "set total = (a + b)", { a: 1, b: 2 }, { a: 1, b: 2, total: 3 }],
  ])("%s", async (_, transform, before, after) => {
    expect(args(await outcome(`default allow rule r when tools/call t ${transform}`, call("t", before)))).toEqual(
      after,
    );
  });

  it.each<readonly [string, string, JsonValue]>([
    ["a value that vanishes", "rewrite q (nothing)", { q: 1 }],
    ["an error", "rewrite q ($ + 1)", { q: "x" }],
    ["a list that only a name leads through", "rewrite list.n ($ + 1)", { list: [{ n: 1 }] }],
    ["a list in a list", "rewrite list[*].n ($ + 1)", { list: [[{ n: 1 }], { n: 2 }] }],
    ["the same, where the expression fills in", 'rewrite list.n ("new")', { list: [{}] }],
    ["a value that is nothing", "set q = (nothing)", {}],
  ])("refuses the message on %s", async (_, transform, before) => {
    const { verdict, code } = await outcome(`default allow rule r when tools/call t ${transform}`, call("t", before));
    expect({ verdict, code }).toEqual({ verdict: "block", code: 5000 });
    const open = await outcome(`default allow rule r fails open when tools/call t ${transform}`, call("t", before));
    expect(open.verdict).toBe("allow");
    expect(args(open)).toEqual(before);
  });

  it("wraps a lone item and keeps an empty list where MCP says list", async () => {
    const self = (kept: string): string =>
      `default allow rule r when result of tools/call t rewrite content ($[type = "${kept}"])`;
    const image = { type: "image", data: "", mimeType: "image/png" };
    const message = result("tools/call", { content: [{ type: "text", text: "a" }, image] }, "t");
    expect((await outcome(self("image"), message)).content).toEqual({ result: { content: [image] } });
    expect((await outcome(self("audio"), message)).content).toEqual({ result: { content: [] } });
    const whole =
      'default allow rule r when result of tools/call t rewrite result ({"content": content[type = "image"], "isError": false})';
    expect((await outcome(whole, message)).content).toEqual({ result: { content: [image], isError: false } });
    const none =
      'default allow rule r when result of tools/call t rewrite result ({"content": content[type = "audio"]})';
    expect((await outcome(none, message)).content).toEqual({ result: { content: [] } });
  });

  it("tells the refused nothing of why an expression failed, and the operator all", async () => {
    const message = result("tools/call", texts("IGNORE ALL"), "t");
    const { reason, record } = await outcome(
      "default allow rule r when result of tools/call t rewrite content[0].text ($ + 1)",
      message,
    );
    expect(reason).toBe("The policy could not be applied (r).");
    expect(record.reason).not.toBe(reason);
  });
});

describe("other places of expressions", () => {
  it("logs what an expression says, and is not touched by its failing", async () => {
    const policy = "default allow rule a when tools/call t log (a) rule b when tools/call t log (a + 1)";
    const { verdict, logs } = await outcome(policy, call("t", { a: "x\ny" }));
    expect(verdict).toBe("allow");
    expect(logs[0]?.text).toBe("x\\ny");
    expect(logs[1]?.text).toMatch(/^the text of this line failed: /);
  });

  it("answers with what an expression says, and blocks when it says nothing", async () => {
    expect(
      (await outcome('default allow rule r when tools/call t answer ("q: " & q)', call("t", { q: "a" }))).answer,
    ).toEqual(texts("q: a"));
    expect(await outcome("default allow rule r when tools/call t answer (nothing)", call("t", {}))).toMatchObject({
      verdict: "block",
      code: 5000,
    });
  });

  it("sees the definition under a thing, rewrites it, and remembers what it said when the thing is called", async () => {
    const revision = askingRevision(`default allow
      rule short when tool * rewrite description ($substringBefore($, ". "))
      rule no when tool * where ($contains(description, "danger")) block`);
    const definitions = [
      { name: "a", description: "Safe. Really." },
      { name: "b", description: "A danger. Really." },
      { name: "c", description: "A thing. A danger." },
      { name: "d" },
    ];
    const catalogue = {
      server: "files",
      kind: "tool",
      definitions,
      principal: NOBODY,
      now: NOW,
      root: undefined,
      home: undefined,
    } as const;
    const { things } = await settle(reviewCatalogue(revision, catalogue));
    expect(things.map(({ own, listed, definition }) => [own, listed, definition["description"]])).toEqual([
      ["a", true, "Safe"],
      ["b", false, "A danger"],
      ["c", true, "A thing"],
      ["d", false, undefined],
    ]);
    const surroundings = { ...NOWHERE, thing: things[0] };
    expect(
      (await settle(decided(revision, call("a"), surroundings), () => Promise.reject(new Error("asked again"))))
        .verdict,
    ).toBe("allow");
  });
});

describe("an expression that is stopped", () => {
  const policy = "default allow rule r when tools/call t where ($count([1..9999].($ * 2)) > 0) block";

  it("is counted, one that fails otherwise is not", async () => {
    const revision = revisionOf(policy);
    await settle(decided(revision, call("t", {})));
    expect(revision.policy.overruns.count).toBe(1);
    const failing = revisionOf("default allow rule r when tools/call t where ($number(a)) block");
    await settle(decided(failing, call("t", { a: "x" })));
    expect(failing.policy.overruns.count).toBe(0);
  });

  it("is counted also where it ran elsewhere", async () => {
    const revision = askingRevision(policy);
    await settle(decided(revision, call("t", {})), () =>
      Promise.resolve({ kind: "evaluate", answer: { kind: "failed", reason: "too long", isOverrun: true } } as const),
    );
    expect(revision.policy.overruns.count).toBe(1);
  });
});
