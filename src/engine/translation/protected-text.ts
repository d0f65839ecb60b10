// A text as it goes to translators and comes back: units of prose, and all that never leaves.
import { protectInline, type Staying } from "./protect-inline.ts";
import { splitBlocks } from "./split-blocks.ts";
import { type Unit, wordsOf } from "./unit.ts";

/** In order; with the units as they stand in the source, joined they are the text. */
export type ProtectedText = readonly ({ readonly kind: "fixed"; readonly text: string } | ProtectedUnit)[];

export interface ProtectedUnit {
  readonly kind: "unit";
  readonly unit: Unit;
}

/** UTF-16 units. What is longer is no text for people, and no translator takes it. */
const LONGEST_TEXT = 100_000;

/** A unit without a letter is none: nobody has to translate `⟦0⟧ 42`. */
export function protectText(text: string, staying: Staying): ProtectedText {
  if (text.length > LONGEST_TEXT) return [{ kind: "fixed", text }];
  return splitBlocks(text).map((block) => {
    if (block.kind === "fixed") return block;
    const unit: Unit = { segments: protectInline(block.text, staying) };
    return /\p{L}/u.test(wordsOf(unit)) ? { kind: "unit", unit } : { kind: "fixed", text: block.text };
  });
}

export function unitsOf(text: ProtectedText): readonly Unit[] {
  return text.flatMap((part) => (part.kind === "unit" ? [part.unit] : []));
}

/** `answers`: one for each unit, in order; `undefined`: as in the source. */
export function restoreText(text: ProtectedText, answers: readonly (string | undefined)[]): string {
  const left = answers.values();
  return text.map((part) => (part.kind === "fixed" ? part.text : (left.next().value ?? sourceOf(part.unit)))).join("");
}

export function sourceOf({ segments }: Unit): string {
  return segments.map(({ text }) => text).join("");
}
