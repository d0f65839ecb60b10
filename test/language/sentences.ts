// Sentences of the written grammar, at random: whatever it admits, in many spellings.
import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expandEbnf, readEbnf, type Form } from "./ebnf.ts";

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  WORD: ["get_*", "*", "a", "foo.bar", "a:b?", "open", "times", "warn", "initialize", "_x-*", "mcprules"],
  ID: ["stay-in", "x1", "allow", "rule", "server", "error", "true"],
  NAME: ["page_size", "x", "client", "in", "when", "now"],
  METHOD: ["tools/call", "tools/*", "initialize", "ping", "notifications/**", "a.b/c_d"],
  PATH: ["a", "a.b", 'a[0].b["c ] d"][*]', "block", "when", "error.on", "not", "_x-y"],
  VPATH: ["result", "user.id", "a[*]", "error"],
  EPATH: ["params.name", "error", "a", "when", 'result.content[0]["x"]'],
  VAR: ["$x", "$page_size"],
  ANNOTATION: ["@owner", "@ticket-1"],
  LEVEL: ["trace", "debug", "info", "warn", "error"],
  COMPARE: ["=", "!=", "<", "<=", ">", ">="],
  INT: ["1"],
  NUMBER: ["5", "-2.5e3", "0"],
  DURATION: ["5m", "1.5h", "10ms"],
  PERCENT: ["5%", "0.5%"],
  STRING: ['"x"', '""', '"a \\"b\\" \\u00e9 # no comment"', '"""raw "text" here"""'],
  REGEX: ["/a/", "/a\\/[/ ]b/im"],
  JSON: ["{}", "[]", '{"a": [1, {"b": "}"}]}'],
  EXPR: ["(1 + 2)", "(a[b = ')'] / 2)", "($match(x, /[)(]/))"],
  EQUALS: ["="],
  COMMA: [","],
  BAR: ["|"],
};

const text = readFileSync(new URL("../../grammar/mcprules.ebnf", import.meta.url), "utf8");

/** The words of a file, without line ends between them. */
export const sentences: fc.Arbitrary<readonly string[]> = wordsOf(expandEbnf(readEbnf(text), "file"));

function wordsOf(form: Form): fc.Arbitrary<readonly string[]> {
  switch (form.kind) {
    case "token":
      return fc.constantFrom(...(SPELLINGS[form.name] ?? [form.name.toLowerCase()])).map((word) => [word]);
    case "sequence":
      return fc.tuple(...form.parts.map(wordsOf)).map((parts) => parts.flat());
    case "choice":
      return fc.oneof(...form.parts.map(wordsOf));
    case "option":
      return fc.oneof(fc.constant([]), wordsOf(form.of));
    case "repetition":
      return fc.array(wordsOf(form.of), { maxLength: 3 }).map((parts) => parts.flat());
  }
}
