// A policy file as a tree: what the author wrote, each part with its place. Nothing is resolved or judged yet.
import type { JsonValue } from "../mcp/json.ts";
import type { Span } from "../source/diagnostic.ts";
import type { Comparison, PrincipalKind, ThingKind } from "./compiled-value.ts";

/** A word or the value of a quoted text, and where it stands. */
export interface Written {
  readonly text: string;
  readonly span: Span;
}

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

export interface ConditionNode {
  readonly paths: readonly Written[];
  /** `undefined`: the path is present. */
  readonly test: TestNode | undefined;
  readonly span: Span;
}

export type TestNode =
  | { readonly kind: "matches"; readonly pattern: PatternNode }
  | { readonly kind: "compares"; readonly comparison: Comparison; readonly value: ValueNode };

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

export type StepNode =
  | {
      readonly kind: "given-principal";
      readonly principal: PrincipalKind;
      readonly value: ValueNode;
      readonly span: Span;
    }
  | { readonly kind: "given-now"; readonly now: Written; readonly span: Span }
  | { readonly kind: "given-human"; readonly decision: "approves" | "declines"; readonly span: Span }
  | {
      readonly kind: "given-thing";
      readonly thing: ThingKind;
      readonly name: Written;
      readonly definition: JsonValue;
      readonly definitionSpan: Span;
      readonly server: Written | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "given-call";
      readonly module: Written;
      readonly returns: ValueNode | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "send" | "push";
      readonly method: Written;
      readonly name: Written | undefined;
      readonly body: JsonValue | undefined;
      readonly server: Written | undefined;
      readonly times: { readonly count: number; readonly span: Span } | undefined;
      readonly span: Span;
    }
  | { readonly kind: "reply"; readonly result: JsonValue; readonly resultSpan: Span; readonly span: Span }
  | {
      readonly kind: "reply-error";
      readonly code: number;
      readonly codeSpan: Span;
      readonly message: Written | undefined;
      readonly span: Span;
    }
  | { readonly kind: "expect-field"; readonly path: Written; readonly test: TestNode | undefined; readonly span: Span }
  | { readonly kind: "expect-without"; readonly path: Written; readonly span: Span }
  | { readonly kind: "expect-true"; readonly expression: ExpressionNode; readonly span: Span }
  | {
      readonly kind: "expect-verdict";
      readonly verdict: "allow" | "block" | "ask" | "answer";
      readonly by: Written | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "expect-listing";
      readonly isListed: boolean;
      readonly thing: ThingKind;
      readonly name: Written;
      readonly server: Written | undefined;
      readonly span: Span;
    }
  | { readonly kind: "expect-tag" | "expect-log"; readonly name: Written; readonly span: Span };
