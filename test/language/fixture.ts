// Policies beside the outcome that their author sees: `x.mcprules` and `x.txt`, or a folder of files and its `.txt`.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Asking } from "../../src/engine/decision.ts";
import { checkPolicy } from "../../src/inspect/check-policy.ts";
import type { CompileOutcome } from "../../src/language/compile-policy.ts";
import { renderDiagnostics } from "../../src/source/render.ts";
import type { SourceText } from "../../src/source/source-text.ts";
import { lockIn } from "./lock-comment.ts";
import { settingsIn } from "./settings-comment.ts";

export interface Fixture {
  readonly name: string;
  readonly files: readonly SourceText[];
  /** Where the rendered outcome stands. */
  readonly outcome: string;
}

export const FIXTURES = fileURLToPath(new URL("../fixtures/", import.meta.url));

/** What "now" is for every fixture. */
const NOW = Date.parse("2026-11-25T12:00:00Z");

export function fixturesIn(folder: "ok" | "error"): readonly Fixture[] {
  const root = join(FIXTURES, folder);
  return readdirSync(root)
    .sort()
    .flatMap((entry) => {
      const path = join(root, entry);
      const name = entry.replace(/\.mcprules$/, "");
      if (statSync(path).isDirectory()) return [{ name, files: filesBelow(path), outcome: `${path}.txt` }];
      return entry.endsWith(".mcprules")
        ? [{ name, files: [textOf(path, entry)], outcome: join(root, `${name}.txt`) }]
        : [];
    });
}

/** Comments stand for what a settings file names, and for a catalogue lock. */
export function outcomeOf({ files }: Fixture): CompileOutcome & { readonly rendered: string } {
  const text = files.map((file) => file.text).join("\n");
  const named = settingsIn(text);
  const lock = lockIn(text);
  const outcome = atOnce(checkPolicy(files, { now: NOW, ...named, ...(lock && { lock }) }));
  return { ...outcome, rendered: renderDiagnostics(outcome.diagnostics, files) };
}

/** What asks for nothing from outside. */
export function atOnce<T>(asking: Asking<T>): T {
  const step = asking.next();
  if (step.done !== true) throw new Error(`it asked for ${step.value.kind}`);
  return step.value;
}

function filesBelow(folder: string): readonly SourceText[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".mcprules"));
  return paths.sort().map((path) => textOf(join(folder, path), path.replaceAll("\\", "/")));
}

function textOf(path: string, shown: string): SourceText {
  return { path: shown, text: readFileSync(path, "utf8") };
}
