// Limits: what a message takes of them, whose share it is, and what becomes of it when it is used up.
import { describe, expect, it } from "vitest";
import type { Reservation } from "../../src/engine/decision.ts";
import { indexPolicy } from "../../src/engine/index-policy.ts";
import { select } from "../../src/engine/matching/select.ts";
import type { JsonValue } from "../../src/mcp/json.ts";
import {
  call,
  decided,
  decision,
  error,
  NOBODY,
  notification,
  NOWHERE,
  request,
  result,
  revisionOf,
  texts,
  told,
  user,
  type Message,
} from "./policy.ts";

const PAY = call("pay", { to: "ACME", amount: 500 });

function limits(rules: string, message: Message = PAY): readonly Reservation[] {
  return decision(revisionOf(`default allow ${rules}`), message, { ...NOWHERE, session: "s-1" }).limits;
}

describe("a limit", () => {
  it("takes one of so many in a time", () => {
    expect(limits("rule r when tools/call pay limit 10 per 1m")).toEqual([
      {
        rule: "r",
        place: { file: "p.mcprules", line: 2, column: 20 },
        key: 'r ["session","s-1"]',
        count: 10,
        amount: 1,
        perMs: 60_000,
        failsOpen: false,
        otherwise: { kind: "block", reason: "Over the limit (r).", asError: false },
      },
    ]);
  });

  const COUNTED: readonly [string, string, Message, readonly string[]][] = [
    ["counts what it matches", "rule r when tools/call get limit 1 per 1m", PAY, []],
    ["counts in doubt", "rule r when tools/call pay with to > 5 limit 1 per 1m", PAY, ["r"]],
    [
      "counts for all rules that match",
      "rule r when tool pay limit 1 per 1m rule s when request limit 9 per 1m",
      PAY,
      ["r", "s"],
    ],
    ["counts a call to a thing", "rule r when tool pay limit 1 per 1m", PAY, ["r"]],
    [
      "counts no reply, which came of a request that was counted",
      "rule r when message limit 1 per 1m",
      result("tools/call", texts("x"), "pay"),
      [],
    ],
    [
      "counts no error either",
      "rule r when message limit 1 per 1m",
      error("tools/call", { code: 1, message: "x" }),
      [],
    ],
    ["counts no notification", "rule r when message limit 1 per 1m", notification("notifications/x"), []],
    ["counts nothing that keeps a connection alive", "rule r when message limit 1 per 1m", request("ping"), []],
    ["counts nothing that is blocked", "rule r when tool pay limit 1 per 1m rule b when tool pay block", PAY, []],
    ["counts nothing that is answered", 'rule r when tool pay limit 1 per 1m rule a when tool pay answer "x"', PAY, []],
    ["counts what a human is asked about", "rule r when tool pay limit 1 per 1m rule a when tool pay ask", PAY, ["r"]],
    ["counts nothing in shadow", "rule r in shadow when tool pay limit 1 per 1m", PAY, []],
  ];

  it.each(COUNTED)("%s", (_, rules, message, expected) => {
    expect(limits(rules, message).map(({ rule }) => rule)).toEqual(expected);
    expect(decision(revisionOf(`default allow ${rules}`), message).record.limits ?? []).toEqual(expected);
  });

  it("says in shadow that it would count", () => {
    const { record } = decision(revisionOf("default allow rule r in shadow when tool pay limit 1 per 1m"), PAY);
    expect(record.shadow).toEqual([{ rule: "r", would: "limit" }]);
  });
});

