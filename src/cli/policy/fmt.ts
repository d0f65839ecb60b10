// `mcprules fmt`: policies in the one layout, in place; `-` from stdin to stdout.
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { formatPolicy } from "../../language/format/format.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { diagnosticsAsJson } from "../../source/diagnostics-as-json.ts";
import { renderDiagnostics } from "../../source/render.ts";
import type { SourceText } from "../../source/source-text.ts";
import { replaceFile } from "../../io/replace-file.ts";
import { messageOf } from "../../io/thrown.ts";
import { complain, readPolicyFiles } from "./policy-files.ts";
import { printJson } from "../print-json.ts";

export interface FmtRequest {
  /** Files and folders, as given, or `-` alone. */
  readonly paths: readonly string[];
  /** Change nothing; fail when a file would be changed. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/** The exit code: 0 all is in the layout (now), 1 something cannot be read or written, or with `check` is in another. */
export async function fmt({ paths, check = false, json = false }: FmtRequest): Promise<number> {
  if (paths.length === 1 && paths[0] === "-") return fmtStdin();
  const files = await readPolicyFiles(paths);
  if (files.kind === "none") return complain(files.reasons, json);
  const outcomes = files.sources.map((source) => ({ source, formatted: formatPolicy(source) }));
  const mistakes = outcomes.flatMap(({ formatted }) => (formatted.kind === "mistakes" ? formatted.diagnostics : []));
  const changed = outcomes.flatMap(({ source, formatted }) =>
    formatted.kind === "formatted" && formatted.text !== source.text
      ? [{ path: source.path, text: formatted.text }]
      : [],
  );
  const unwritten = check ? [] : changed.map(write).filter((reason) => reason !== undefined);
  if (unwritten.length > 0) return complain(unwritten, json);
  tell({ changed: changed.map((file) => file.path), mistakes, sources: files.sources, check, json });
  return mistakes.length > 0 || (check && changed.length > 0) ? 1 : 0;
}

/** Why that cannot be done, if so. */
function write({ path, text: formatted }: SourceText): string | undefined {
  try {
    replaceFile(resolve(path), formatted);
    return undefined;
  } catch (error) {
    return `\`${path}\` cannot be written: ${messageOf(error)}`;
  }
}

async function fmtStdin(): Promise<number> {
  const source = { path: "-", text: await text(process.stdin) };
  const formatted = formatPolicy(source);
  if (formatted.kind === "formatted") process.stdout.write(formatted.text);
  else process.stderr.write(renderDiagnostics(formatted.diagnostics, [source]));
  return formatted.kind === "formatted" ? 0 : 1;
}

interface Outcome {
  readonly changed: readonly string[];
  readonly mistakes: readonly Diagnostic[];
  readonly sources: readonly SourceText[];
  readonly check: boolean;
  readonly json: boolean;
}

function tell({ changed, mistakes, sources, check, json }: Outcome): void {
  if (json) {
    const document = { changed, diagnostics: diagnosticsAsJson(mistakes, sources) };
    printJson(document);
    return;
  }
  process.stderr.write(renderDiagnostics(mistakes, sources));
  for (const path of changed) process.stdout.write(`${check ? "would be changed" : "changed"}: ${path}\n`);
}
