// The tree of a policy, the steps of its tests: what is given, sent, replied and expected.
import type { JsonValue } from "../../mcp/json.ts";
import type { Span } from "../../source/diagnostic.ts";
import type { PrincipalKind, ThingKind } from "../compiled-value.ts";
import type { ExpressionNode, TestNode, ValueNode, Written } from "./ast-values.ts";

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
