// Which diagnostics are shown, and in which order: by file and place, and of each file not without end.
import type { Diagnostic } from "../source/diagnostic.ts";
import type { SourceText } from "../source/source-text.ts";
import { error } from "./report.ts";

/** More of one file than this are not shown: the first ones explain the rest. */
export const MAX_SHOWN = 100;

export function shownOf(diagnostics: readonly Diagnostic[], files: readonly SourceText[]): readonly Diagnostic[] {
  const byFile = new Map<string, Diagnostic[]>(files.map(({ path }) => [path, []]));
  for (const diagnostic of diagnostics) byFile.get(diagnostic.span.file)?.push(diagnostic);
  return files.flatMap((file) => shownOfFile(byFile.get(file.path) ?? [], file));
}

/** Errors are not hidden by warnings that stand before them. */
function shownOfFile(diagnostics: readonly Diagnostic[], { path, text }: SourceText): readonly Diagnostic[] {
  const isError = ({ severity }: Diagnostic): number => (severity === "error" ? 0 : 1);
  const most = [...diagnostics]
    .sort((one, other) => isError(one) - isError(other) || byPlace(one, other))
    .slice(0, MAX_SHOWN);
  const shown = most.sort(byPlace);
  if (shown.length === diagnostics.length) return shown;
  const more = `more than ${String(MAX_SHOWN)} mistakes in this file: the others are not shown`;
  const end = { file: path, start: text.length, end: text.length };
  const isWrong = diagnostics.some(({ severity }) => severity === "error");
  return [...shown, { ...error("MR208", end, more), severity: isWrong ? "error" : "warning" }];
}

function byPlace(one: Diagnostic, other: Diagnostic): number {
  return one.span.start - other.span.start || one.span.end - other.span.end;
}
