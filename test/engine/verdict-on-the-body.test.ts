// Verdicts that hang on what a message says, and the reasons they give.
import { describe, expect, it } from "vitest";
import { parsePath } from "../../src/expression/path.ts";
import type { JsonValue } from "../../src/mcp/json.ts";
import {
  call,
  decision,
  error,
  NOWHERE,
  result,
  revisionOf,
  said,
  texts,
  uncheckedRevision,
  user,
  type Said,
} from "./policy.ts";

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
    ["a name asked of a list", "with item.price > 10", { item: [{ price: 11 }] }, "block"],
    [
      "a name asked of elements that disagree",
      "with item.price > 10",
      { item: [{ price: 9 }, { price: 11 }] },
      "block",
    ],
    ["a name asked of elements below", "with item.price > 10", { item: [{ price: 9 }, { price: 10 }] }, "allow"],
    ["an element that has nothing there", "with item[*].price > 10", { item: [{ price: 9 }, {}] }, "allow"],
    [
      "an element that has nothing there is unequal",
      'with item[*].kind != "safe"',
      { item: [{ kind: "safe" }, {}] },
      "block",
    ],
    [
      "an exception for all but one that lacks it",
      "except with to[*].at ann",
      { to: [{ at: "ann" }, { by: 1 }] },
      "block",
    ],
    [
      "an exception for all but one that has none",
      "except with to[*].at ann",
      { to: [{ at: "ann" }, { at: [] }] },
      "block",
    ],
    ["an exception for all", "except with to.at ann", { to: [{ at: "ann" }, { at: ["ann"] }] }, "allow"],
    ["an exception for nobody", "except with to[*].at ann", { to: [] }, "block"],
    ["a list as such", "with item[*].n = [1, 2]", { item: [{ n: 1 }, { n: 2 }] }, "block"],
    ["without a name in a list", "without item.price", { item: [{ price: 1 }, { price: 2 }] }, "allow"],
    ["without what only one has", "without item.price", { item: [{ price: 1 }, {}] }, "block"],
    ["with what only one has", "with item[*].price", { item: [{ price: 1 }, {}] }, "block"],
    ["a list that is left out", "with item[*].price > 10", { item: { price: 11 } }, "block"],
    ["arguments in a list", "with price > 10", [{ price: 11 }], "block"],
    ["one of two paths", "with path or file a", { file: "a" }, "block"],
    ["and", "with path a and file b", { path: "a", file: "c" }, "allow"],
    ["a number", "with limit > 50", { limit: 51 }, "block"],
    ["not above", "with limit > 50", { limit: 50 }, "allow"],
    ["unlike types are in doubt", "with limit > 50", { limit: "5" }, "block"],
    ["beyond 2^53 is in doubt", "with limit > 50", { limit: 2 ** 53 }, "block"],
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
    ["elements of which one lacks what is asked", "with to.at ann", { to: [{ at: "ann" }, {}] }],
    ["elements of which one has what may not be there", "without to.bcc", { to: [{ bcc: "eve" }, {}] }],
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

  it("allows by one tag among several", () => {
    const policy = "default block rule r when tools/call post with tags open allow";
    expect(said(policy, call("post"), { ...NOWHERE, tags: ["a", "open"] })).toEqual(["allow", "r"]);
    expect(said(policy, call("post"), { ...NOWHERE, tags: ["a"] })).toEqual(["block", "default"]);
    expect(said(policy, call("post"))).toEqual(["block", "default"]);
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
