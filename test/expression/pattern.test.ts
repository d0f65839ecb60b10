// Patterns on names, on values and in whole bodies.
import { describe, expect, test } from "vitest";
import { compilePattern, type Pattern, type PatternPart } from "../../src/expression/pattern.ts";
import type { JsonValue } from "../../src/mcp/json.ts";

function globs(...texts: readonly string[]): Pattern {
  return compilePattern(texts.map((text) => ({ kind: "glob", text })));
}

describe("names are matched whole", () => {
  test.each([
    ["*", "anything", "yes"],
    ["*", "a/b", "yes"],
    ["**", "a/b", "yes"],
    ["get_*", "get_file", "yes"],
    ["get_*", "get_", "yes"],
    ["get_*", "forget_file", "no"],
    ["*_file", "read_file", "yes"],
    ["*_file", "read_files", "no"],
    ["*file*", "read_files", "yes"],
    ["get_*_by_*", "get_user_by_id", "yes"],
    ["get_*_by_*", "get_by_id", "no"],
    ["a*b*c", "aXbYbZc", "yes"],
    ["a*b*c", "abc", "yes"],
    ["a*b*c", "acb", "no"],
    ["a*a", "a", "no"],
    ["ab*ba", "aba", "no"],
    ["read_file", "read_file", "yes"],
    ["read_file", "Read_File", "no"],
    ["v?", "v1", "yes"],
    ["v?", "v", "no"],
    ["v?", "v12", "no"],
    ["?*?", "ab", "yes"],
    ["?*?", "a", "no"],
    ["a?c", "a😀c", "yes"],
    ["*?", "😀", "yes"],
    ["?*😀", "😀😀", "yes"],
    ["", "", "yes"],
    ["", "x", "no"],
    ["*.example.com", "a.b.example.com", "yes"],
    ["corp\\alice", "corp\\alice", "yes"],
  ])("%j on %j: %s", (glob, name, truth) => {
    expect(globs(glob).matchesName(name)).toBe(truth);
  });

  test.each([
    ["tools/*", "tools/call", "yes"],
    ["tools/*", "tools/a/b", "no"],
    ["tools/call", "tools/call", "yes"],
    ["tools/call", "Tools/call", "no"],
    ["notifications/**", "notifications/resources/updated", "yes"],
    ["notifications/*", "notifications/resources/updated", "no"],
    ["notifications/**", "notificationsx", "no"],
    ["*/list", "tools/list", "yes"],
    ["*/list", "resources/templates/list", "no"],
    ["**/list", "resources/templates/list", "yes"],
    ["resources/**/list", "resources/templates/list", "yes"],
    ["resources/**/list", "resources/list", "yes"],
    ["resources/**/list", "resources/xlist", "no"],
  ])("methods: %j on %j: %s", (glob, name, truth) => {
    expect(globs(glob).matchesName(name)).toBe(truth);
  });

  test.each([
    ["file:///srv/**", "file:///srv/a/b.txt", "yes"],
    ["/srv/**", "file:///srv/a/b.txt", "yes"],
    ["file:///srv/**", "file:///srv", "yes"],
    ["file:///srv/**", "file:///srv/../etc/passwd", "no"],
    ["file:///etc/**", "file:///srv/%2e%2e/etc/passwd", "doubt"],
    ["file:///srv/**", "file://localhost/srv/a", "yes"],
    ["file:///srv/**", "file://elsewhere/srv/a", "doubt"],
    ["file:///srv/**", "/srv/a", "yes"],
    ["file:///srv/**", " file:///srv/a", "doubt"],
    ["file:///srv/**", "fi\tle:///srv/a", "doubt"],
    ["file:///srv/**", "\\srv\\a", "doubt"],
    ["file:///srv/**", "%2fsrv/a", "doubt"],
    ["file:///srv/**", "https://host/srv/a", "no"],
    ["memo://insights", "memo://insights", "yes"],
    ["memo://insights", "memo://insights?x", "doubt"],
    ["demo://resource/static/**", "demo://resource/static/document/a.md", "yes"],
    ["demo://resource/static/**", "demo://resource/dynamic/text/1", "no"],
    ["urn:x/*", "urn:x/1", "yes"],
    ["urn:x/*", "URN:x/1", "doubt"],
    ["data:text/*", "data:image/png", "no"],
  ])("URIs: %j on %j: %s", (glob, name, truth) => {
    expect(globs(glob).matchesName(name)).toBe(truth);
  });
});

