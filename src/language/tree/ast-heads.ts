// The tree of a policy, heads: which messages and things a rule is about, and under which conditions.
import type { Span } from "../../source/diagnostic.ts";
import type { PrincipalKind, ThingKind } from "../compiled-value.ts";
import type { ConditionNode, ExpressionNode, PatternNode, Written } from "./ast-values.ts";

/** `targets` is empty for an exception that takes those of its rules. */
export interface HeadNode {
  readonly targets: readonly TargetNode[];
  readonly clauses: readonly ClauseNode[];
  readonly excepts: readonly ExceptNode[];
  readonly span: Span;
}

export interface ExceptNode {
  readonly clauses: readonly ClauseNode[];
  readonly span: Span;
}

export type ReplyKind = "result" | "error" | "reply" | "failure";

export type TargetNode =
  | { readonly kind: "thing"; readonly thing: ThingKind; readonly pattern: PatternNode; readonly span: Span }
  | {
      readonly kind: "method";
      readonly reply: ReplyKind | undefined;
      readonly method: Written;
      readonly pattern: PatternNode | undefined;
      readonly span: Span;
    }
  | { readonly kind: "any"; readonly of: "message" | "request" | "notification" | ReplyKind; readonly span: Span };

export type ClauseNode =
  | { readonly kind: "on"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly kind: "for"; readonly principal: PrincipalKind; readonly pattern: PatternNode; readonly span: Span }
  | { readonly kind: "from"; readonly side: "client" | "server"; readonly span: Span }
  | { readonly kind: "with"; readonly conditions: readonly ConditionNode[]; readonly span: Span }
  | { readonly kind: "without"; readonly path: Written; readonly span: Span }
  | { readonly kind: "containing"; readonly pattern: PatternNode; readonly span: Span }
  | { readonly kind: "where"; readonly expression: ExpressionNode; readonly span: Span };
