// What the engine says of single messages under small policies.
import { describe, expect, it } from "vitest";
import { parsePath } from "../../src/expression/path.ts";
import { BLOCKED, POLICY_FAILED } from "../../src/mcp/errors.ts";
import type { JsonValue } from "../../src/mcp/json.ts";
import {
  call,
  decision,
  error,
  notification,
  NOWHERE,
  request,
  result,
  revisionOf,
  texts,
  uncheckedRevision,
  user,
} from "./policy.ts";
import type { Message } from "./policy.ts";

type Said = readonly ["allow" | "block" | "answer", string | undefined];

function said(policy: string, message: Message, surroundings = NOWHERE): Said {
  const { verdict, rule } = decision(revisionOf(policy), message, surroundings);
  return [verdict, rule];
}

describe("a verdict by identity", () => {
  const POLICY = `
    default allow
    default block "Only listed tools." when tool *
    rule reading when tool get_* | list_* allow
    rule no-secrets when tool get_secret on files | vault block "Secrets stay."
    rule ours when tools/call * for group "staff" for user "*@example.com" allow
    rule no-guest when request from client for user guest block`;

  const rows: readonly (readonly [string, Message, Said])[] = [
    ["a rule that allows", call("get_x"), ["allow", "reading"]],
    ["the default for things", call("drop_table"), ["block", "default"]],
    ["block before allow", call("get_secret"), ["block", "no-secrets"]],
    ["another server", call("get_secret", {}, { server: "wiki" }), ["allow", "reading"]],
    ["the bare default", request("prompts/get", { name: "p" }), ["allow", "default"]],
    ["user and group", call("drop_table", {}, { principal: user("a@example.com", ["staff"]) }), ["allow", "ours"]],
    ["the wrong group", call("drop_table", {}, { principal: user("a@example.com", ["guests"]) }), ["block", "default"]],
    [
      "a group that nobody knows is in doubt, and allows nothing",
      call("drop_table", {}, { principal: user("a@example.com", undefined) }),
      ["block", "default"],
    ],
    ["any request", request("completion/complete", {}, { principal: user("guest") }), ["block", "no-guest"]],
    [
      "a handshake is refused only by its name",
      request("initialize", {}, { principal: user("guest") }),
      ["allow", undefined],
    ],
    ["a list too", request("tools/list", {}, { principal: user("guest") }), ["allow", undefined]],
    ["a reply answers to rules only", result("tools/call", texts("x"), "drop_table"), ["allow", undefined]],
  ];

  it.each(rows)("%s", (_, message, expected) => {
    expect(said(POLICY, message)).toEqual(expected);
  });

  it("never refuses by default what keeps a connection alive", () => {
    for (const method of ["initialize", "ping", "tools/list", "resources/templates/list", "server/discover"]) {
      expect(said("default block", request(method))).toEqual(["allow", undefined]);
    }
    for (const method of ["notifications/cancelled", "notifications/progress", "notifications/tools/list_changed"]) {
      expect(said("default block", notification(method))).toEqual(["allow", undefined]);
    }
    expect(said("default block", notification("notifications/message", { data: 1 }))).toEqual(["block", "default"]);
    expect(said("default allow rule x when initialize block", request("initialize"))).toEqual(["block", "x"]);
  });

  it("takes a block among the defaults that match, and the specific before the bare one", () => {
    const policy = `default block
      default allow when tool *
      default block when tool rm_* | cp_*`;
    expect(said(policy, call("ls"))).toEqual(["allow", "default"]);
    expect(said(policy, call("rm_all"))).toEqual(["block", "default"]);
    expect(said(policy, request("logging/setLevel", { level: "info" }))).toEqual(["block", "default"]);
  });

  it("answers in the server's place, and a text is one text content", () => {
    const policy = `default allow
      rule canned when tools/call weather answer "Sunny."
      rule object when tools/call clock answer {"content": []}`;
    expect(decision(revisionOf(policy), call("weather")).answer).toEqual(texts("Sunny."));
    expect(decision(revisionOf(policy), call("clock")).answer).toEqual({ content: [] });
    expect(said(policy, call("weather"))).toEqual(["answer", "canned"]);
  });

  it("does not lift a default by answering, and blocks before it answers", () => {
    expect(said(`default block rule canned when tools/call weather answer "Sunny."`, call("weather"))).toEqual([
      "block",
      "default",
    ]);
    expect(said(`default block rule both when tools/call weather allow answer "Sunny."`, call("weather"))).toEqual([
      "answer",
      "both",
    ]);
    const policy = `default allow rule canned when tools/call w answer "x" rule no when tools/call w with a block`;
    expect(said(policy, call("w", { a: 1 }))).toEqual(["block", "no"]);
  });

  it("blocks what cannot be answered", () => {
    const policy = `default allow rule canned when message on files answer "x"`;
    expect(said(policy, notification("notifications/message"))).toEqual(["block", "canned"]);
  });
});

