// Making diagnostics: an error or a warning with its code, its place, its message and its cure.
import type { Code } from "../source/codes.ts";
import type { Diagnostic, Span } from "../source/diagnostic.ts";

export function error(code: Code, span: Span, message: string, help?: string): Diagnostic {
  return { code, severity: "error", span, message, ...(help === undefined ? {} : { help }) };
}

export function warning(code: Code, span: Span, message: string, help?: string): Diagnostic {
  return { ...error(code, span, message, help), severity: "warning" };
}

/** The same, with another place that belongs to it. */
export function alsoAt(diagnostic: Diagnostic, span: Span, message: string): Diagnostic {
  return { ...diagnostic, related: [...(diagnostic.related ?? []), { span, message }] };
}
