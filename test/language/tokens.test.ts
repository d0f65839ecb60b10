// What a piece of text is read as, and how far it reaches.
import { describe, expect, test } from "vitest";
import { readTokens } from "../../src/language/text/lexer.ts";

function tokens(text: string): readonly string[] {
  return readTokens({ path: "x", text }).tokens.map((token) => `${token.tokenType.name} ${token.image}`);
}

describe("a bare token", () => {
  test.each([
    ["get_*", "GLOB_WORD"],
    ["a.b", "DOTTED"],
    ["a-b.c_d", "DOTTED"],
    ["a:b?", "GLOB_WORD"],
    ["stay-in", "KEBAB_WORD"],
    ["page_size", "SNAKE_WORD"],
    ["plain", "PLAIN_WORD"],
    ["fooBar", "MIXED_WORD"],
    ['a[0].b["c ] d"][*]', "BRACKETED"],
    ["tools/call", "SLASHED"],
    ["notifications/**", "SLASHED"],
    ["$x", "VAR"],
    ["@ticket-id", "ANNOTATION"],
    ["5", "INT"],
    ["-2.5e3", "NUMBER"],
    ["1.5h", "DURATION"],
    ["5%", "PERCENT"],
    ["=", "EQUALS"],
    ["<=", "ORDER"],
    ["rule", "rule first on its line"],
    ["shadow", "SHADOW"],
    ["ping", "PING"],
  ])("%s is %s", (text, kind) => {
    expect(tokens(text)).toEqual([`${kind} ${text}`]);
  });

  test.each([
    "2fa_*",
    "10.0.0.1",
    "file:///x",
    "a@b",
    "$a.b",
    "@Owner",
    "007",
    "5min",
    "a[ 0 ]",
    "a[-1]",
    "/etc/mine",
    "]",
    "é",
    "a\u00ADb",
  ])("%s is a mistake", (text) => {
    expect(tokens(text)[0]).toMatch(/^MISTAKE/);
  });

  test("ends before signs and brackets", () => {
    expect(tokens('a|b,c=d"e"(f)<g')).toEqual([
      "PLAIN_WORD a",
      "BAR |",
      "PLAIN_WORD b",
      "COMMA ,",
      "PLAIN_WORD c",
      "EQUALS =",
      "PLAIN_WORD d",
      'STRING "e"',
      "EXPR (f)",
      "ORDER <",
      "PLAIN_WORD g",
    ]);
  });

  test("is a keyword alone where it is first on its line, and may be a field within", () => {
    expect(tokens("block\n  block block # x\nblock")).toEqual([
      "block first on its line block",
      "block first on its line block",
      "block within a line block",
      "block first on its line block",
    ]);
  });
});

describe("a text", () => {
  test.each([
    [String.raw`"a\nb\u00e9\"\\"`, 'a\nbé"\\'],
    ['""', ""],
    ['"""raw \\n"""', "raw \\n"],
    ['"""\n    one\n      two\n\n    three\n  """', "one\n  two\n\nthree"],
    ['"""first\n    second"""', "first\nsecond"],
    ['"""\r\n  a\r\n"""', "a"],
  ])("%j means %j", (text, value) => {
    expect(readTokens({ path: "x", text }).tokens[0]?.payload).toEqual({ kind: "text", value });
  });
});

describe("a regular expression", () => {
  test.each([
    ["/a\\/b/", "a\\/b", ""],
    ["/[/]x/im", "[/]x", "im"],
    ["/ /", " ", ""],
  ])("%s is %j with %j", (text, source, flags) => {
    expect(readTokens({ path: "x", text }).tokens[0]?.payload).toEqual({ kind: "regex", source, flags });
  });

  test.each(["//", "/*a/", "/a/x", "/a\n/", "/a/ii", "/etc"])("%j is none", (text) => {
    expect(tokens(text)[0]).toMatch(/^MISTAKE/);
  });
});

describe("an expression", () => {
  test.each([
    "(a)",
    "((a))",
    "(')')",
    '(")" & "\\")")',
    "(`)`)",
    "(/* ) */ 1)",
    "($match(a, /\\)/))",
    "(a / b / (c))",
    "(a[0] / 2 > (3))",
    "(* / 2)",
    "(a ~> $f() / (2))",
    "(and / (2))",
    "({'a': ')'})",
    '(it"s)',
    "(a\n  rule)",
  ])("%j is one token", (text) => {
    expect(tokens(`${text} x`)).toEqual([`EXPR ${text}`, "PLAIN_WORD x"]);
  });

  test("ends at the latest where an item begins", () => {
    expect(tokens("(a\nrule b")).toEqual(["MISTAKE (a", "rule first on its line rule", "PLAIN_WORD b"]);
  });
});

describe("JSON", () => {
  test.each(['{"a": [1, -2.5e3, true, null, "}"]}', "[]", "{}", '{"__proto__": 1}'])("%s is one token", (text) => {
    const [token, next] = readTokens({ path: "x", text: `${text} x` }).tokens;
    expect(token?.payload).toEqual({ kind: "json", value: JSON.parse(text) as unknown });
    expect(next?.image).toBe("x");
  });

  test.each([
    '{"a": 1,}',
    "{a: 1}",
    "['a']",
    '{"a": 01}',
    '{"a": 9007199254740993}',
    '{"a": 1, "\\u0061": 2}',
    "[1 2]",
    `${"[".repeat(65)}${"]".repeat(65)}`,
  ])("%s is a mistake, up to where its brackets close", (text) => {
    expect(tokens(`${text} x`)).toEqual([`MISTAKE ${text}`, "PLAIN_WORD x"]);
  });
});

test("comments and a byte order mark are no tokens", () => {
  const { tokens: read, comments } = readTokens({ path: "x", text: "\uFEFFa # b\r\n# c\nd#e" });
  expect(read.map(({ image }) => image)).toEqual(["a", "d"]);
  expect(comments.map(({ image }) => image)).toEqual(["# b", "# c", "#e"]);
});
