// Diagnostics as programs read them.
import type { Diagnostic, Span } from "./diagnostic.ts";
import { positionAt, type Position, type SourceText } from "./source-text.ts";

export interface DiagnosticAsJson {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly help?: string;
  readonly place: PlaceAsJson;
  readonly related?: readonly { readonly message: string; readonly place: PlaceAsJson }[];
}

export interface PlaceAsJson {
  readonly file: string;
  /** UTF-16 offsets: `start` included, `end` not. */
  readonly start: number;
  readonly end: number;
  /** Missing where the text itself is not at hand. */
  readonly from?: Position;
  readonly to?: Position;
}

export function diagnosticsAsJson(
  diagnostics: readonly Diagnostic[],
  sources: readonly SourceText[],
): readonly DiagnosticAsJson[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return diagnostics.map((diagnostic) => ({
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    ...(diagnostic.help === undefined ? {} : { help: diagnostic.help }),
    place: placeAsJson(diagnostic.span, byPath),
    ...(diagnostic.related === undefined
      ? {}
      : { related: diagnostic.related.map(({ message, span }) => ({ message, place: placeAsJson(span, byPath) })) }),
  }));
}

function placeAsJson(span: Span, sources: ReadonlyMap<string, SourceText>): PlaceAsJson {
  const source = sources.get(span.file);
  const offsets = { file: span.file, start: span.start, end: span.end };
  if (source === undefined) return offsets;
  return { ...offsets, from: positionAt(source, span.start), to: positionAt(source, span.end) };
}