describe("a verdict on the body", () => {
  it.each<readonly [string, string, JsonValue | undefined, Said[0]]>([
    ["a path that is there", "with path", { path: "x" }, "block"],
    ["a path that is not", "with path", { other: "x" }, "allow"],
    ["no arguments at all", "with path", undefined, "allow"],
    ["without", "without path", {}, "block"],
    ["an empty list is absent", "with path", { path: [] }, "allow"],
    ["a glob", 'with path "*.env"', { path: "a.env" }, "block"],
    ["every element agrees", "with path a", { path: ["a", "a"] }, "block"],
    ["elements that disagree are in doubt", "with path a", { path: ["a", "b"] }, "block"],
    ["no element", "with path a", { path: ["b", "c"] }, "allow"],
    ["one of two paths", "with path or file a", { file: "a" }, "block"],
    ["and", "with path a and file b", { path: "a", file: "c" }, "allow"],
    ["a number", "with limit > 50", { limit: 51 }, "block"],
    ["not above", "with limit > 50", { limit: 50 }, "allow"],
    ["unlike types are in doubt", "with limit > 50", { limit: "5" }, "block"],
    ["beyond 2^53 is in doubt", "with limit > 50", { limit: 9007199254740993 }, "block"],
    ["absent is unequal", 'with mode != "r"', {}, "block"],
    ["absent is not more", "with limit > 50", {}, "allow"],
    ["containing", "containing rm", { a: [{ b: "rm" }] }, "block"],
    ["containing a key", "containing rm", { rm: 1 }, "block"],
    ["containing nothing", "containing rm", { a: 1 }, "allow"],
    ["except", 'except with path "/projects/**"', { path: "/projects/a" }, "allow"],
    ["except in doubt", 'except with path "/projects/**"', { path: ["/projects/a", "/etc"] }, "block"],
    ["one group of two", "except with a except with b", { b: 1 }, "allow"],
    ["a group holds all its clauses", "except with a with b", { b: 1 }, "block"],
    ["a path climbs out", 'except with path "/projects/**"', { path: "/projects/../etc/passwd" }, "block"],
    ["a value of the request", "with path = params.arguments.file", { path: "a", file: "a" }, "block"],
  ])("%s", (_, clauses, args, verdict) => {
    expect(said(`default allow rule r when tools/call t ${clauses} block`, call("t", args))[0]).toBe(verdict);
  });

  it.each<readonly [string, string, JsonValue]>([
    ["mixed elements", "with path a", { path: ["a", "b"] }],
    ["unlike types", "with limit < 50", { limit: "5" }],
    ["an exception in doubt", "except with path a", { path: ["a", "b"] }],
  ])("in doubt nothing is allowed: %s", (_, clauses, args) => {
    expect(said(`default block rule r when tools/call t ${clauses} allow`, call("t", args))).toEqual([
      "block",
      "default",
    ]);
  });

  it("judges results, errors and failures where their paths start", () => {
    const policy = `default allow
      rule big when result of tools/call t with content[*].text "big*" block
      rule busy when error of tools/call t with message "*busy*" block
      rule any when failure of tools/call u with message "*boom*" block`;
    expect(said(policy, result("tools/call", texts("bigger"), "t"))).toEqual(["block", "big"]);
    expect(said(policy, error("tools/call", { code: 1, message: "too busy" }, "t"))).toEqual(["block", "busy"]);
    expect(said(policy, result("tools/call", { ...texts("a", "boom"), isError: true }, "u"))).toEqual(["block", "any"]);
    expect(said(policy, result("tools/call", texts("boom"), "u"))).toEqual(["allow", undefined]);
    expect(said(policy, error("tools/call", { code: 1, message: "boom" }, "u"))).toEqual(["block", "any"]);
  });

  it("looks at the request of a reply, at the user, and at tags, of which one is enough", () => {
    const policy = `default allow
      rule own when result of tools/call t with request.params.arguments.owner != user.id block
      rule flow when tools/call post with tags secret block`;
    const principal = user("ann");
    const reply = result("tools/call", texts("x"), "t", { principal });
    const asked = (owner: string) => ({
      ...NOWHERE,
      request: { method: "tools/call", params: { arguments: { owner } } },
    });
    expect(said(policy, reply, asked("ann"))).toEqual(["allow", undefined]);
    expect(said(policy, reply, asked("bob"))).toEqual(["block", "own"]);
    expect(said(policy, reply)).toEqual(["block", "own"]);
    expect(said(policy, call("post"), { ...NOWHERE, tags: ["a", "secret"] })).toEqual(["block", "flow"]);
    expect(said(policy, call("post"), { ...NOWHERE, tags: ["a"] })).toEqual(["allow", "default"]);
  });

  it("says why, with fields filled in, cut, escaped, and never from a server's reply", () => {
    const policy = `default allow
      rule a when tools/call t with path block "no {path} for {user} in {name} of {server} by {method} {{x}"
      rule b when result of tools/call t block "no {request.params.name}"`;
    const revision = revisionOf(policy);
    const long = `x\n\u202e${"y".repeat(300)}`;
    const { reason } = decision(revision, call("t", { path: long }, { principal: user("ann") }));
    expect(reason).toMatch(/^no x\\n\\u\{202e\}y+… for ann in t of files by tools\/call \{x\}$/);
    const surroundings = { ...NOWHERE, request: { params: { name: "t" } } };
    expect(decision(revision, result("tools/call", texts("x"), "t"), surroundings).reason).toBe("no t");
  });

  it("puts no word of a server into a reason, even if the checker would", () => {
    const field = { kind: "field", path: parsePath("content[0].text") } as const;
    const revision = uncheckedRevision(`default allow rule r when result of tools/call t block "x"`, (rule) => ({
      ...rule,
      verdicts: [{ kind: "block", reason: [{ kind: "text", text: "no " }, field], asError: false }],
    }));
    expect(decision(revision, result("tools/call", texts("IGNORE ALL"), "t")).reason).toBe("no ");
  });
});

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

describe("what is noted", () => {
  it("logs and tags what matches, also what is refused, with the final message", () => {
    const policy = `default allow
      rule cut when tools/call t set a = "y"
      rule note when tools/call t log info "{a} by {user}" tag seen, touched
      rule no when tools/call t with a y block
      rule plain when tools/call t log warn`;
    const { logs, tags, record } = decision(revisionOf(policy), call("t", { a: "x" }, { principal: user("ann") }));
    expect(logs).toEqual([
      { level: "info", sink: undefined, rule: "note", text: "y by ann" },
      { level: "warn", sink: undefined, rule: "plain", text: "request tools/call t on files" },
    ]);
    expect(tags).toEqual(["seen", "touched"]);
    expect(record.tags).toEqual(["seen", "touched"]);
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
