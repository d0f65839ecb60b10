// What all who translate have in common: a pack of texts goes to them, and answers come back, or why none do.
import type { Unit } from "../../engine/translation/unit.ts";
import type { Glossary } from "./translation-settings.ts";

export interface Provider {
  readonly limits: PackLimits;
  /** It may do better the second time: what it answered and was not believed is asked again, once. */
  readonly mayDoBetter: boolean;
  translate(pack: Pack): Promise<PackOutcome>;
  close(): Promise<void>;
}

export interface PackLimits {
  readonly texts: number;
  /** UTF-8 bytes of all texts together, as they are sent. */
  readonly bytes: number;
}

export interface Pack {
  /** Language tags. */
  readonly source: string;
  readonly target: string;
  readonly texts: readonly PackText[];
  /** How terms are to be translated into this language. */
  readonly glossary: Glossary;
}

export interface PackText {
  readonly unit: Unit;
  /** `description of tool search_issues` */
  readonly about: string;
}

export type PackOutcome =
  /** One for each text, with marks as `tokenMark` makes them; `undefined`: it did not say. */
  | { readonly kind: "answered"; readonly answers: readonly (string | undefined)[] }
  | { readonly kind: "too-large" }
  /** Worth another try. */
  | { readonly kind: "busy"; readonly reason: string; readonly afterMs?: number | undefined }
  /** `isForGood`: until the proxy is started again. */
  | { readonly kind: "refused"; readonly reason: string; readonly isForGood?: boolean };

/** `description`, `title`: what kind of text it is. */
export function kindOf(about: string): string {
  return about.split(" of ", 1)[0] ?? about;
}