describe("values of other kinds", () => {
  const parts: Record<string, readonly PatternPart[]> = {
    text: [{ kind: "glob", text: "a*" }],
    regex: [{ kind: "regex", source: "a+", flags: "" }],
    five: [{ kind: "literal", value: 5 }],
    mixed: [
      { kind: "glob", text: "a*" },
      { kind: "literal", value: 5 },
      { kind: "literal", value: null },
    ],
    big: [{ kind: "literal", value: 2 ** 53 }],
  };
  test.each<[string, JsonValue | undefined, string]>([
    ["text", "abc", "yes"],
    ["text", "bac", "no"],
    ["text", 5, "doubt"],
    ["text", null, "doubt"],
    ["text", true, "doubt"],
    ["text", { a: 1 }, "doubt"],
    ["text", undefined, "no"],
    ["text", [], "no"],
    ["text", ["a", "ab"], "yes"],
    ["text", ["b", "c"], "no"],
    ["text", ["a", "b"], "doubt"],
    ["text", ["a", 5], "doubt"],
    ["text", ["a", ["ab", []]], "yes"],
    ["text", [[], [[]]], "no"],
    ["regex", "bac", "yes"],
    ["five", 5, "yes"],
    ["five", 6, "no"],
    ["five", "5", "doubt"],
    ["five", true, "doubt"],
    ["five", 2 ** 53, "doubt"],
    ["big", 2 ** 53, "doubt"],
    ["mixed", "abc", "yes"],
    ["mixed", 5, "yes"],
    ["mixed", 6, "no"],
    ["mixed", null, "yes"],
    ["mixed", "x", "no"],
    ["mixed", false, "doubt"],
    ["mixed", [5, "a", null], "yes"],
  ])("%s on %j: %s", (name, value, truth) => {
    expect(compilePattern(parts[name] ?? []).matches(value, {})).toBe(truth);
  });
});

describe("containing looks at every text, keys included", () => {
  test.each<[PatternPart, JsonValue, string]>([
    [{ kind: "regex", source: "secret", flags: "" }, { a: [{ b: "my secret" }] }, "yes"],
    [{ kind: "regex", source: "secret", flags: "" }, { secret: 1 }, "yes"],
    [{ kind: "regex", source: "secret", flags: "" }, { a: 1 }, "no"],
    [{ kind: "glob", text: "*secret*" }, ["x", "a secret/b"], "yes"],
    [{ kind: "glob", text: "secret" }, ["x", "my secret"], "no"],
    [{ kind: "literal", value: 5 }, { a: [5] }, "yes"],
    [{ kind: "literal", value: 5 }, { a: ["5"] }, "no"],
    [{ kind: "glob", text: "/etc/**" }, { a: "/etc/passwd" }, "yes"],
    [{ kind: "glob", text: "/etc/**" }, { a: "file:///etc/passwd" }, "yes"],
    [{ kind: "glob", text: "/etc/**" }, { a: "/ETC/passwd" }, "doubt"],
    [{ kind: "glob", text: "/etc/**" }, { a: "/etc/passwd\n" }, "doubt"],
    [{ kind: "glob", text: "/etc/**" }, { a: "some words, and/or others" }, "no"],
    [{ kind: "glob", text: "/etc/**" }, { a: "Q: what? ~50 %" }, "no"],
    [{ kind: "glob", text: "/etc/**" }, { a: "../../etc/passwd" }, "doubt"],
    [{ kind: "glob", text: "/etc/**" }, { a: "several\nlines\n/of text" }, "no"],
    [{ kind: "glob", text: "**/.env" }, { a: "x/.env" }, "yes"],
    [{ kind: "glob", text: "**/.env" }, { a: "some words" }, "no"],
    [{ kind: "glob", text: "https://evil.com/**" }, { a: "https://evil.com/x" }, "yes"],
    [{ kind: "glob", text: "https://evil.com/**" }, { a: "see evil.com for more" }, "no"],
  ])("%j in %j: %s", (part, value, truth) => {
    expect(compilePattern([part]).isFoundIn(value)).toBe(truth);
  });
});

describe("captures", () => {
  test.each([
    ["*", "abc", ["abc"]],
    ["gh_*", "gh_search", ["search"]],
    ["*_*", "a_b_c", ["a", "b_c"]],
    ["a*c", "abbc", ["bb"]],
    ["x", "x", []],
    ["gh_*", "search", undefined],
  ])("%j of %j: %j", (glob, name, taken) => {
    expect(globs(glob).captures(name)).toEqual(taken);
  });

  test("of several globs there are none", () => {
    expect(globs("a*", "b*").captures("ab")).toBeUndefined();
  });
});

test("a pattern is written as its author would", () => {
  const parts: readonly PatternPart[] = [
    { kind: "glob", text: "get_*" },
    { kind: "glob", text: "/etc/**" },
    { kind: "regex", source: "a", flags: "i" },
    { kind: "literal", value: null },
  ];
  expect(compilePattern(parts).text).toBe('get_* | "/etc/**" | /a/i | null');
});

test("an unchecked regex that is not linear is our own bug", () => {
  expect(() => compilePattern([{ kind: "regex", source: "(?=a)", flags: "" }])).toThrow("unchecked regex");
});
