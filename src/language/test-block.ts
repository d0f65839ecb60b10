// A `test` of a policy, ready to be played: what is given, sent, pushed, replied and expected.
import type { Expression } from "../expression/jsonata/expression.ts";
import type { Path } from "../expression/path.ts";
import type { Span } from "../source/diagnostic.ts";
import type { JsonValue } from "../mcp/json.ts";
import type { CompiledValue, ConditionTest, Place, PrincipalKind, ThingKind } from "./compiled-value.ts";

export interface TestBlock {
  readonly name: string;
  readonly place: Place;
  readonly steps: readonly TestStep[];
}

export type TestStep = TestAction & { readonly span: Span; readonly place: Place };

export type TestAction =
  | { readonly kind: "given-principal"; readonly principal: PrincipalKind; readonly value: CompiledValue }
  | { readonly kind: "given-now"; readonly now: number }
  | { readonly kind: "given-human"; readonly decision: "approves" | "declines" }
  | {
      readonly kind: "given-thing";
      readonly thing: ThingKind;
      readonly name: string;
      readonly definition: JsonValue;
      readonly server: string | undefined;
    }
  | { readonly kind: "given-call"; readonly module: string; readonly returns: CompiledValue | undefined }
  | {
      readonly kind: "send" | "push";
      readonly method: string;
      readonly name: string | undefined;
      /** The natural body. */
      readonly body: JsonValue | undefined;
      readonly server: string | undefined;
      readonly times: number;
    }
  | { readonly kind: "reply"; readonly result: JsonValue }
  | { readonly kind: "reply-error"; readonly code: number; readonly message: string }
  | { readonly kind: "expect-path"; readonly path: Path; readonly test: ConditionTest }
  | { readonly kind: "expect-without"; readonly path: Path }
  | { readonly kind: "expect-true"; readonly expression: Expression }
  | {
      readonly kind: "expect-verdict";
      readonly verdict: "allow" | "block" | "ask" | "answer";
      readonly by: string | undefined;
    }
  | {
      readonly kind: "expect-listing";
      readonly listed: boolean;
      readonly thing: ThingKind;
      readonly name: string;
      readonly server: string | undefined;
    }
  | { readonly kind: "expect-tag"; readonly name: string }
  | { readonly kind: "expect-log"; readonly sink: string };
