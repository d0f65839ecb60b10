// Modules: what leaves for them, when they are not asked at all, and what their validators can do.
import { describe, expect, it } from "vitest";
import type { ModuleAnswer } from "../../src/engine/need.ts";
import {
  broken,
  changed,
  DLP,
  mutators,
  outcome,
  rejected,
  SEND,
  sends,
  textOf,
  USED,
  validators,
} from "./module-answers.ts";
import { call, error, notification, NOWHERE, request, result, texts, user, type Message } from "./policy.ts";

describe("a module", () => {
  it("is told the message, who sent it, and which rule calls", () => {
    const message = call("mail", { text: "x" }, { principal: user("ann") });
    const { calls } = outcome('rule r fails closed when tools/call mail call dlp {"a": 1}', message);
    const mutation = {
      module: "dlp",
      type: "mutation",
      event: "tools/call",
      phase: "request",
      payload: sends("mail", { text: "x" }),
      config: { a: 1 },
      fails: "closed",
      isShadow: false,
      rule: "r",
      revision: "r1",
      server: "files",
      from: "client",
      principal: user("ann"),
      session: "s-1",
      request: undefined,
      now: NOWHERE.now,
    };
    expect(calls).toEqual([[mutation], [{ ...mutation, type: "validation" }]]);
  });

  it("is told what a reply answers", () => {
    const asked = { method: "tools/call", params: { name: "mail" } };
    const { calls } = outcome(
      "rule r when result of tools/call * call dlp",
      result("tools/call", texts("x"), "mail"),
      undefined,
      { request: asked },
    );
    expect(calls[0]?.[0]).toMatchObject({ phase: "response", payload: texts("x"), request: asked });
  });

  const MASKED: readonly [string, string, Message, unknown][] = [
    ["what a redact elsewhere hides", `rule m when result of tools/call * redact /hel+o/ as "***" ${DLP}`, SEND, "***"],
    [
      "what a redact in shadow hides",
      `rule m in shadow when result of tools/call * redact /hel+o/ as "***" ${DLP}`,
      SEND,
      "***",
    ],
    ["what a redact before it did already", `rule m when tools/call mail redact /hel+o/ as "#" ${DLP}`, SEND, "#"],
  ];

  it.each(MASKED)("never sees %s", (_, policy, message, text) => {
    const { calls, decision } = outcome(policy, message);
    expect(calls.flat().map(({ payload }) => payload)).toMatchObject([
      { params: { arguments: { text } } },
      { params: { arguments: { text } } },
    ]);
    expect(decision.verdict).toBe("allow");
  });

  it("never sees what a rule supplies", () => {
    const { calls } = outcome(`rule s when tool mail supply key = "k-12345678" ${DLP}`);
    expect(calls.map(([one]) => one?.payload)).toEqual([
      sends("mail", { text: "hello", big: 1 }),
      sends("mail", { text: "hello", big: 1, key: "***" }),
    ]);
  });

  it("is not asked where what has to be masked cannot be, and then nothing goes on", () => {
    const twice = call("mail", { hello: 1, helllo: 2 });
    const policy = `rule m when result of tools/call * redact /hel+o/ as "***" ${DLP}`;
    const closed = outcome(policy, twice);
    expect([closed.decision.verdict, closed.decision.code, closed.calls]).toEqual(["block", 5000, []]);
    const open = outcome(policy.replace("rule r", "rule r fails open"), twice);
    expect([open.decision.verdict, open.decision.record.failedOpen, open.calls]).toEqual(["allow", ["r"], []]);
  });

  it("is not asked about what is blocked anyway", () => {
    const BLOCKED: readonly string[] = [
      `${DLP} rule b when tool mail block`,
      `${DLP} rule a when tools/call mail with text x block rule b when tool mail block`,
      `default block when tool mail ${DLP}`,
      `rule b when tool mail block ${DLP} rule m when tools/call mail with text "*" block`,
    ];
    expect(BLOCKED.map((policy) => outcome(policy).calls)).toEqual(BLOCKED.map(() => []));
    expect(BLOCKED.map((policy) => outcome(policy).decision.verdict)).toEqual(BLOCKED.map(() => "block"));
  });

  it("is asked where an allow might lift what blocks", () => {
    expect(
      outcome(`default block when tool mail rule a when tools/call mail with text "*" allow ${DLP}`).calls,
    ).toHaveLength(2);
  });

  const UNHEARD: readonly [string, Message][] = [
    ["ping", request("ping")],
    ["a cancellation", notification("notifications/cancelled", { requestId: 1 })],
  ];

  it.each(UNHEARD)("hears nothing of %s", (_, message) => {
    expect(outcome("rule r when message call dlp", message).calls).toEqual([]);
  });

  it("hears of errors, and of notifications once", () => {
    const events = (message: Message) =>
      outcome("rule r when message call dlp", message)
        .calls.flat()
        .map(({ event, type }) => `${event} ${type}`);
    expect(events(error("tools/call", { code: 1, message: "x" }))).toEqual([
      "mcprules/error mutation",
      "mcprules/error validation",
    ]);
    expect(events(notification("notifications/x", {}))).toEqual([
      "mcprules/notification mutation",
      "mcprules/notification validation",
    ]);
  });
});

