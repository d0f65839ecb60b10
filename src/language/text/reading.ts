// What a scanner made of a piece of text: how far it reaches, and its value or what is wrong with it.
import type { JsonValue } from "../../mcp/json.ts";
import type { Code } from "../../source/codes.ts";

export interface Reading {
  /** Offset after the last character that belongs to it. */
  readonly end: number;
  readonly payload: Payload;
}

export type Payload =
  | { readonly kind: "bare" }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string }
  | { readonly kind: "json"; readonly value: JsonValue }
  | { readonly kind: "expression" }
  | { readonly kind: "mistake"; readonly mistakes: readonly Mistake[] };

/** Offsets into the file. */
export interface Mistake {
  readonly code: Code;
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly help?: string;
}

export function misread(end: number, mistake: Mistake): Reading {
  return { end, payload: { kind: "mistake", mistakes: [mistake] } };
}
