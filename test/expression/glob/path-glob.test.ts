// Globs of paths and URLs: every reading of a value is asked, and readings that disagree are in doubt.
import { describe, expect, test } from "vitest";
import { compilePattern, type Pattern, type PathHome } from "../../../src/expression/pattern.ts";

function globs(...texts: readonly string[]): Pattern {
  return compilePattern(texts.map((text) => ({ kind: "glob", text })));
}

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
    ["/srv/**", "file://other/srv/x", {}, "doubt"],
    ["/srv/**", "file:srv/x", {}, "doubt"],
    ["/srv/**", " /srv/x", {}, "doubt"],
    ["/srv/**", "/srv/x ", {}, "yes"],
    ["/srv/x", "/srv/x\u00a0", {}, "doubt"],
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
    ["http://127.0.0.1/**", "http://[::ffff:127.0.0.1]/x", "doubt"],
    ["http://127.0.0.1/**", "http://[0:0:0:0:0:FFFF:7f00:1]/x", "doubt"],
    ["http://127.0.0.1/**", "http://[::ffff:127.0.0.2]/x", "no"],
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
