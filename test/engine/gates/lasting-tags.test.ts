// Tags that outlive their call: when they are read, whose they are, and what happens when they cannot be had.
import { describe, expect, it } from "vitest";
import type { Answer, Decision, Need } from "../../../src/engine/decision.ts";
import { indexPolicy } from "../../../src/engine/index-policy.ts";
import type { Revision } from "../../../src/engine/policy-store.ts";
import {
  call,
  decided,
  NOBODY,
  NOWHERE,
  request,
  result,
  revisionOf,
  texts,
  told,
  user,
  type Message,
} from "../policy.ts";

const WRITER = "rule w when tools/call read_* tag seen for 1h by user";
const FLOW = `default allow ${WRITER} rule r when tools/call send_* with tags seen block`;
const ANN = { principal: user("ann", ["a", "b"], { tenant: "t1" }) };

function holding(...tags: readonly string[]): (need: Need) => Answer {
  return () => ({ kind: "tags", answer: { kind: "tags", tags } });
}

const failing = (): Answer => ({ kind: "tags", answer: { kind: "failed", reason: "the store is down" } });

function outcome(
  policy: string | Revision,
  message: Message,
  answer: (need: Need) => Answer = holding(),
  tags: readonly string[] = [],
): { readonly value: Decision; readonly needs: readonly Need[] } {
  const made = typeof policy === "string" ? revisionOf(policy) : policy;
  return told(decided(made, message, { ...NOWHERE, tags }), answer);
}

describe("a lasting tag", () => {
  it("is handed on with the time it holds and whose it is", () => {
    const { value, needs } = outcome(FLOW, call("read_x", {}, ANN));
    expect(value.lasting).toEqual([
      {
        rule: "w",
        place: expect.anything(),
        failsOpen: false,
        names: ["seen"],
        forMs: 3_600_000,
        key: '["user","ann",null]',
      },
    ]);
    expect(value.tags).toEqual(["seen"]);
    expect(needs).toEqual([]);
  });

  it("is there for one key of each group", () => {
    const policy = "default allow rule w when tool read_x tag seen for 1h by group";
    expect(outcome(policy, call("read_x", {}, ANN)).value.lasting.map(({ key }) => key)).toEqual([
      '["group","a"]',
      '["group","b"]',
    ]);
  });

  it("is read once, before the rules, by a rule that looks at tags", () => {
    const { value, needs } = outcome(FLOW, call("send_x", {}, ANN), holding("seen"));
    expect(needs).toEqual([{ kind: "tags", keys: ['["user","ann",null]'] }]);
    expect([value.verdict, value.rule]).toEqual(["block", "r"]);
  });

  const UNREAD: readonly [string, string, Message][] = [
    ["no rule on this message looks at tags", FLOW, call("other", {}, ANN)],
    ["nobody writes any that last", FLOW.replace("for 1h by user", ""), call("send_x", {}, ANN)],
    [
      "the identity settles it",
      FLOW.replace("rule r", "rule b when tool send_x block rule r"),
      call("send_x", {}, ANN),
    ],
  ];

  it.each(UNREAD)("is not read where %s", (_, policy, message) => {
    expect(outcome(policy, message).needs).toEqual([]);
  });

  it("holds beside those of the call", () => {
    const policy = `default allow ${WRITER}
      rule r when result of tools/call * with tags seen and tags own block`;
    const reply = result("tools/call", texts("x"), "send_x", ANN);
    expect(outcome(policy, reply, holding("seen"), ["own"]).value.verdict).toBe("block");
    expect(outcome(policy, reply, holding("seen"), []).value.verdict).toBe("allow");
    expect(outcome(policy, reply, holding(), ["own"]).value.verdict).toBe("allow");
  });

  it("is seen by expressions and transforms", () => {
    const policy = `default allow ${WRITER} rule r when tools/call send_* set a = ($tags)`;
    expect(outcome(policy, call("send_x", {}, ANN), holding("seen", "b")).value.content).toMatchObject({
      params: { arguments: { a: ["seen", "b"] } },
    });
  });
});

