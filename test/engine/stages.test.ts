// Rules in shadow and in canary, and exceptions with their last day.
import { describe, expect, it } from "vitest";
import { call, decision, NOWHERE, revisionOf, user } from "./policy.ts";

describe("stages and exceptions", () => {
  it("records what a rule in shadow would have done, and does nothing", () => {
    const policy = `default allow
      rule a in shadow when tools/call t set limit = 1 log "x"
      rule b in shadow when tools/call t block
      rule c in shadow when tools/call t with limit = 1 block`;
    const { verdict, changed, logs, record } = decision(revisionOf(policy), call("t", { limit: 9 }));
    expect({ verdict, changed, logs }).toEqual({ verdict: "allow", changed: false, logs: [] });
    expect(record.shadow).toEqual([
      { rule: "a", would: "set" },
      { rule: "b", would: "block" },
    ]);
  });

  it("masks records, reasons and log lines by a redact in shadow too, and leaves the message alone", () => {
    const revision = revisionOf(`default allow
      rule a in shadow when tools/call t redact /k\\d+/ as "*"
      rule b when tools/call t with x log "{x}"
      rule c when tools/call t with y block "not {y}"`);
    const { content, logs } = decision(revision, call("t", { x: "k1" }));
    expect(content).toEqual(call("t", { x: "k1" }).content);
    expect(logs[0]?.text).toBe("*");
    const { reason, record } = decision(revision, call("t", { y: "k2" }));
    expect([reason, record.reason]).toEqual(["not *", "not *"]);
  });

  it("enforces a canary for its share of users, and where nobody logged in", () => {
    const revision = revisionOf(`default allow rule c in canary 20% when tools/call t block`);
    const blocked = Array.from({ length: 1000 }, (_, at) =>
      decision(revision, call("t", {}, { principal: user(`u${at}`) })),
    ).filter(({ verdict }) => verdict === "block").length;
    expect(blocked).toBeGreaterThan(150);
    expect(blocked).toBeLessThan(250);
    expect(decision(revision, call("t")).verdict).toBe("block");
  });

  it("takes rules out where an exception matches, until its day", () => {
    const policy = `default allow
      rule fence when tools/call read | write on files except with path "/p/**" block
      exception e to fence until "2026-12-01" "INC" when tools/call read with path "/var/log/**"
      exception old to fence until "2026-01-01" when tools/call read with path "/etc/**"
      exception all to fence until "2026-12-01" for user root`;
    const revision = revisionOf(policy);
    const { verdict, record } = decision(revision, call("read", { path: "/var/log/x" }));
    expect(verdict).toBe("allow");
    expect(record.exceptions).toEqual(["e"]);
    expect(decision(revision, call("write", { path: "/var/log/x" })).verdict).toBe("block");
    expect(decision(revision, call("read", { path: "/etc/x" })).verdict).toBe("block");
    expect(decision(revision, call("read", { path: ["/var/log/x", "/etc"] })).verdict).toBe("block");
    expect(decision(revision, call("write", { path: "/etc/x" }, { principal: user("root") })).verdict).toBe("allow");
    const later = { ...NOWHERE, now: Date.UTC(2026, 11, 1) };
    expect(decision(revision, call("read", { path: "/var/log/x" }), later).verdict).toBe("block");
    const before = { ...NOWHERE, now: Date.UTC(2026, 11, 1) - 1 };
    expect(decision(revision, call("read", { path: "/var/log/x" }), before).verdict).toBe("allow");
  });
});
