// Lines, tags and records, and what never stands in them.
import { describe, expect, it } from "vitest";
import { BLOCKED } from "../../../src/mcp/errors.ts";
import { call, decision, notification, NOWHERE, result, revisionOf, texts, user } from "../policy.ts";

describe("what is noted", () => {
  it("logs and tags what matches, also what is refused, with the final message", () => {
    const policy = `default allow
      rule cut when tools/call t set a = "y"
      rule note when tools/call t log info "{a} by {user}" tag seen, touched
      rule no when tools/call t with a y block
      rule plain when tools/call t log warn`;
    const { logs, tags, record } = decision(revisionOf(policy), call("t", { a: "x" }, { principal: user("ann") }));
    const about = { revision: "r1", method: "tools/call", from: "client", server: "files", name: "t" };
    expect(logs).toEqual([
      { level: "info", rule: "note", text: "y by ann", ...about },
      { level: "warn", rule: "plain", text: "request tools/call t on files", ...about },
    ]);
    expect(tags).toEqual(["seen", "touched"]);
    expect(record.tags).toEqual(["seen", "touched"]);
  });

  it("says where a rule sends its line, and masks what the line is about", () => {
    const policy = `default allow
      rule note when tools/call * log to audit "x"
      rule mask in shadow when message redact /k\\d/ as "*"`;
    const { logs } = decision(revisionOf(policy), call("tool-k1", {}));
    expect(logs).toMatchObject([{ sink: "audit", name: "tool-*", text: "x" }]);
  });

  it("notes of a rule with transforms only what it changed", () => {
    const policy = `default allow rule mask when message redact /k\\d/ as "*" log "masked"`;
    expect(decision(revisionOf(policy), call("t", { a: "k1" })).logs).toHaveLength(1);
    expect(decision(revisionOf(policy), call("t", { a: "x" })).logs).toHaveLength(0);
  });

  it("logs the share that is asked for", () => {
    const revision = revisionOf(`default allow rule some when tools/call t log 20% "x"`);
    const lines = Array.from({ length: 100 }, () => decision(revision, call("t")).logs.length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBe(20);
  });

  it("masks whatever the policy masks in reasons, logs, records and the request it binds", () => {
    const policy = `default allow
      rule mask in shadow when message redact /k\\d+/ as "***"
      rule no when tools/call t with path block "no {path} {name}"
      rule note when tools/call t log "{path}"
      rule back when result of tools/call u with request.params.arguments.a "k1" block`;
    const revision = revisionOf(policy);
    const decided = decision(revision, call("t", { path: "k12" }, { principal: user("k7") }));
    expect(decided.reason).toBe("no *** t");
    expect(decided.logs.map(({ text }) => text)).toEqual(["***"]);
    expect(JSON.stringify(decided.record)).not.toMatch(/k\d/);
    const asked = { ...NOWHERE, request: { params: { arguments: { a: "k1" } } } };
    expect(decision(revision, result("tools/call", texts(), "u"), asked).verdict).toBe("allow");
  });

  it("masks before it cuts, so that no part of a secret is left at the edge", () => {
    const policy = `default allow
      rule mask in shadow when message redact /k\\d{10}/ as "*"
      rule no when tools/call t with a block "{a}"`;
    const { reason } = decision(revisionOf(policy), call("t", { a: `${"y".repeat(195)}k1234567890` }));
    expect(reason).toBe(`${"y".repeat(195)}*`);
  });

  it("leaves a record that names revision, rule and place", () => {
    const { record } = decision(revisionOf(`default allow\nrule no when tools/call t block "why"`), call("t"));
    expect(record).toEqual({
      revision: "r1",
      kind: "request",
      method: "tools/call",
      from: "client",
      server: "files",
      name: "t",
      verdict: "block",
      rule: "no",
      place: "p.mcprules:3:6",
      reason: "why",
    });
    const dropped = decision(revisionOf("default block"), notification("notifications/message", { data: 1 }));
    expect(dropped.record.verdict).toBe("drop");
    expect(dropped.code).toBe(BLOCKED);
  });
});
