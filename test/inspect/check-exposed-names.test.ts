// Which names clients would find for what is locked: collisions, and names that are not taken, with the settings as they are.
import { describe, expect, test } from "vitest";
import { checkPolicy, type CheckContext } from "../../src/inspect/check-policy.ts";
import type { JsonObject } from "../../src/mcp/json.ts";
import { atOnce } from "../language/fixture.ts";
import { lockOf } from "../language/lock-comment.ts";

function tools(...names: readonly string[]): { readonly tools: readonly JsonObject[] } {
  return { tools: names.map((name) => ({ name, inputSchema: { type: "object" } })) };
}

const LOCK = lockOf({ github: tools("search_issues", "search_code", "issue"), notes: tools("search_issues") });

/** Severity, what is said, and at which word. */
function told(rules: string, context: Partial<CheckContext> = {}): readonly string[] {
  const source = { path: "p.mcprules", text: `mcprules 1\ndefault allow\n${rules}` };
  const { diagnostics } = atOnce(checkPolicy([source], { now: 0, lock: LOCK, ...context }));
  return diagnostics
    .filter(({ code }) => code === "MR517")
    .map(({ severity, message, span }) => `${severity} at ${source.text.slice(span.start, span.end)}: ${message}`);
}

describe("nothing is said", () => {
  test.each<readonly [string, string, Partial<CheckContext>]>([
    ["of two servers with a tool of one name, which is how they are", "", {}],
    ["of names that stay apart", "rule r when tool search_* on github rename to gh_*", {}],
    [
      "of what the policy hides",
      "rule no when tool issue on github block rule r when tool search_code on github rename to issue",
      {},
    ],
    [
      "when every name gets that of its server",
      "rule r when tool search_code on github rename to search_issues",
      { naming: "prefix", servers: ["notes"] },
    ],
    ["of names that clients take", "", { names: { max: 20, chars: "a-z_" } }],
  ])("%s", (_, rules, context) => {
    expect(told(rules, context)).toStrictEqual([]);
  });
});

test("two tools of one server with one name are an error, at the rule that makes them so", () => {
  expect(told("rule r when tool search_code on github rename to issue")).toStrictEqual([
    "error at r: `issue` of `github` and `search_code` would both be called `issue`",
  ]);
});

test("who keeps a name hangs on the order of the settings", () => {
  const rules =
    "rule r when tool issue on github rename to note rule s when tool search_issues on notes rename to note";
  expect(told(rules, { servers: ["github", "notes"] })).toStrictEqual([
    "warning at s: `search_issues` of `notes` and `issue` of `github` would both be called `note`",
  ]);
  expect(told(rules, { servers: ["notes", "github"] })).toStrictEqual([
    "warning at r: `issue` of `github` and `search_issues` of `notes` would both be called `note`",
  ]);
});

test("names that clients do not take are errors: at the rename, or at the default where nobody renames", () => {
  const context = { names: { max: 12, chars: "a-z_" } };
  expect(told("rule r when tool issue on github rename to Issue", context)).toStrictEqual([
    "error at default: `search_issues` of `github` would be hidden: clients take no name such as `search_issues`; the same of `search_issues`",
    "error at r: `issue` of `github` would be hidden: clients take no name such as `Issue`",
  ]);
});

test("what is no name at all is an error", () => {
  const lock = lockOf({ a: tools("x/y", "x/z") });
  expect(told('rule r when tool "x*" on a rename to "w*"', { lock })).toStrictEqual([
    "error at r: `x/y` of `a` would be hidden: r gives it no valid name: `w/y`; the same of `x/z`",
  ]);
});

test("many of one kind are said once", () => {
  const lock = lockOf({ a: tools("x_1", "x_2", "x_3", "1", "2", "3") });
  expect(told("rule r when tool x_* on a rename to *", { lock })).toStrictEqual([
    "error at r: `1` of `a` and `x_1` would both be called `1`; the same of `2`, `3`",
  ]);
});

test("an error of this kind leaves no policy", () => {
  const source = {
    path: "p",
    text: "mcprules 1\ndefault allow\nrule r when tool search_code on github rename to issue",
  };
  expect(atOnce(checkPolicy([source], { now: 0, lock: LOCK })).policy).toBeUndefined();
  expect(atOnce(checkPolicy([source], { now: 0 })).policy).toBeDefined();
});
