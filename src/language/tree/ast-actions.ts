// The tree of a policy, actions: verdicts, transforms and observations.
import type { JsonValue } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { PrincipalKind } from "../compiled-value.ts";
import type { ExpressionNode, PatNode, PatternNode, ValueNode, Written } from "./ast-values.ts";

export type ActionNode = VerdictNode | TransformNode | ObservationNode;

export interface BlockNode {
  readonly kind: "block";
  readonly reason: Written | undefined;
  readonly asError: boolean;
  readonly span: Span;
}

export interface AskNode {
  readonly kind: "ask";
  readonly question: Written | undefined;
  readonly within: DurationNode | undefined;
  readonly via: Written | undefined;
  readonly span: Span;
}

export interface AnswerNode {
  readonly kind: "answer";
  readonly value: ValueNode;
  readonly span: Span;
}

/** Who shares a counter or a tag: `by user`, `by (E)`. */
export type SharerNode =
  | { readonly kind: "principal"; readonly principal: PrincipalKind; readonly span: Span }
  | { readonly kind: "expression"; readonly expression: ExpressionNode };

export interface DurationNode {
  readonly ms: number;
  readonly span: Span;
}

export interface LimitNode {
  readonly kind: "limit";
  readonly amount: { readonly count: number; readonly span: Span };
  readonly of: Written | undefined;
  readonly per: DurationNode;
  readonly by: SharerNode | undefined;
  readonly otherwise: BlockNode | AskNode | AnswerNode | undefined;
  readonly span: Span;
}

export type VerdictNode =
  | { readonly kind: "allow"; readonly span: Span }
  | BlockNode
  | AskNode
  | AnswerNode
  | LimitNode;

export type TransformNode =
  | { readonly kind: "rename"; readonly to: PatNode; readonly span: Span }
  | { readonly kind: "supply"; readonly path: Written; readonly value: ValueNode; readonly span: Span }
  | { readonly kind: "rewrite"; readonly path: Written; readonly expression: ExpressionNode; readonly span: Span }
  | { readonly kind: "set"; readonly path: Written; readonly value: ValueNode; readonly span: Span }
  | { readonly kind: "remove"; readonly paths: readonly Written[]; readonly span: Span }
  | { readonly kind: "add"; readonly path: Written; readonly value: ValueNode; readonly span: Span }
  | {
      readonly kind: "redact";
      readonly pattern: PatternNode;
      readonly path: Written | undefined;
      readonly as: Written | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "translate";
      readonly paths: readonly Written[];
      readonly to: Written;
      readonly using: Written | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "call";
      readonly module: Written;
      readonly config: { readonly value: JsonValue; readonly span: Span } | undefined;
      readonly span: Span;
    };

export type ObservationNode = NoteNode | CacheNode;

/** What is noted of a message. */
export type NoteNode =
  | {
      readonly kind: "log";
      readonly level: Written | undefined;
      readonly percent: number | undefined;
      readonly sink: Written | undefined;
      readonly text: Written | ExpressionNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "tag";
      readonly names: readonly Written[];
      readonly lasting: { readonly duration: DurationNode; readonly by: SharerNode } | undefined;
      readonly span: Span;
    };

export interface CacheNode {
  readonly kind: "cache";
  readonly duration: DurationNode;
  readonly by: ExpressionNode | undefined;
  readonly span: Span;
}
