// How large values are once everything they share is written out: a few steps can build what no memory holds.
import { LimitExceeded } from "../../expression/jsonata/jsonata-limits.ts";

/** In units of about eight bytes: a value is one, and eight characters of a text. */
const HEAVIEST = 2_000_000;
/** Everything that one evaluation builds, together. A thread that runs out of memory can take the process with it. */
const MOST_BUILT = 8_000_000;
const CHARACTERS_PER_UNIT = 8;
/** A value may have been put into itself. */
const DEEPEST = 1000;

/** Of one evaluation. */
export class Weights {
  readonly #known = new WeakMap<object, number>();
  #built = 0;

  /** A value that was not there before: what it weighs by itself, without what it is made of, counts as built. */
  addBuilt(value: unknown): void {
    this.check(value);
    if (typeof value === "string") this.#built += value.length / CHARACTERS_PER_UNIT;
    else if (Array.isArray(value)) this.#built += value.length;
    else if (typeof value === "object" && value !== null) this.#built += Object.keys(value).length;
    if (this.#built > MOST_BUILT) throw new LimitExceeded("it builds too much in all");
  }

  check(value: unknown): void {
    if (this.#of(value) > HEAVIEST) throw new LimitExceeded("a value is too large");
  }

  /** Remembered for lists and objects that are asked about, not for all that is in them. */
  #of(value: unknown): number {
    if (typeof value !== "object" || value === null) return this.#within(value, 0);
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const weight = this.#within(value, 0);
    this.#known.set(value, weight);
    return weight;
  }

  #within(value: unknown, depth: number): number {
    if (typeof value === "string") return 1 + value.length / CHARACTERS_PER_UNIT;
    if (typeof value !== "object" || value === null) return 1;
    if (depth > DEEPEST) throw new LimitExceeded("a value is nested too deeply");
    let weight = 1;
    const members: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
    for (const member of members) {
      weight += this.#knownWeight(member) ?? this.#within(member, depth + 1);
      if (weight > HEAVIEST) return weight;
    }
    return weight;
  }

  #knownWeight(value: unknown): number | undefined {
    return typeof value === "object" && value !== null ? this.#known.get(value) : undefined;
  }
}
