// What modules make of a message: at which place, how it is checked, and what becomes of answers that lie.
import { assert, constantFrom, dictionary, json, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { changedIdentity } from "../../src/engine/transforms/identity-guard.ts";
import type { ReviewedThing } from "../../src/engine/facts.ts";
import { refuse } from "../../src/engine/telling/refusal.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { broken, changed, DLP, mutators, outcome, rejected, SEND, sends, textOf, USED } from "./module-answers.ts";
import { request, result, revisionOf, type Message } from "./policy.ts";

describe("mutators", () => {
  it("change the message, at their place among the transforms", () => {
    const policy = `rule a when tools/call mail set text = "one"
      ${DLP}
      rule b when tools/call mail with text "one, two" set seen = true`;
    const { decision, calls } = outcome(policy, SEND, ({ type, payload }) =>
      type === "mutation" ? changed(sends("mail", { text: `${textOf(payload)}, two`, big: 1 })) : undefined,
    );
    expect(decision.content).toMatchObject({ params: { arguments: { text: "one, two", big: 1, seen: true } } });
    expect(decision.record.changedBy).toEqual(["a", "r", "b"]);
    expect(calls.flat().map(({ payload }) => textOf(payload))).toEqual(["one", "one, two"]);
  });

  it("each see what the one before made", () => {
    const { calls } = outcome("rule r when tools/call mail call one call two", SEND, ({ module, type }) =>
      type === "mutation" ? changed(sends("mail", { text: module })) : undefined,
    );
    expect(calls.flat().map(({ module, payload }) => [module, textOf(payload)])).toEqual([
      ["one", "hello"],
      ["two", "one"],
      ["one", "two"],
      ["two", "two"],
    ]);
  });

  it("are judged as any rule is: what they make of a message is what the rules see", () => {
    const { decision } = outcome(
      `${DLP} rule b when tools/call mail with text bad block`,
      SEND,
      mutators(changed(sends("mail", { text: "bad" }))),
    );
    expect([decision.verdict, decision.rule]).toEqual(["block", "b"]);
  });

  it("bring back nothing that a redact took out", () => {
    const policy = `rule m when tools/call mail redact /secret/ as "***" ${DLP}`;
    const { decision } = outcome(policy, SEND, mutators(changed(sends("mail", { text: "a secret" }))));
    expect(decision.content).toMatchObject({ params: { arguments: { text: "a ***" } } });
  });

  it("write nothing that is supplied", () => {
    const policy = `rule s when tool mail supply key = "right" ${DLP}`;
    const { decision } = outcome(policy, SEND, mutators(changed(sends("mail", { key: "wrong" }))));
    expect(decision.content).toMatchObject({ params: { arguments: { key: "right" } } });
  });

  it("leave what they did not see as it was", () => {
    const policy = `rule m in shadow when tools/call mail redact /hel+o/ as "***" ${DLP}`;
    const { decision } = outcome(policy, SEND, mutators(changed(sends("mail", { text: "***", big: 2 }))));
    expect(decision.content).toMatchObject({ params: { arguments: { text: "hello", big: 2 } } });
  });

  const LIES: readonly [string, JsonObject, string][] = [
    ["another tool", sends("delete", {}), "identity"],
    ["another method", { ...sends("mail", {}), method: "prompts/get" }, "identity"],
    ["a request state", { method: "tools/call", params: { name: "mail", requestState: "x" } }, "identity"],
    [
      "what the specification reserves",
      { method: "tools/call", params: { name: "mail", _meta: { "io.modelcontextprotocol/x": 1 } } },
      "identity",
    ],
    ["no arguments but a text", { method: "tools/call", params: { name: "mail", arguments: "x" } }, "schema"],
    ["no message", { hello: 1 }, "schema"],
  ];

  it.each(LIES)("that answer with %s fail, and the message with them", (_, payload, reason) => {
    const { decision } = outcome(DLP, SEND, mutators(changed(payload)));
    expect(decision).toMatchObject({ verdict: "block", code: 5000, rule: "r", module: { module: "dlp", reason } });
    expect(decision.content).toBe(SEND.content);
    expect(decision.record.modules).toEqual([{ rule: "r", ...USED, outcome: "failed", reason }]);
  });

  const KNOWN: ReviewedThing = {
    kind: "tool",
    own: "mail",
    listed: true,
    hiddenBy: undefined,
    definition: {
      name: "mail",
      inputSchema: { type: "object", properties: { text: { type: "string" } } },
      outputSchema: { type: "object" },
    },
    changed: true,
    schemaChanged: true,
    truths: new Map(),
  };
  const MISFITS: readonly [string, Message, JsonObject][] = [
    ["an argument that only looks like one of the tool's", SEND, sends("mail", { Text: "x" })],
    ["what the tool does not advertise", SEND, sends("mail", { text: "misfit" })],
    [
      "another output than the tool promises",
      result("tools/call", { content: [], structuredContent: { a: 1 } }, "mail"),
      { content: [], structuredContent: { a: "misfit" } },
    ],
    [
      "no output where the tool promises one",
      result("tools/call", { content: [], structuredContent: { a: 1 } }, "mail"),
      { content: [] },
    ],
  ];

  it.each(MISFITS)("that answer with %s fail", (_, message, payload) => {
    const policy = "rule r when tools/call mail or result of tools/call mail call dlp";
    const { decision } = outcome(policy, message, mutators(changed(payload)), { thing: KNOWN });
    expect(decision).toMatchObject({ verdict: "block", code: 5000, module: { module: "dlp", reason: "schema" } });
    const fine = outcome(policy, message, undefined, { thing: KNOWN });
    expect(fine.decision.verdict).toBe("allow");
  });

  it("are skipped for what is wrong with their answer, where the rule or the settings let them", () => {
    const lie = sends("delete", {});
    const byRule = outcome(DLP.replace("rule r", "rule r fails open"), SEND, mutators(changed(lie))).decision;
    const bySettings = outcome(DLP, SEND, mutators(changed(lie, { failsOpen: true }))).decision;
    for (const { verdict, content, record } of [byRule, bySettings]) {
      expect([verdict, record.failedOpen]).toEqual(["allow", ["r"]]);
      expect(content).toBe(SEND.content);
    }
  });

  it.each(["rule r", "rule r fails open"])(
    "that reject before anything is changed refuse it, whatever the rule says (%s)",
    (rule) => {
      const { decision } = outcome(DLP.replace("rule r", rule), SEND, mutators(rejected()));
      expect(decision).toMatchObject({ verdict: "block", code: 5000, module: { module: "dlp", reason: "error" } });
    },
  );

  it("that fail refuse the message, and nothing of it is in the refusal", () => {
    const message = request("completion/complete", { secret: "AKIA" });
    const { decision } = outcome("rule r when request call dlp", message, mutators(broken("timeout")));
    expect(refuse(message.facts, decision, revisionOf("default allow"))).toEqual({
      kind: "error",
      code: 5000,
      message: "The policy could not be applied (r).",
      data: { rule: "r", revision: "r1", decision: "block", module: "dlp", reason: "timeout" },
    });
  });

  it("in shadow are asked and recorded, and change nothing", () => {
    const policy = DLP.replace("rule r", "rule r in shadow");
    const { decision, calls } = outcome(policy, SEND, ({ type }) =>
      type === "mutation" ? changed(sends("mail", {})) : rejected(),
    );
    expect(calls.flat().map(({ isShadow }) => isShadow)).toEqual([true, true]);
    expect(decision.content).toBe(SEND.content);
    expect([decision.verdict, decision.record.shadow]).toEqual([
      "allow",
      [
        { rule: "r", would: "call" },
        { rule: "r", would: "block" },
      ],
    ]);
    expect(decision.record.modules?.map(({ isShadow }) => isShadow)).toEqual([true, true]);
  });

  it("that fail in shadow refuse nothing", () => {
    const { decision } = outcome(DLP.replace("rule r", "rule r in shadow"), SEND, () => broken());
    expect([decision.verdict, decision.record.shadow]).toEqual(["allow", [{ rule: "r", would: "block" }]]);
  });

  it("are not asked in doubt: the message is refused", () => {
    const { decision, calls } = outcome(DLP.replace("call dlp", "with text > 5 call dlp"));
    expect([decision.verdict, decision.code, calls]).toEqual(["block", 5000, []]);
  });

  it("stand in the record, with what they changed", () => {
    const { decision } = outcome(DLP, SEND, mutators(changed(sends("mail", { text: "x", big: 1 }))));
    expect(decision.record.modules).toEqual([
      { rule: "r", ...USED, outcome: "changed", paths: ["params.arguments.text"] },
      { rule: "r", ...USED, outcome: "pass" },
    ]);
  });

  it("cannot fill the record with what they call things", () => {
    const keyed = mutators(changed(sends("mail", { text: "hello", big: 1, ["k".repeat(100_000)]: 1 })));
    const { decision } = outcome(DLP, SEND, keyed);
    expect(JSON.stringify(decision.record.modules).length).toBeLessThan(1000);
  });

  it("never give a message another identity, whatever they answer", () => {
    const identity = constantFrom(
      "name",
      "_meta",
      "task",
      "requestState",
      "inputResponses",
      "cursor",
      "taskId",
      "arguments",
    );
    const params = dictionary(
      identity,
      json().map((text) => JSON.parse(text) as JsonValue),
      { maxKeys: 3 },
    );
    assert(
      property(params, constantFrom("tools/call", "prompts/get"), json(), (given, method, whole) => {
        const lies = [{ method, params: { name: "mail", ...given } }, JSON.parse(whole) as JsonValue].filter(
          isJsonObject,
        );
        for (const lie of lies) {
          const { decision } = outcome(DLP, SEND, mutators(changed(lie)));
          expect(changedIdentity(SEND.content, decision.content, SEND.facts)).toBeUndefined();
          expect([decision.verdict === "allow", decision.module?.module]).toEqual([
            decision.code !== 5000,
            decision.code === 5000 ? "dlp" : undefined,
          ]);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