describe("tags that cannot be read", () => {
  const DOUBTFUL: readonly [string, string, Decision["verdict"]][] = [
    ["block where they would", "rule r when tools/call send_* with tags seen block", "block"],
    ["block where their absence would", "rule r when tools/call send_* except with tags seen block", "block"],
    ["allow nothing", "default block when tools/call * rule r when tools/call send_* with tags seen allow", "block"],
    [
      "allow nothing by their absence",
      "default block when tools/call * rule r when tools/call send_* except with tags seen allow",
      "block",
    ],
    ["ask", "rule r when tools/call send_* with tags seen ask", "ask"],
    ["refuse what would be changed", "rule r when tools/call send_* with tags seen set a = 1", "block"],
    ["refuse what would be written of them", "rule r when tools/call send_* set a = ($tags)", "block"],
    ["are skipped where the rule fails open", "rule r fails open when tools/call send_* with tags seen block", "allow"],
  ];

  it.each(DOUBTFUL)("%s", (_, rules, expected) => {
    const { value } = outcome(`default allow ${WRITER} ${rules}`, call("send_x", {}, ANN), failing);
    expect(value.verdict).toBe(expected);
    expect(value.record.failedOpen).toEqual(rules.includes("fails open") ? ["r"] : undefined);
  });

  it("stand in the record", () => {
    const { value } = outcome(FLOW, call("send_x", {}, ANN), failing);
    expect(value.record.tagsUnread).toBe("the store is down");
  });
});

describe("whose tags they are", () => {
  const BY = "by (project)";
  const POLICY = `default allow
    rule w when tools/call read_* tag seen for 1h ${BY}
    rule r when request with tags seen block`;

  it("is asked of the message that writes, and of the message that reads", () => {
    const written = outcome(POLICY, call("read_x", { project: "p" })).value.lasting;
    expect(written).toMatchObject([{ key: '(project) ["value","p"]' }]);
    const { needs } = outcome(POLICY, call("send_x", { project: "p" }));
    expect(needs).toEqual([{ kind: "tags", keys: ['(project) ["value","p"]'] }]);
  });

  it("is one share where it is nothing", () => {
    expect(outcome(POLICY, request("completion/complete")).needs).toEqual([
      { kind: "tags", keys: ['(project) ["value"]'] },
    ]);
  });

  it("is in doubt where it cannot be told", () => {
    const policy = POLICY.replace(BY, "by (project + 1)");
    const { value, needs } = outcome(policy, call("send_x", { project: "p" }));
    expect([value.verdict, needs]).toEqual(["block", []]);
  });

  it("refuses what ought to be tagged where it cannot be told, if some rule looks at the tag", () => {
    const policy = POLICY.replace(BY, "by (project + 1)").replace("when request", "when tools/call send_*");
    const { value } = outcome(policy, call("read_x", { project: "p" }));
    expect([value.verdict, value.code, value.rule]).toEqual(["block", 5000, "w"]);
    const unread = outcome(policy.replace("with tags seen", ""), call("read_x", { project: "p" })).value;
    expect([unread.verdict, unread.lasting]).toEqual(["allow", []]);
    const open = outcome(policy.replace("rule w", "rule w fails open"), call("read_x", { project: "p" })).value;
    expect([open.verdict, open.record.failedOpen]).toEqual(["allow", ["w"]]);
  });

  it("is what is sent, not what came: they are read again where a rule changed it", () => {
    const policy = `${POLICY} rule t when tools/call send_* rewrite project ($lowercase($))`;
    const answer = (need: Need): Answer =>
      holding(...(need.kind === "tags" && need.keys.includes('(project) ["value","p"]') ? ["seen"] : []))(need);
    const { value, needs } = outcome(policy, call("send_x", { project: "P" }), answer);
    expect(needs).toHaveLength(2);
    expect(value.verdict).toBe("block");
    expect(outcome(policy, call("send_x", { project: "p" }), answer).needs).toHaveLength(1);
  });

  it("is asked within a profile: another one has tags of its own", () => {
    const message = call("send_x", { project: "p" }, { principal: { ...NOBODY, profile: "ops" } });
    expect(outcome(POLICY, message).needs).toEqual([{ kind: "tags", keys: ['"ops" (project) ["value","p"]'] }]);
    expect(outcome(FLOW, { ...message, facts: { ...message.facts, name: "read_x" } }).value.lasting[0]?.key).toBe(
      '"ops" ["user"]',
    );
  });

  it("tells nothing where there is a digest", () => {
    const { policy } = revisionOf(FLOW).policy;
    const revision = { id: "r1", policy: indexPolicy(policy, { digest: (text) => `#${text.length}` }) };
    expect(outcome(revision, call("read_x", {}, { principal: NOBODY })).value.lasting[0]?.key).toBe("#8");
  });
});
