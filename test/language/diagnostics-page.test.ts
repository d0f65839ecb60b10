// grammar/diagnostics.md at its word: every code has its section, every example earns it, every cure does not.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compilePolicy } from "../../src/language/compile-policy.ts";
import { CODES } from "../../src/source/codes.ts";
import { checkPolicy } from "../../src/inspect/check-policy.ts";
import { atOnce, fixturesIn, outcomeOf } from "./fixture.ts";
import { lockIn } from "./lock-comment.ts";
import { settingsIn } from "./settings-comment.ts";

const page = readFileSync(new URL("../../grammar/diagnostics.md", import.meta.url), "utf8");
const sections = page.split(/^## /m).slice(1);
const snippets = sections.map((section) => ({
  title: section.slice(0, section.indexOf("\n")),
  code: section.slice(0, 5),
  policies: [...section.matchAll(/```mcprules\n([\s\S]*?)```/g)].map(([, policy = ""]) => policy),
}));

/** `# in x.mcprules` begins a file of that name. */
function filesOf(snippet: string) {
  return snippet.split(/^(?=# in \S+$)/m).map((part) => ({
    path: /^# in (\S+)$/m.exec(part)?.[1] ?? "policy.mcprules",
    text: /^(?:mcprules 1|default allow)$/m.test(part) ? part : `mcprules 1\ndefault allow\n${part}`,
  }));
}

function codesOf(snippet: string) {
  const lock = lockIn(snippet);
  const context = { now: Date.parse("2026-11-25"), ...settingsIn(snippet), ...(lock && { lock }) };
  const { policy, diagnostics } = atOnce(checkPolicy(filesOf(snippet), context));
  return { isSound: policy !== undefined, codes: diagnostics.map(({ code }) => code) };
}

describe("grammar/diagnostics.md", () => {
  test("has a section for every code, with its meaning", () => {
    expect(sections.map((section) => section.slice(0, section.indexOf("\n")))).toEqual(
      Object.entries(CODES).map(([code, meaning]) => `${code}: ${meaning}`),
    );
  });

  // MR208 takes a hundred mistakes; the laws of any text have it. MR6xx are not about rules: test/io/translators and test/io/rules have them.
  const shown = snippets.filter(({ code }) => code !== "MR208" && !code.startsWith("MR6"));

  test.each(shown)("$title", ({ code, policies }) => {
    const [bad = "", good = ""] = policies;
    expect(codesOf(bad).codes).toContain(code);
    const cured = codesOf(good);
    expect(cured.isSound).toBe(true);
    expect(cured.codes).not.toContain(code);
  });
});

test("every code is earned by a fixture", () => {
  const earned = [...fixturesIn("ok"), ...fixturesIn("error")].flatMap((fixture) =>
    outcomeOf(fixture).diagnostics.map(({ code }) => code),
  );
  const ofRules = Object.keys(CODES).filter((code) => !code.startsWith("MR6"));
  expect([...new Set(earned), "MR208"].sort()).toEqual(ofRules.sort());
});

test("after a hundred mistakes of a file the others are counted as one", () => {
  const text = `mcprules 1\ndefault allow\n${"rule a when tool 2b block\n".repeat(150)}`;
  const { diagnostics } = compilePolicy([{ path: "x.mcprules", text }], { now: 0 });
  expect(diagnostics).toHaveLength(101);
  expect(diagnostics.at(-1)).toMatchObject({ code: "MR208", severity: "error" });
});
