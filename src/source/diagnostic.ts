// What is said about a text: a code, a place, a message and a cure. Values, never thrown.

/** Where something stands: UTF-16 offsets into the text of `file`; `start` included, `end` not. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface Diagnostic {
  /** Stable: `MR1xx` words, `MR2xx` grammar, `MR3xx` names, `MR4xx` types, `MR5xx` sense. */
  readonly code: string;
  readonly severity: "error" | "warning";
  /** One clause, lower case, the author's words in backticks. */
  readonly message: string;
  readonly span: Span;
  /** What to do about it. */
  readonly help?: string;
  /** Other places that belong to it, such as the first of two equal ids. */
  readonly related?: readonly { readonly span: Span; readonly message: string }[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
