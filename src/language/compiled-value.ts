// What rules and tests are both made of: where something stands, the values it compares with, the kinds it speaks of.
import type { Expression } from "../expression/jsonata/expression.ts";
import type { Path } from "../expression/path.ts";
import type { Pattern } from "../expression/pattern.ts";
import type { JsonValue } from "../mcp/json.ts";

/** 1-based, for people: `rules/files.mcprules:15:8`. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type ThingKind = "tool" | "prompt" | "resource";
export type PrincipalKind = "client" | "user" | "group" | "profile";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";
export type ConditionTest =
  | { readonly kind: "present" }
  | { readonly kind: "matches"; readonly pattern: Pattern }
  | { readonly kind: "compares"; readonly comparison: Comparison; readonly value: CompiledValue };

export type CompiledValue =
  | { readonly kind: "literal"; readonly value: JsonValue }
  | { readonly kind: "expression"; readonly expression: Expression }
  /** An absolute path of the message, `request`, `server`, `client`, `user`. */
  | { readonly kind: "path"; readonly path: Path };
