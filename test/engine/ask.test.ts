// A human is asked: when, what, how long, and what becomes of the message if the answer is yes.
import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/engine/decision.ts";
import { select } from "../../src/engine/matching/select.ts";
import { parsePath } from "../../src/expression/path.ts";
import type { Template } from "../../src/language/compiled-policy.ts";
import {
  call,
  decision,
  error,
  notification,
  result,
  revisionOf,
  said,
  texts,
  uncheckedRevision,
  user,
  type Message,
  type Said,
} from "./policy.ts";

const PAY = call("pay", { to: "ACME", amount: 500 });

function asked(policy: string, message: Message = PAY): Decision {
  return decision(revisionOf(policy), message);
}

describe("a rule that asks", () => {
  const RULE = "rule r when tools/call pay ask";
  const VERDICTS: readonly [string, string, Message, Said][] = [
    ["takes away from what is allowed", `default allow ${RULE}`, PAY, ["ask", "r"]],
    ["does not concern others", `default allow ${RULE}`, call("get"), ["allow", "default"]],
    ["gives nothing to what is not allowed", `default block ${RULE}`, PAY, ["block", "default"]],
    ["may allow as well", "default block rule r when tools/call pay allow ask", PAY, ["ask", "r"]],
    ["is weaker than a block", `default allow ${RULE} rule b when tool pay block`, PAY, ["block", "b"]],
    ["is stronger than an answer", `default allow rule a when tool pay answer "x" ${RULE}`, PAY, ["ask", "r"]],
    ["asks in doubt", `default allow ${RULE.replace("pay", "pay with to > 5")}`, PAY, ["ask", "r"]],
    ["asks of a thing when it is called", "default allow rule r when tool pay ask", PAY, ["ask", "r"]],
    [
      "asks of a result",
      "default allow rule r when result of tools/call * ask",
      result("tools/call", texts("x"), "pay"),
      ["ask", "r"],
    ],
    [
      "blocks a notification, which waits for nobody",
      "default allow rule r when message ask",
      notification("notifications/x"),
      ["block", "r"],
    ],
    [
      "blocks an error, which nobody lets out twice",
      "default allow rule r when message ask",
      error("tools/call", { code: 1, message: "x" }, "pay"),
      ["block", "r"],
    ],
    [
      "leaves what keeps a connection alive alone",
      "default allow rule r when message ask",
      notification("notifications/progress"),
      ["allow", undefined],
    ],
  ];

  it.each(VERDICTS)("%s", (_, policy, message, expected) => {
    expect(said(policy, message)).toEqual(expected);
  });

  it("keeps what is answered in the server's place for when a human said yes", () => {
    expect(asked('default allow rule a when tool pay answer "paid" rule r when tool pay ask').answer).toEqual(
      texts("paid"),
    );
    expect(asked("default allow rule r when tool pay ask").answer).toBeUndefined();
  });

  it("says in shadow what it would do", () => {
    const { verdict, question, record } = asked("default allow rule r in shadow when tool pay ask");
    expect([verdict, question, record.shadow]).toEqual(["allow", undefined, [{ rule: "r", would: "ask" }]]);
  });

  it("stands in the record", () => {
    const { record } = asked("default allow rule r when tool pay ask rule s when tool pay ask");
    expect(record).toMatchObject({ verdict: "ask", rule: "r", asked: ["r", "s"], place: "p.mcprules:2:20" });
  });

  it("is settled by the identity where its text needs no more", () => {
    const settled = (text: string) =>
      select(revisionOf(`default allow rule r when tool pay ask ${text}`), PAY.facts).byIdentity?.verdict;
    expect(settled("")).toBe("ask");
    expect(settled('"{name} for {user.id}?"')).toBe("ask");
    expect(settled('"{params.arguments.to}?"')).toBeUndefined();
  });
});

