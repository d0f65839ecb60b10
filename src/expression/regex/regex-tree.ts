// A regular expression as a tree, and what is thrown while one is read.
import type { CharSet } from "./char-set.ts";

export type RegexNode =
  | RegexClass
  | { readonly kind: "sequence"; readonly parts: readonly RegexNode[] }
  | { readonly kind: "either"; readonly options: readonly RegexNode[] }
  | {
      readonly kind: "repeat";
      readonly body: RegexNode;
      readonly min: number;
      /** `Infinity`: without a bound. */
      readonly max: number;
      readonly isLazy: boolean;
    }
  /** A group that captures. Others are only their body. */
  | { readonly kind: "group"; readonly body: RegexNode }
  | { readonly kind: "assertion"; readonly asserts: "start" | "end" | "word-edge" | "no-word-edge" };

/** One character of `set`, or with one of the Unicode properties (`L`, `^Nd`); negated: neither. */
export interface RegexClass {
  readonly kind: "class";
  readonly set: CharSet;
  readonly properties: readonly string[];
  readonly isNegated: boolean;
}

/** RE2 refuses more, also where repeats stand in repeats and multiply. */
export const MOST_REPEATS = 1000;
/** Characters with repeats written out: what one regex may cost per character of a text. */
export const LARGEST_PROGRAM = 1000;
export const DEEPEST_NESTING = 100;

/** Thrown by the reader, caught by `parseRegex`. */
export class RegexProblem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
