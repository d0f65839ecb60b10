// Code frames: carets below what they mean, whatever the line holds, and nothing that a terminal would obey.
import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/source/diagnostic.ts";
import { diagnosticsAsJson } from "../../src/source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../src/source/render.ts";

const PATH = "rules/files.mcprules";

function about(text: string, word: string, more: Partial<Diagnostic> = {}): Diagnostic {
  const start = text.indexOf(word);
  return {
    code: "MR501",
    severity: "error",
    message: "a message",
    span: { file: PATH, start, end: start + word.length },
    ...more,
  };
}

function framed(text: string, word: string, more: Partial<Diagnostic> = {}): string {
  return renderDiagnostics([about(text, word, more)], [{ path: PATH, text }]);
}

describe("a code frame", () => {
  test("is as the language describes it", () => {
    const text = `${"\n".repeat(13)}  when tools/list on filesystem\n  with path "/etc/**"\n`;
    const message = "a `tools/list` request has no field `path`";
    expect(framed(text, "path", { message, help: "did you mean `tools/call *`?" })).toBe(
      [
        "error[MR501]: a `tools/list` request has no field `path`",
        "  --> rules/files.mcprules:15:8",
        "14 |   when tools/list on filesystem",
        '15 |   with path "/etc/**"',
        "   |        ^^^^",
        "   = help: did you mean `tools/call *`?",
        "",
      ].join("\n"),
    );
  });

  test.each([
    ["tabs", "\t\tx\ty", "y", "1 |         x   y\n  |             ^"],
    ["wide letters", '"日本" x', "x", '1 | "日本" x\n  |        ^'],
    ["combining marks", "e\u0301 x", "x", "1 | e\u0301 x\n  |   ^"],
    ["an emoji itself", "a 🙂 b", "🙂", "1 | a 🙂 b\n  |   ^^"],
    ["line ends of Windows", "a x\r\nb", "x", "1 | a x\n  |   ^"],
  ])("stands right below %s", (_, text, word, frame) => {
    expect(framed(text, word)).toContain(frame);
  });

  test("shows what a terminal would obey, and obeys it not", () => {
    expect(framed("a \u001b[31m\u202e x", "x", { message: "\u001b[0m`\u202e`" })).not.toMatch(/\p{Cc}(?<!\n)|\u202e/u);
  });

  test("has one caret at the end of the text", () => {
    expect(
      renderDiagnostics([about("ab", "ab", { span: { file: PATH, start: 2, end: 2 } })], [{ path: PATH, text: "ab" }]),
    ).toContain("1 | ab\n  |   ^");
  });

  test("of several lines marks the first", () => {
    expect(framed("x (a\nb)", "(a\nb)")).toContain("1 | x (a\n  |   ^^\n");
  });

  test("of a very long line shows the part that counts", () => {
    const frame = framed(`${"a ".repeat(5000)}here${" b".repeat(5000)}`, "here");
    const [, , shown = "", carets = ""] = frame.split("\n");
    expect(shown.length).toBeLessThan(200);
    expect(shown.indexOf("here")).toBe(carets.indexOf("^"));
  });

  test("shows the other place as well", () => {
    const text = "rule a\nrule b\nrule a";
    const span = { file: PATH, start: 14, end: 20 };
    const related = [{ span: { file: PATH, start: 0, end: 6 }, message: "the first one" }];
    expect(framed(text, "", { span, related })).toContain("1 | rule a\n  | ------ the first one");
  });

  test("of a file that is not at hand names it", () => {
    expect(renderDiagnostics([about("x", "x")], [])).toBe(`error[MR501]: a message\n --> ${PATH}\n`);
  });
});

describe("diagnostics as JSON", () => {
  test("have offsets, lines and columns", () => {
    const diagnostic = about("a\nb x", "x", {
      help: "cure",
      related: [{ span: { file: "other", start: 1, end: 2 }, message: "there" }],
    });
    expect(diagnosticsAsJson([diagnostic], [{ path: PATH, text: "a\nb x" }])).toEqual([
      {
        code: "MR501",
        severity: "error",
        message: "a message",
        help: "cure",
        place: { file: PATH, start: 4, end: 5, from: { line: 2, column: 3 }, to: { line: 2, column: 4 } },
        related: [{ message: "there", place: { file: "other", start: 1, end: 2 } }],
      },
    ]);
  });
});