describe("the amount", () => {
  const OF = (path: string): string => `rule r when tools/call pay limit 500 of ${path} per 1d`;
  const COUNTABLE: readonly [JsonValue, number][] = [
    [12.5, 12.5],
    [0, 0],
    [[1, 2, 3], 6],
  ];

  it.each(COUNTABLE)("of %j is %s", (amount, expected) => {
    expect(limits(OF("amount"), call("pay", { amount }))).toMatchObject([{ amount: expected }]);
  });

  const UNCOUNTABLE: readonly (readonly [string, JsonValue])[] = [
    ["amount", "500"],
    ["amount", -1],
    ["amount", null],
    ["amount", []],
    ["amount", [1, -1]],
    ["amount", 2 ** 53],
    ["amount", Number.POSITIVE_INFINITY],
    ["amount", { valueOf: 1 }],
    ["other", 1],
    ["amount.of", [{ of: 1 }, {}]],
  ];

  it.each(UNCOUNTABLE)("at `%s` of %j cannot be counted, and refuses the message", (path, amount) => {
    const decided = decision(revisionOf(`default allow ${OF(path)}`), call("pay", { amount }));
    expect(decided).toMatchObject({ verdict: "block", code: 5000, rule: "r", limits: [] });
  });

  it.each(["items[*].price", "items.price"])("is the sum of several: %s", (path) => {
    const [taken] = limits(OF(path), call("pay", { items: [{ price: 3 }, { price: 4 }] }));
    expect(taken?.amount).toBe(7);
  });

  it("that cannot be counted is told without the value, and counts for nothing where the rule fails open", () => {
    const message = call("pay", { amount: "AKIA" });
    const { reason } = decision(revisionOf(`default allow ${OF("amount")}`), message);
    expect(reason).toBe("The limit of rule r could not be counted: `amount` is no number of 0 or more.");
    const open = decision(revisionOf(`default allow ${OF("amount").replace("when", "fails open when")}`), message);
    expect([open.verdict, open.limits, open.record.failedOpen]).toEqual(["allow", [], ["r"]]);
  });
});

describe("the share", () => {
  const ANN = user("ann", ["a", "b", "a"], { tenant: "t1" });
  /** Another one of that name: somebody else vouches for her. */
  const ELSEWHERE = user("ann", [], { iss: "https://y" });
  const GROUPLESS = user("bob", "unknown");
  const SHARES: readonly [string, Message["facts"]["principal"], readonly string[]][] = [
    ["", ANN, ['["user","ann",null]']],
    ["", NOBODY, ['["session","s-1"]']],
    ["by user", ANN, ['["user","ann",null]']],
    ["", ELSEWHERE, ['["user","ann","https://y"]']],
    ["by user", ELSEWHERE, ['["user","ann","https://y"]']],
    ["by user", NOBODY, ['["user"]']],
    ["by client", ANN, ['["client","test"]']],
    ["by client", NOBODY, ['["client"]']],
    ["by group", ANN, ['["group","a"]', '["group","b"]']],
    ["by group", GROUPLESS, ['["group"]']],
    ["by profile", NOBODY, ['["profile"]']],
    ["by ($user.claims.tenant)", ANN, ['["value","t1"]']],
    ["by ($user.claims.tenant)", NOBODY, ['["value"]']],
    ["by ({'b': to, 'a': 1})", NOBODY, ['["value",{"a":1,"b":"ACME"}]']],
  ];

  it.each(SHARES)("%s of %j is %j", (by, principal, expected) => {
    const message = { ...PAY, facts: { ...PAY.facts, principal } };
    const taken = limits(`rule r when tools/call pay limit 1 per 1m ${by}`, message);
    expect(taken.map(({ key }) => key)).toEqual(expected.map((share) => `r ${share}`));
  });

  it("that cannot be told refuses the message", () => {
    const { verdict, code } = decision(
      revisionOf("default allow rule r when tools/call pay limit 1 per 1m by (to + 1)"),
      PAY,
    );
    expect([verdict, code]).toEqual(["block", 5000]);
  });

  it("is a digest where there is one", () => {
    const { policy } = revisionOf("default allow rule r when tool pay limit 1 per 1m by user").policy;
    const revision = { id: "r1", policy: indexPolicy(policy, { digest: (text) => `#${text.length}` }) };
    expect(decision(revision, PAY).limits[0]?.key).toBe("r #8");
  });

  it("is settled by the identity where the session does not matter", () => {
    const settled = (by: string, principal = ANN) =>
      select(revisionOf(`default allow rule r when tool pay limit 1 per 1m ${by}`), { ...PAY.facts, principal })
        .byIdentity?.limits[0]?.key;
    expect(settled("")).toBe('r ["user","ann",null]');
    expect(settled("", NOBODY)).toBeUndefined();
    expect(settled("by client", NOBODY)).toBe('r ["client"]');
    expect(settled("by (to)")).toBeUndefined();
  });
});

