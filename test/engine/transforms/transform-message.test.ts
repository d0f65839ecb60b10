// What transforms make of a message, and what happens when one fails.
import { describe, expect, it } from "vitest";
import { POLICY_FAILED } from "../../../src/mcp/errors.ts";
import type { JsonValue } from "../../../src/mcp/json.ts";
import { call, decision, error, result, revisionOf, said, texts, user } from "../policy.ts";

describe("transforms", () => {
  it.each<readonly [string, string, JsonValue, JsonValue]>([
    ["set", "set limit = 50", { limit: 500 }, { limit: 50 }],
    ["set makes what is missing", "set a.b = true", {}, { a: { b: true } }],
    ["set from a path", "set who = user.id", {}, { who: "ann" }],
    ["remove", "remove a, b[0]", { a: 1, b: [1, 2], c: 3 }, { b: [2], c: 3 }],
    ["add", 'add "x" to list', { list: ["a"] }, { list: ["a", "x"] }],
    ["add to nothing", 'add "x" to list', {}, { list: ["x"] }],
    ["redact", 'redact /k\\d+/ as "***"', { a: "k12 k3", b: ["k4"] }, { a: "*** ***", b: ["***"] }],
    ["redact in", 'redact /k\\d+/ in a as "***"', { a: "k1", b: "k1" }, { a: "***", b: "k1" }],
    ["set in a list", "set a[*].b = 1", { a: [{ b: 2 }, {}] }, { a: [{ b: 1 }, { b: 1 }] }],
    [
      "set a list where one is left out",
      "set a[0] = params.arguments.b",
      { a: "x", b: [1, 2] },
      { a: [1, 2], b: [1, 2] },
    ],
    [
      "set from a list",
      "set sum = params.arguments.a.b",
      { a: [{ b: 1 }, { b: 2 }] },
      { a: [{ b: 1 }, { b: 2 }], sum: [1, 2] },
    ],
    ["remove in a list", "remove a.b", { a: [{ b: 1 }, { c: 2 }] }, { a: [{}, { c: 2 }] }],
    ["add in a list", 'add "x" to a[*].b', { a: [{ b: ["y"] }, {}] }, { a: [{ b: ["y", "x"] }, {}] }],
    ["redact in a list", 'redact /k\\d+/ in a.b as "*"', { a: [{ b: "k1" }], c: "k1" }, { a: [{ b: "*" }], c: "k1" }],
    ["in order", "set a = 1 remove a set a = 2", {}, { a: 2 }],
  ])("%s", (_, transform, args, expected) => {
    const { verdict, content, changed, record } = decision(
      revisionOf(`default allow rule r when tools/call t ${transform}`),
      call("t", args, { principal: user("ann") }),
    );
    expect(verdict).toBe("allow");
    expect(content).toEqual({ params: { name: "t", arguments: expected } });
    expect(changed).toBe(true);
    expect(record.changedBy).toEqual(["r"]);
  });

  it("hands back the very content when nothing changed", () => {
    const message = call("t", { limit: 50 });
    const decided = decision(revisionOf(`default allow rule r when tools/call t set limit = 50`), message);
    expect(decided.content).toBe(message.content);
    expect(decided.changed).toBe(false);
    expect(decided.record.changedBy).toBeUndefined();
  });

  it("judges what comes of them", () => {
    const policy = `default allow
      rule cut when tools/call t with path "/tmp/**" set path = "/projects"
      rule fence when tools/call t except with path "/projects" block`;
    expect(said(policy, call("t", { path: "/tmp/x" }))).toEqual(["allow", "default"]);
    expect(said(policy, call("t", { path: "/etc" }))).toEqual(["block", "fence"]);
  });

  it("sees the output of the rule before", () => {
    const policy = `default allow
      rule a when tools/call t set mode = "slow"
      rule b when tools/call t with mode slow set limit = 1`;
    expect(decision(revisionOf(policy), call("t", { mode: "fast" })).content).toEqual({
      params: { name: "t", arguments: { mode: "slow", limit: 1 } },
    });
  });

  it("masks again what a later rule wrote", () => {
    const policy = `default allow
      rule mask when tools/call t redact /k\\d+/ as "***"
      rule late when tools/call t set a = "k1"`;
    expect(decision(revisionOf(policy), call("t", {})).content).toEqual({
      params: { name: "t", arguments: { a: "***" } },
    });
  });

  it.each<readonly [string, string, JsonValue]>([
    ["a value that is nothing", "set who = user.claims.tenant", {}],
    ["a place that does not fit", "set a.b = 1", { a: "text" }],
    ["setting through a list", "set a.b = 1", { a: [{ b: 2 }] }],
    ["setting through an empty list", "set a.b = 1", { a: [] }],
    ["setting in elements of which one takes nothing", "set a[*].b = 1", { a: [{ b: 2 }, "x"] }],
    ["setting in a list in a list", "set a[*].b = 1", { a: [[{ b: 2 }], { b: 3 }] }],
    ["adding in a list in a list", 'add "x" to a[*].b', { a: [[{ b: [] }], { b: [] }] }],
    ["adding through a list", 'add "x" to a.b', { a: [{ b: [] }] }],
    ["adding to what is no list", "add 1 to a", { a: "text" }],
    ["a doubt whether to set", "with a x set b = 1", { a: ["x", "y"] }],
    ["masking what cannot be changed", 'redact /^t$/ as "*"', {}],
  ])("refuses the message when one fails: %s", (_, rule, args) => {
    const {
      verdict,
      code,
      rule: by,
      reason,
    } = decision(revisionOf(`default allow rule r when tools/call t ${rule}`), call("t", args));
    expect({ verdict, code, by }).toEqual({ verdict: "block", code: POLICY_FAILED, by: "r" });
    expect(reason).toBe("The policy could not be applied (r).");
  });

  it("skips a rule that fails open, and records it", () => {
    const policy = `default allow rule r fails open when tools/call t set a.b = 1 rule s when tools/call t set c = 1`;
    const { verdict, content, record } = decision(revisionOf(policy), call("t", { a: "text" }));
    expect(verdict).toBe("allow");
    expect(content).toEqual({ params: { name: "t", arguments: { a: "text", c: 1 } } });
    expect(record.failedOpen).toEqual(["r"]);
  });

  it("applies redact and remove in doubt", () => {
    const policy = `default allow rule r when tools/call t with a x remove b redact /k\\d/ as "*"`;
    expect(decision(revisionOf(policy), call("t", { a: ["x", "y"], b: 1, c: "k1" })).content).toEqual({
      params: { name: "t", arguments: { a: ["x", "y"], c: "*" } },
    });
  });

  it("writes the texts of a failure", () => {
    const policy = `default allow rule r when failure of tools/call t set message = "It failed."`;
    const failed = decision(revisionOf(policy), result("tools/call", { ...texts("a", "b"), isError: true }, "t"));
    expect(failed.content).toEqual({ result: { ...texts("It failed."), isError: true } });
    expect(decision(revisionOf(policy), error("tools/call", { code: 1, message: "x" }, "t")).content).toEqual({
      error: { code: 1, message: "It failed." },
    });
    expect(decision(revisionOf(policy), result("tools/call", texts("a"), "t")).changed).toBe(false);
  });
});
