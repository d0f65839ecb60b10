// The gates are tried: a planted fault of each kind is refused by the linter, the type checker and the formatter.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "./syntax.ts";

const folder = mkdtempSync(join(tmpdir(), "mcprules-gates-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
writeFileSync(
  join(folder, "tsconfig.json"),
  JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["*.ts"] }),
);

/** What a tool prints about planted files, which are named to it; it must refuse them. */
function refusal(bin: string, args: readonly string[], files: Readonly<Record<string, string>>): string {
  const names = Object.keys(files);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const command = [join(ROOT, "node_modules", bin), ...args, ...(args.includes("-p") ? [] : names)];
  const run = spawnSync(process.execPath, command, { cwd: folder, encoding: "utf8", timeout: 60_000 });
  for (const name of names) rmSync(join(folder, name));
  expect(run.status).toBeGreaterThan(0);
  return run.stdout + run.stderr;
}

const deep =
  "export function deep(a: number): void { if (a > 0) { while (a > 1) { if (a > 2) { if (a > 3) deep(a); } } } }";

describe("the linter", () => {
  const findings = refusal("oxlint/bin/oxlint", ["--type-aware", "--format=unix", "-c", join(ROOT, ".oxlintrc.json")], {
    "lines.ts": "export {};\n".repeat(301),
    "function.ts": `export function long(): void {\n${"  void 0;\n".repeat(61)}}\n`,
    "deep.ts": deep,
    "default.ts": "export default 1;",
    "any.ts": "export const a = (b: any): any => b;",
    "ignored.ts": "// @ts-ignore\nexport const a = 1;",
    "left.ts": "// TODO later\nexport const a = 1;",
    "CamelCase.ts": "export const a = 1;",
    "floating.ts": "const ask = async (): Promise<void> => {};\nexport const a = (): void => { ask(); };",
    "switch.ts":
      'export const a = (b: "x" | "y"): number => { switch (b) { case "x": return 1; default: return 2; } };',
    "half.ts": 'export function a(b: "x" | "y"): void { switch (b) { case "x": a(b); } }',
    "ring-a.ts": 'import { b } from "./ring-b.ts";\nexport const a = (): unknown => b;',
    "ring-b.ts": 'import { a } from "./ring-a.ts";\nexport const b = (): unknown => a;',
  });

  test.each([
    ["lines.ts", "max-lines"],
    ["function.ts", "max-lines-per-function"],
    ["deep.ts", "max-depth"],
    ["default.ts", "no-default-export"],
    ["any.ts", "no-explicit-any"],
    ["ignored.ts", "ban-ts-comment"],
    ["left.ts", "no-warning-comments"],
    ["CamelCase.ts", "filename-case"],
    ["floating.ts", "no-floating-promises"],
    ["switch.ts", "switch-exhaustiveness-check"],
    ["half.ts", "switch-exhaustiveness-check"],
    ["ring-a.ts", "no-cycle"],
  ])("refuses %s by %s", (file, rule) => {
    expect(findings).toMatch(new RegExp(`^${file}:.*\\(${rule}\\)\\]$`, "m"));
  });
});

describe("the type checker", () => {
  const findings = refusal("typescript/bin/tsc", ["--noEmit", "-p", "."], {
    "index.ts": "export const a = (b: readonly string[]): string => b[0];",
    "optional.ts": "export const a: { readonly b?: string } = { b: undefined };",
    "unused.ts": "const a = 1;\nexport {};",
    "enum.ts": "export enum A { B }",
    "type.ts": 'import { ListenOptions } from "node:net";\nexport type A = ListenOptions;',
  });

  test.each(["index.ts", "optional.ts", "unused.ts", "enum.ts", "type.ts"])("refuses %s", (file) => {
    expect(findings).toMatch(new RegExp(`^${file}\\(\\d+,\\d+\\): error TS`, "m"));
  });
});

test("the formatter refuses what it would change", () => {
  const args = ["--check", "-c", join(ROOT, ".oxfmtrc.json")];
  expect(refusal("oxfmt/bin/oxfmt", args, { "wide.ts": "export const a   = 1" })).toContain("wide.ts");
});
