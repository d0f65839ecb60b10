// The tree of a policy, its leaves: words, patterns, values, expressions and conditions.
import type { JsonValue } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { Comparison } from "../compiled-value.ts";

/** A word or the value of a quoted text, and where it stands. */
export interface Written {
  readonly text: string;
  readonly span: Span;
}

export interface PatternNode {
  readonly parts: readonly PatNode[];
  readonly span: Span;
}

export type PatNode =
  | { readonly kind: "glob"; readonly text: string; readonly isQuoted: boolean; readonly span: Span }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string; readonly span: Span }
  | { readonly kind: "literal"; readonly value: number | boolean | null; readonly span: Span }
  /** Without the `$`. */
  | { readonly kind: "variable"; readonly name: string; readonly span: Span };

/** JSONata with its outer round brackets, exactly as it stands in the file. */
export interface ExpressionNode {
  readonly source: string;
  readonly span: Span;
}

export type ValueNode =
  | { readonly kind: "literal"; readonly value: JsonValue; readonly span: Span }
  | { readonly kind: "expression"; readonly expression: ExpressionNode; readonly span: Span }
  | { readonly kind: "variable"; readonly name: string; readonly span: Span }
  | { readonly kind: "path"; readonly path: Written; readonly span: Span };

export interface ConditionNode {
  readonly paths: readonly Written[];
  /** `undefined`: the path is present. */
  readonly test: TestNode | undefined;
  readonly span: Span;
}

export type TestNode =
  | { readonly kind: "matches"; readonly pattern: PatternNode }
  | { readonly kind: "compares"; readonly comparison: Comparison; readonly value: ValueNode };