describe("the question", () => {
  const LONG = "x".repeat(300);
  const TEXTS: readonly [string, string, Message, string][] = [
    [
      "is the rule's text, filled in",
      'rule r when tools/call pay ask "Send {amount} to {to}?"',
      PAY,
      "Send 500 to ACME?",
    ],
    [
      "says what is asked for where the rule has no text",
      "rule r when tools/call pay ask",
      PAY,
      "Shall this tools/call go on?",
    ],
    [
      "joins all texts in file order, each once",
      'rule b when tools/call pay ask "B?" rule a when tool pay ask "A?" rule c when tool pay ask "B?"',
      PAY,
      "B?\nA?",
    ],
    [
      "is masked by every redact",
      'rule m when result of tools/call x redact /ACME/ as "***" rule r when tools/call pay ask "{to}?"',
      PAY,
      "***?",
    ],
    [
      "is masked also where a redact is in shadow",
      'rule m in shadow when tools/call x redact /ACME/ as "***" rule r when tools/call pay ask "{to}?"',
      PAY,
      "***?",
    ],
    [
      "shows what cannot be seen",
      'rule r when tools/call pay ask "{to}?"',
      call("pay", { to: "a\u202Eb\u0007\n" }),
      "a\\u{202e}b\\u{7}\\n?",
    ],
    [
      "cuts a value at 200 characters",
      'rule r when tools/call pay ask "{to}?"',
      call("pay", { to: LONG }),
      `${"x".repeat(199)}…?`,
    ],
  ];

  it.each(TEXTS)("%s", (_, rules, message, text) => {
    expect(asked(`default allow ${rules}`, message).question?.text).toBe(text);
  });

  it("says nothing of what a server wrote, though the checker were wrong", () => {
    const text: Template = [{ kind: "field", path: parsePath("result.content[0].text") }];
    const revision = uncheckedRevision("default allow rule r when result of tools/call pay ask", (rule) => ({
      ...rule,
      verdicts: [{ kind: "ask", text, withinMs: undefined, via: undefined }],
    }));
    expect(decision(revision, result("tools/call", texts("Say yes"), "pay")).question?.text).toBe("");
  });

  it("cuts all values together at 1,000 characters", () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    const rules = names.map((name) => `rule ${name} when tools/call pay ask "${name}:{${name}}"`).join(" ");
    const args = Object.fromEntries(names.map((name) => [name, name.repeat(199)]));
    const text = asked(`default allow ${rules}`, call("pay", args)).question?.text ?? "";
    expect(text.length).toBe(1000 + "a:".length * 7 + "\n".length * 6);
    expect(text.split("\n").map((line) => line.length)).toEqual([201, 201, 201, 201, 201, 7, 2]);
  });

  it("holds no value that a rule supplied", () => {
    const policy = `default allow
      rule s when tool pay supply key = "k-12345678"
      rule r when tools/call pay ask "With {params.arguments.key}?"`;
    expect(asked(policy).question?.text).toBe("With ***?");
  });

  const TERMS: readonly [string, string, number | undefined, string | undefined][] = [
    ["leaves the time and the way to the settings", "rule a when tool pay ask", undefined, undefined],
    [
      "has the least time",
      "rule a when tool pay ask within 5m rule b when tool pay ask within 1m rule c when tool pay ask",
      60_000,
      undefined,
    ],
    [
      "goes the way that one insists on",
      "rule a when tool pay ask rule b when tool pay ask via queue",
      undefined,
      "queue",
    ],
    [
      "goes the way that all insist on",
      "rule a when tool pay ask via url rule b when tool pay ask via url",
      undefined,
      "url",
    ],
  ];

  it.each(TERMS)("%s", (_, rules, withinMs, via) => {
    expect(asked(`default allow ${rules}`).question).toMatchObject({ withinMs, via });
  });

  it("is not put where two rules insist on ways of their own", () => {
    const both = "rule a when tool pay ask via url rule b when tool pay ask via queue";
    const { verdict, code, rule, reason } = asked(`default allow ${both}`);
    expect([verdict, code, rule]).toEqual(["block", 5000, "a"]);
    expect(reason).toBe("a, b each want to be asked in another way (url, queue).");
  });

  it("is about whoever asks", () => {
    const policy = 'default allow rule r when tool pay ask "{user}?"';
    expect(asked(policy, { ...PAY, facts: { ...PAY.facts, principal: user("ann") } }).question?.text).toBe("ann?");
  });
});
