// A policy file as a tree: what the author wrote, each part with its place. Nothing is resolved or judged yet.
import type { JsonValue } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { ActionNode } from "./ast-actions.ts";
import type { HeadNode } from "./ast-heads.ts";
import type { StepNode } from "./ast-steps.ts";
import type { ExpressionNode, PatternNode, Written } from "./ast-values.ts";

export type Item = LetItem | DefaultItem | RuleItem | ExceptionItem | TestItem;

export interface LetItem {
  readonly kind: "let";
  readonly name: Written;
  readonly value: LetValue;
  readonly span: Span;
}

export type LetValue =
  | { readonly kind: "pattern"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly kind: "value"; readonly value: JsonValue; readonly span: Span }
  | { readonly kind: "expression"; readonly expression: ExpressionNode; readonly span: Span };

export interface DefaultItem {
  readonly kind: "default";
  readonly verdict: "allow" | "block";
  readonly reason: Written | undefined;
  readonly head: HeadNode | undefined;
  readonly span: Span;
}

export interface RuleItem {
  readonly kind: "rule";
  readonly annotations: readonly Written[];
  readonly id: Written;
  readonly description: Written | undefined;
  readonly settings: readonly SettingNode[];
  readonly head: HeadNode;
  readonly actions: readonly ActionNode[];
  readonly span: Span;
}

export type SettingNode =
  | { readonly kind: "shadow"; readonly span: Span }
  | { readonly kind: "canary"; readonly percent: number; readonly span: Span }
  | { readonly kind: "fails"; readonly fails: "open" | "closed"; readonly span: Span };

export interface ExceptionItem {
  readonly kind: "exception";
  readonly id: Written;
  readonly rules: readonly Written[];
  readonly until: Written;
  readonly reason: Written | undefined;
  readonly head: HeadNode;
  readonly span: Span;
}

export interface TestItem {
  readonly kind: "test";
  readonly name: Written;
  readonly steps: readonly StepNode[];
  readonly span: Span;
}