describe("what is over a limit", () => {
  const ELSE: readonly [string, unknown][] = [
    ["", { kind: "block", reason: "Over the limit (r).", asError: false }],
    ['else block "No more {to}." as error', { kind: "block", reason: "No more ACME.", asError: true }],
    ['else answer "Later."', { kind: "answer", answer: texts("Later.") }],
    ["else answer ($nothing.x)", { kind: "block", reason: "Over the limit (r).", asError: false }],
  ];

  it.each(ELSE)("%s", (otherwise, expected) => {
    const policy = `let nothing = {} rule r when tools/call pay limit 1 per 1m ${otherwise}`;
    expect(limits(policy)[0]?.otherwise).toEqual(expected);
  });

  it("may be put to a human", () => {
    expect(
      limits('rule r when tools/call pay limit 1 per 1m else ask "More for {to}?" within 1m')[0]?.otherwise,
    ).toEqual({
      kind: "ask",
      question: expect.objectContaining({ text: "More for ACME?", rules: ["r"], withinMs: 60_000 }) as unknown,
    });
  });
});

describe("what is kept of answers", () => {
  const KEPT: readonly [string, Message, unknown][] = [
    ["rule c when tools/call pay cache for 1m", PAY, { rule: "c", forMs: 60_000, by: undefined }],
    ["rule c when tool pay cache for 1m", PAY, { rule: "c", forMs: 60_000, by: undefined }],
    ["rule c when tools/call pay cache for 1m by (to)", PAY, { rule: "c", forMs: 60_000, by: "ACME" }],
    ["rule c when tools/call pay cache for 1m by (nothing)", PAY, undefined],
    ["rule c when tools/call pay cache for 1m by (to + 1)", PAY, undefined],
    ["rule c when tools/call pay with to > 5 cache for 1m", PAY, undefined],
    [
      "rule c when tools/call pay cache for 1m rule d when tool pay cache for 30s",
      PAY,
      { rule: "c", forMs: 30_000, by: undefined },
    ],
    [
      "rule c when tools/call pay cache for 1m by (to) rule d when tool pay cache for 1h",
      PAY,
      { rule: "c", forMs: 60_000, by: undefined },
    ],
    [
      "rule c when tools/call pay cache for 1m by (to) rule d when tools/call pay cache for 1h by (amount)",
      PAY,
      { rule: "c", forMs: 60_000, by: ["ACME", 500] },
    ],
    ["rule c when tools/call pay cache for 1m rule a when tool pay ask", PAY, undefined],
    ["rule c when tools/call pay cache for 1m rule a when tool pay block", PAY, undefined],
    ['rule c when tools/call pay cache for 1m rule a when tool pay answer "x"', PAY, undefined],
    ["rule c in shadow when tools/call pay cache for 1m", PAY, undefined],
    ["rule c when message cache for 1m", result("tools/call", texts("x"), "pay"), undefined],
    ["rule c when message cache for 1m", notification("notifications/x"), undefined],
  ];

  it.each(KEPT)("%s", (rules, message, expected) => {
    expect(decision(revisionOf(`default allow ${rules}`), message).caching).toEqual(expected);
  });

  it("waits for an expression that is evaluated elsewhere", () => {
    const made = revisionOf('default allow rule c when tool pay cache for 1m by ($split("a b", " ")[1])');
    const { value } = told(decided(made, PAY), () => ({ kind: "evaluate", answer: { kind: "value", value: "b" } }));
    expect(value.caching?.by).toBe("b");
  });
});
