// The TextMate grammar against the lexer: an editor colours as a text what is one, and nothing else.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { beforeAll, describe, expect, test } from "vitest";
import oniguruma from "vscode-oniguruma";
import textmate, { type IGrammar } from "vscode-textmate";
import { readTokens, type Token } from "../../src/language/text/lexer.ts";
import { fixturesIn, outcomeOf } from "./fixture.ts";

const GRAMMAR = new URL("../../grammar/mcprules.tmLanguage.json", import.meta.url);
let grammar: IGrammar | undefined;

beforeAll(async () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(Uint8Array.from(wasm).buffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns: string[]) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text: string) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(GRAMMAR, "utf8"), "mcprules.tmLanguage.json"),
  });
  grammar = (await registry.loadGrammar("source.mcprules")) ?? undefined;
});

/** Of every character of the text, all its scopes in one line; of line ends none. */
function scopesOf(text: string): readonly string[] {
  const scopes: string[] = [];
  let stack = textmate.INITIAL;
  for (const line of text.split("\n")) {
    const read = grammar?.tokenizeLine(line, stack);
    if (read === undefined) throw new Error("no grammar");
    stack = read.ruleStack;
    for (const { startIndex, endIndex, scopes: names } of read.tokens) {
      for (let at = startIndex; at < Math.min(endIndex, line.length); at += 1) scopes.push(names.join(" "));
    }
    scopes.push("");
  }
  return scopes.slice(0, text.length);
}

/** What every character of a token has to be coloured as. */
function expectedOf(token: Token): RegExp | undefined {
  const kind = token.tokenType.name;
  if (kind === "STRING") return /\bstring\.quoted\.(?:double|triple)\.mcprules/;
  if (kind === "REGEX") return /\bstring\.regexp\.mcprules/;
  if (kind === "EXPR") return /\bmeta\.embedded\.inline\.jsonata/;
  if (kind === "JSON") return /\bmeta\.embedded\.inline\.json\b/;
  if (kind === "VAR") return /\bvariable\.other\.constant/;
  if (kind === "ANNOTATION") return /\bentity\.other\.attribute-name/;
  if (/^(?:NUMBER|INT|DURATION|PERCENT)$/.test(kind)) return /\bconstant\.numeric/;
  if (/^(?:EQUALS|ORDER|COMMA|BAR)$/.test(kind)) return /\bkeyword\.operator\.mcprules/;
  if (kind.endsWith("first on its line")) return /\b(?:keyword|storage|support|constant)\./;
  if (kind === "SLASHED") return /\bsupport\.function\.method/;
  if (kind === "BRACKETED") return /\bvariable\.other\.property/;
  return /^source\.mcprules (?:string\.unquoted|variable|keyword|storage|support|constant|entity)\./;
}

const sources = fixturesIn("ok").flatMap(({ files }) => files);
const sound = [
  ...sources,
  ...fixturesIn("error")
    .filter((fixture) => outcomeOf(fixture).diagnostics.every(({ code }) => !/^MR[12]/.test(code)))
    .flatMap(({ files }) => files),
];

describe("what the lexer reads, the grammar colours as what it is", () => {
  test.each(sound.map(({ path, text }) => [path, text.replaceAll("\r", " ")] as const))("in %s", (path, text) => {
    const { tokens, comments } = readTokens({ path, text });
    const scopes = scopesOf(text);
    expect(scopes.length).toBe(text.length);
    const wrong: string[] = [];
    for (const token of tokens) {
      const expected = expectedOf(token);
      const own = scopes
        .slice(token.startOffset, token.startOffset + token.image.length)
        .filter((scope) => scope !== "");
      if (expected && own.some((scope) => !expected.test(scope)))
        wrong.push(`${token.image}: ${own.find((scope) => !expected.test(scope)) ?? ""}`);
    }
    for (const { startOffset, image } of comments) {
      if (
        !/\bcomment\.line/.test(scopes[startOffset] ?? "") ||
        !/\bcomment\.line/.test(scopes[startOffset + image.length - 1] ?? "")
      )
        wrong.push(image);
    }
    expect(wrong).toEqual([]);
  });
});

test("fields are told from names, and placeholders from texts", () => {
  const text = 'rule a when tools/call x with path "{name}"';
  const scopes = scopesOf(text);
  expect(scopes[text.indexOf("path")]).toContain("variable.other.property");
  expect(scopes[text.indexOf("x with")]).toContain("string.unquoted");
  expect(scopes[text.indexOf("{name}")]).toContain("constant.other.placeholder");
  expect(scopes[text.indexOf(" a ") + 1]).toContain("entity.name.function");
});

test("every scope belongs to mcprules, JSONata or JSON", () => {
  const names = [...readFileSync(GRAMMAR, "utf8").matchAll(/"name": "([a-z-]+\.[a-z.-]+)"/g)].map(
    ([, name = ""]) => name,
  );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !/\.(?:mcprules|jsonata|json)$/.test(name))).toEqual([]);
});
