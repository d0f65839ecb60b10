// Patterns on names, on values and in whole bodies, with every reading of paths and URLs.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, type Pattern, type PathHome, type PatternPart } from "../../src/expression/pattern.ts";
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
    ["file:///srv/**", "file://elsewhere/srv/a", "no"],
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

describe("a path glob is asked of every reading of a value", () => {
  const known: PathHome = { root: "/srv/app", home: "/home/ann" };
  const windows: PathHome = { root: "C:\\work", home: "C:\\Users\\ann" };
  test.each<[string, string, PathHome, string]>([
    ["/projects/**", "/projects/a/b.txt", {}, "yes"],
    ["/projects/**", "/projects", {}, "yes"],
    ["/projects/**", "/projects/", {}, "yes"],
    ["/projects/**", "/projectsx", {}, "no"],
    ["/projects/*", "/projects/a", {}, "yes"],
    ["/projects/*", "/projects/a/b", {}, "no"],
    ["/projects/**/x", "/projects/x", {}, "yes"],
    ["/projects/?", "/projects/a", {}, "yes"],
    ["/projects/?", "/projects//", {}, "no"],
    // dot segments and doubled slashes
    ["/projects/**", "/projects/../etc/passwd", {}, "no"],
    ["/projects/**", "/projects/./a/../b", {}, "yes"],
    ["/etc/**", "/projects/../etc/passwd", {}, "yes"],
    ["/projects/**", "/projects///a", {}, "yes"],
    ["/projects/**", "//projects/a", {}, "doubt"],
    ["/projects/**", "/projects//../etc", {}, "doubt"],
    ["/projects/**", "/../projects/a", {}, "doubt"],
    ["/projects/**", "/projects/../../etc", {}, "doubt"],
    // percent-encoding
    ["/etc/**", "/%65tc/passwd", {}, "doubt"],
    ["/etc/**", "/%2565tc/passwd", {}, "doubt"],
    ["/projects/**", "/projects/%2e%2e/etc/passwd", {}, "doubt"],
    ["/projects/**", "/projects/..%2fetc", {}, "doubt"],
    ["/projects/**", "/projects/a%20b", {}, "yes"],
    ["/projects/**", "/projects/100%", {}, "yes"],
    ["/projects/**", "/projects/%00", {}, "doubt"],
    ["/projects/**", "/projects/%c0%af", {}, "doubt"],
    ["/projects/**", "/projects/%2525252525252565", {}, "doubt"],
    ["/a%20b/**", "/a b/c", {}, "doubt"],
    ["/a%20b/**", "/a%20b/c", {}, "yes"],
    ["file:///a%20b/**", "file:///a%20b/c", {}, "yes"],
    ["/a%2a/**", "/ab/c", {}, "no"],
    // file: URIs
    ["/srv/**", "file:///srv/x", {}, "yes"],
    ["/srv/**", "FILE:///srv/x", {}, "yes"],
    ["/srv/**", "file:/srv/x", {}, "yes"],
    ["/srv/**", "file://localhost/srv/x", {}, "yes"],
    ["/srv/**", "file://other/srv/x", {}, "no"],
    ["file:///srv/**", "/srv/x", {}, "yes"],
    ["/srv/a", "file:///srv/a?x", {}, "doubt"],
    ["/srv/**", "file:///srv/a#x", {}, "yes"],
    // backslashes
    ["/etc/**", "\\etc\\passwd", {}, "doubt"],
    ["/etc/**", "\\etc\\passwd", known, "doubt"],
    ["/projects/**", "/projects/a\\..\\..\\..\\etc", {}, "doubt"],
    ["C:/work/**", "C:\\work\\x", {}, "yes"],
    ["C:\\work\\**", "c:/work/x", {}, "yes"],
    ["C:/work/**", "C:\\Work\\x", {}, "doubt"],
    ["C:/work/**", "D:\\work\\x", {}, "no"],
    ["C:/work/**", "file:///C:/work/x", {}, "yes"],
    ["file:///C:/work/**", "C:\\work\\x", {}, "yes"],
    ["/work/**", "\\work\\x", windows, "yes"],
    ["/work/**", "/work/x", windows, "yes"],
    ["C:/work/**", "/work/x", windows, "yes"],
    ["C:/work/**", "sub\\x", windows, "yes"],
    ["C:/work/**", "sub/x", windows, "yes"],
    ["C:/work/**", "C:x", windows, "doubt"],
    ["C:/work/**", "/work/x", {}, "doubt"],
    ["C:/work/**", "/work/x", known, "no"],
    // case and Unicode
    ["/etc/**", "/ETC/passwd", {}, "doubt"],
    ["/etc/**", "/Etc/Passwd", {}, "doubt"],
    ["/caf\u00e9/**", "/caf\u00e9/x", {}, "yes"],
    ["/caf\u00e9/**", "/cafe\u0301/x", {}, "doubt"],
    ["/strasse/**", "/STRASSE/x", {}, "doubt"],
    ["/k/**", "/\u212a/x", {}, "doubt"],
    // control characters
    ["/projects/**", "/projects/a\n", {}, "doubt"],
    ["/projects/**", "/projects/\u0000", {}, "doubt"],
    ["/projects/**", "/projects/\u007f", {}, "doubt"],
    // relative and home
    ["/srv/app/**", "src/x", known, "yes"],
    ["/srv/app/**", "src/x", {}, "doubt"],
    ["/srv/app/**", "../x", known, "no"],
    ["/srv/**", "../x", known, "yes"],
    ["/srv/**", "../../../x", known, "doubt"],
    ["/srv/app/**", "", known, "yes"],
    ["/srv/app/**", ".", known, "yes"],
    ["/srv/app/**", ".", {}, "doubt"],
    ["/home/ann/.ssh/**", "~/.ssh/id", known, "yes"],
    ["~/.ssh/**", "/home/ann/.ssh/id", known, "yes"],
    ["~/.ssh/**", "~/.ssh/id", {}, "yes"],
    ["~/.ssh/**", "/home/ann/.ssh/id", {}, "doubt"],
    ["/home/**", "~/x", {}, "doubt"],
    ["/root/**", "~root/x", known, "doubt"],
    ["src/**", "src/x", {}, "yes"],
    ["src/**", "src/x", known, "yes"],
    ["src/**", "/srv/app/src/x", known, "yes"],
    ["src/**", "/srv/app/src/x", {}, "doubt"],
    ["src/**", "lib/x", {}, "no"],
    ["src/**", "../src/x", {}, "doubt"],
    ["octo/*", "octo/hello", {}, "yes"],
    ["octo/*", "Octo/hello", {}, "doubt"],
    // anywhere
    ["**/.env", "/a/b/.env", {}, "yes"],
    ["**/.env", "/.env", {}, "yes"],
    ["**/.env", ".env", {}, "yes"],
    ["**/.env", "a/.env", {}, "yes"],
    ["**/.env", "a/env", {}, "doubt"],
    ["**/.env", "a/env", known, "no"],
    ["**/.env", "/a/x.env", {}, "no"],
    ["/**", "/anything/at/all", {}, "yes"],
    ["/**", "relative", {}, "doubt"],
    ["/**", "/", {}, "yes"],
    ["/srv/../etc/**", "/etc/x", {}, "yes"],
    ["/srv/**/../x", "/srv/x", {}, "doubt"],
    ["/srv/app/**", "C:/x", known, "yes"],
    ["/w*/**", "x", { root: "/w*" }, "doubt"],
  ])("%j on %j with %j: %s", (glob, value, home, truth) => {
    expect(globs(glob).matches(value, home)).toBe(truth);
  });

  test("takes time linear in the value", () => {
    const started = performance.now();
    const pattern = globs("/x**a*b**c?d/**/e");
    expect(pattern.matches(`/x${"a".repeat(30_000)}`, {})).toBe("no");
    expect(pattern.matches("/%25".repeat(20_000), {})).toBe("doubt");
    expect(globs("*a*b*c*d*").matches("abc".repeat(30_000), {})).toBe("no");
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("a URL glob is matched by its parts", () => {
  test.each([
    ["https://*.example.com/**", "https://a.example.com/x", "yes"],
    ["https://*.example.com/**", "https://a.example.com", "yes"],
    ["https://*.example.com/**", "HTTPS://A.EXAMPLE.COM/x", "yes"],
    ["https://*.example.com/**", "https://evil.com/.example.com/", "no"],
    ["https://*.example.com/**", "https://evil.com?.example.com/", "no"],
    ["https://*.example.com/**", "https://evil.com#.example.com/", "no"],
    ["https://*.example.com/**", "https://a.example.com@evil.com/", "no"],
    ["https://*.example.com/**", "https://evil.com\\.example.com/", "no"],
    ["https://evil.com/**", "https://evil.com\\.example.com/", "doubt"],
    ["https://example.com/**", "https://example.com\\@evil.com/", "doubt"],
    ["https://example.com/**", "https://me@example.com/", "doubt"],
    ["https://example.com/**", "https://example.com:443/x", "yes"],
    ["https://example.com/**", "https://example.com:8443/x", "doubt"],
    ["https://example.com:8443/**", "https://example.com:8443/x", "yes"],
    ["https://example.com:8443/**", "https://example.com/x", "no"],
    ["https://example.com/**", "https://example.com./x", "yes"],
    ["https://example.com/**", "http://example.com/x", "no"],
    ["http*://example.com/**", "http://example.com/x", "yes"],
    ["https://example.com/**", "https:example.com/x", "doubt"],
    ["https://example.com/**", "https:/example.com/x", "doubt"],
    ["https://example.com/**", "https:///example.com/x", "doubt"],
    ["https://example.com/**", "//example.com/x", "doubt"],
    ["https://example.com/**", "example.com/x", "doubt"],
    ["https://example.com/**", "other.com/x", "no"],
    ["https://example.com/**", " https://example.com/x", "doubt"],
    ["https://example.com/**", "https://exam\tple.com/x", "doubt"],
    ["http://127.0.0.1/**", "http://0x7f.1/x", "doubt"],
    ["http://127.0.0.1/**", "http://2130706433/x", "doubt"],
    ["http://[::1]/**", "http://[::1]/x", "yes"],
    ["https://example.com/a/**", "https://example.com/a/../b", "no"],
    ["https://example.com/a/**", "https://example.com/a/%2e%2e/b", "doubt"],
    ["https://example.com/a/**", "https://example.com/../../a/b", "doubt"],
    ["https://example.com/a/**", "https://example.com/A/b", "doubt"],
    ["https://example.com/a/*", "https://example.com/a/b/c", "no"],
    ["https://example.com/a", "https://example.com/a?q=1", "doubt"],
    ["https://example.com/a", "https://example.com/a#top", "doubt"],
    ["https://example.com/**", "https://example.com/a?q=1", "yes"],
    ["https://example.com/a?q=*", "https://example.com/a?q=1", "yes"],
    ["https://example.com/a?q=*", "https://example.com/a", "no"],
    ["https://*/**", "https://anything.at.all/x", "yes"],
    ["https://example.com/**", "file:///x", "no"],
  ])("%j on %j: %s", (glob, value, truth) => {
    expect(globs(glob).matches(value, {})).toBe(truth);
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

describe("laws", () => {
  const segment = fc.constantFrom("a", "b", "ab", "..", ".", "", "A", "%61", "*", "**", "a*", "?");
  const path = fc.array(segment, { maxLength: 5 }).map((segments) => `/${segments.join("/")}`);

  test("a plain glob is what the regular expression for it says", () => {
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", "😀"), maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom("a", "b", "😀"), maxLength: 7 });
    fc.assert(
      fc.property(glob, text, (written, name) => {
        const source = written.replaceAll("*", ".*").replaceAll("?", ".");
        const isMatch = new RegExp(`^(?:${source})$`, "su").test(name);
        expect(globs(written).matchesName(name)).toBe(isMatch ? "yes" : "no");
      }),
      { numRuns: 3000 },
    );
  });

  test("a path glob on a name is what the regular expression for it says", () => {
    fc.assert(
      fc.property(path, path, (written, name) => {
        const source = written
          .replaceAll(/\/\*\*+(?:\/(?:\*\*+\/)*|$)|\*+|\?|\./g, (mark) => {
            if (mark === ".") return String.raw`\.`;
            if (mark === "?") return "[^/]";
            if (mark === "*") return "[^/]*";
            if (!mark.startsWith("/")) return ".*";
            return mark.endsWith("/") ? "/(?:.*/)?" : "(?:/.*)?";
          })
          .replaceAll("[^/]**", "[^/]*");
        const isMatch = new RegExp(`^(?:${source})$`, "su").test(name);
        expect(globs(written).matchesName(name)).toBe(isMatch ? "yes" : "no");
      }),
      { numRuns: 3000 },
    );
  });

  test("a value that is certain stays so, or falls into doubt, when it is written in another way", () => {
    const disguise = fc.constantFrom<(text: string) => string>(
      (text) => text.replaceAll("a", "%61"),
      (text) => text.replaceAll("/", "//"),
      (text) => `file://${text}`,
      (text) => text.toUpperCase(),
      (text) => text.replaceAll("/", "/./"),
      (text) => `/zz/..${text}`,
      (text) => `${text}/`,
    );
    const plainPath = fc
      .array(fc.constantFrom("a", "b", "ab"), { minLength: 1, maxLength: 4 })
      .map((segments) => `/${segments.join("/")}`);
    fc.assert(
      fc.property(path, plainPath, disguise, (glob, value, disguised) => {
        const before = globs(glob).matches(value, {});
        const after = globs(glob).matches(disguised(value), {});
        if (before === "yes") expect(after).not.toBe("no");
        if (before === "no") expect(after).not.toBe("yes");
      }),
      { numRuns: 3000 },
    );
  });

  test("any value gets an answer", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (glob, value) => {
        const pattern = globs(glob, `/${glob}`, `https://${glob}/`);
        expect(["yes", "no", "doubt"]).toContain(pattern.matches(value, { root: "/srv" }));
        expect(["yes", "no", "doubt"]).toContain(pattern.isFoundIn(value));
        expect(["yes", "no", "doubt"]).toContain(pattern.matchesName(value));
      }),
      { numRuns: 2000 },
    );
  });
});