describe("validators", () => {
  it("of all modules are asked together, about what will be sent", () => {
    const policy = `${DLP} rule s when tools/call * call scan {"x": 1} call scan {"x": 1} call scan rule z when tools/call mail set text = "end"`;
    const { calls } = outcome(policy);
    expect(calls).toHaveLength(5);
    expect(calls.at(-1)?.map(({ module, config, payload }) => [module, config, textOf(payload)])).toEqual([
      ["dlp", undefined, "end"],
      ["scan", { x: 1 }, "end"],
      ["scan", undefined, "end"],
    ]);
  });

  const REJECTIONS: readonly [string, string, ModuleAnswer, unknown][] = [
    [
      "block, as the rule that called",
      DLP,
      rejected(),
      { verdict: "block", code: 4030, rule: "r", reason: "Blocked by the policy (r)." },
    ],
    [
      "say why, where the settings let them",
      DLP,
      rejected({ mayTell: true }),
      { verdict: "block", reason: "it is bad" },
    ],
    [
      "say nothing that is masked",
      `rule m when result of tools/call * redact /bad/ as "***" ${DLP}`,
      rejected({ mayTell: true }),
      { reason: "it is ***" },
    ],
    [
      "say nothing that cannot be seen",
      DLP,
      rejected({ mayTell: true, message: "a\u202Eb" }),
      { reason: "a\\u{202e}b" },
    ],
    [
      "give way to a rule that blocks and stands before",
      `rule b when tools/call mail with text "*" block ${DLP}`,
      rejected(),
      { verdict: "block", rule: "b" },
    ],
    [
      "come before a rule that blocks and stands behind",
      `${DLP} rule b when tools/call mail with text "*" block`,
      rejected(),
      { verdict: "block", rule: "r" },
    ],
    [
      "leave it to a human",
      DLP,
      rejected({ asks: true }),
      { verdict: "ask", rule: "r", question: { rules: ["r"], text: "Shall this tools/call go on?" } },
    ],
    [
      "ask with the others who ask",
      `rule a when tool mail ask "A?" ${DLP}`,
      rejected({ asks: true, mayTell: true }),
      { verdict: "ask", question: { rules: ["a", "r"], text: "A?\nit is bad" } },
    ],
    [
      "that fail refuse the message",
      DLP,
      broken(),
      { verdict: "block", code: 5000, module: { module: "dlp", reason: "down" } },
    ],
    [
      "that change something are out of order",
      DLP,
      changed(sends("mail", {})),
      { verdict: "block", code: 5000, module: { module: "dlp", reason: "malformed" } },
    ],
    ["in shadow block nothing", DLP.replace("rule r", "rule r in shadow"), rejected(), { verdict: "allow" }],
  ];

  it.each(REJECTIONS)("%s", (_, policy, answer, expected) => {
    expect(outcome(policy, SEND, validators(answer)).decision).toMatchObject(expected as object);
  });

  it("that refuse say why, though another failed; those that ask do not count then", () => {
    const policy = `${DLP} rule s when tools/call * call scan`;
    const both = (asks: boolean) =>
      outcome(policy, SEND, ({ module, type }) => {
        if (type === "mutation") return undefined;
        return module === "dlp" ? broken() : rejected({ asks });
      }).decision;
    expect([both(false).code, both(false).rule]).toEqual([4030, "s"]);
    expect([both(true).verdict, both(true).code, both(true).rule]).toEqual(["block", 5000, "r"]);
  });

  it("drop a notification", () => {
    const { decision } = outcome(
      "rule r when message call dlp",
      notification("notifications/x", {}),
      validators(rejected({ asks: true })),
    );
    expect([decision.verdict, decision.record.verdict]).toEqual(["block", "drop"]);
  });

  it("make their rule's notes", () => {
    const { decision } = outcome(`${DLP} log "caught" tag seen`, SEND, validators(rejected()));
    expect([decision.tags, decision.logs.map(({ text }) => text)]).toEqual([["seen"], ["caught"]]);
    expect(outcome(`${DLP} log "caught"`).decision.logs).toEqual([]);
  });

  it.each([
    ["of its mutators alone", mutators, ["pass"]],
    ["of its validators alone", validators, ["pass"]],
    ["of both", (none: ModuleAnswer) => () => none, ["none"]],
  ])("that have no interest in a message are told of once, where none was asked: %s", (_, those, outcomes) => {
    const none: ModuleAnswer = { kind: "pass", used: [{ module: "dlp", ms: 0, outcome: "none" }] };
    const { record } = outcome(DLP, SEND, those(none)).decision;
    expect(record.modules?.map((one) => one.outcome)).toEqual(outcomes);
    const two = outcome(`${DLP} rule s when tools/call mail call dlp`, SEND, those(none)).decision.record;
    expect(two.modules?.map((one) => one.rule).toSorted()).toEqual(["r", "s"]);
  });

  it("stand in the record, with what they said", () => {
    expect(outcome(DLP, SEND, validators(rejected())).decision.record.modules?.at(-1)).toEqual({
      rule: "r",
      ...USED,
      outcome: "rejected",
      says: "it is bad",
    });
  });
});
