// The proof that a backtracking engine takes time linear in the text for a regular expression.
import { EMPTY, intersects, union, type CharSet } from "./char-set.ts";
import { charactersOf } from "./regex-reach.ts";
import type { RegexNode } from "./regex-tree.ts";

/** The most steps that a try from one place in the text may take beside its loops, and tries × steps for what loops pass over. */
const MOST_STEPS = 512;
const MOST_STEPS_PER_CHARACTER = 4096;
/** Optional repeats written out for the count; more are not proven. */
const MOST_OPTIONAL = 64;

/**
 * `^` means the start of the text here, not of a line. An engine that backtracks tries the regex at each place of the text. That is linear in all if
 * - a try takes bounded steps beside its unbounded loops;
 * - a loop is over one class, and what may follow it never starts with that class: it is passed once forwards and once back;
 * - nothing a loop passes over is where another try could start, unless the regex is tied to the start of the text. Then
 *   only the tries that start a bounded way before a loop's stretch pass over it.
 * A loop that nothing but optional loopless rest follows cannot fail any more, so none of this is asked of it.
 */
export function isProvenLinear(node: RegexNode, isCaseIgnored: boolean): boolean {
  const start: Reach = { first: EMPTY, isFree: true, steps: 0 };
  const proof = new Proof(isCaseIgnored);
  const whole = proof.before(node, start);
  if (!whole || whole.steps > MOST_STEPS) return false;
  if (isTiedToStart(node)) return true;
  if (proof.passedOver.some((set) => intersects(set, whole.first))) return false;
  return proof.passedOver.length === 0 || whole.steps * proof.boundedLength(node) <= MOST_STEPS_PER_CHARACTER;
}

/** What lies ahead at one place in the regex. */
interface Reach {
  /** The characters it may start with. */
  readonly first: CharSet;
  /** It matches the empty text, whatever comes: so it cannot fail. */
  readonly isFree: boolean;
  /** Bound of the steps until it has failed, loops not counted. */
  readonly steps: number;
}

class Proof {
  /** Of every loop that something may fail after: the class it passes over. */
  readonly passedOver: CharSet[] = [];
  readonly #isCaseIgnored: boolean;

  constructor(isCaseIgnored: boolean) {
    this.#isCaseIgnored = isCaseIgnored;
  }

  /** What lies ahead before `node` if `rest` lies ahead after it; `undefined`: not proven. */
  before(node: RegexNode, rest: Reach): Reach | undefined {
    if (rest.steps > MOST_STEPS) return undefined;
    switch (node.kind) {
      case "class":
        return { first: charactersOf(node, this.#isCaseIgnored), isFree: false, steps: rest.steps + 1 };
      case "assertion":
        return { first: rest.first, isFree: false, steps: rest.steps + 1 };
      case "group":
        return this.before(node.body, rest);
      case "sequence":
        return node.parts.reduceRight<Reach | undefined>((after, part) => after && this.before(part, after), rest);
      case "either":
        return this.#beforeEither(node.options, rest);
      case "repeat":
        return this.#beforeRepeat(node.body, node.min, node.max, rest);
    }
  }

  /** The longest text `node` matches, with loops as one character. */
  boundedLength(node: RegexNode): number {
    switch (node.kind) {
      case "class":
        return 1;
      case "assertion":
        return 0;
      case "group":
        return this.boundedLength(node.body);
      case "sequence":
        return node.parts.reduce((sum, part) => sum + this.boundedLength(part), 0);
      case "either":
        return Math.max(...node.options.map((option) => this.boundedLength(option)));
      case "repeat":
        return this.boundedLength(node.body) * (node.max === Infinity ? node.min + 1 : node.max);
    }
  }

  #beforeEither(options: readonly RegexNode[], rest: Reach): Reach | undefined {
    const reaches = options.map((option) => this.before(option, rest));
    if (!reaches.every((reach) => reach !== undefined)) return undefined;
    return {
      first: union(...reaches.map((reach) => reach.first)),
      isFree: reaches.some((reach) => reach.isFree),
      steps: reaches.reduce((sum, reach) => sum + reach.steps, 1),
    };
  }

  #beforeRepeat(body: RegexNode, min: number, max: number, rest: Reach): Reach | undefined {
    let reach: Reach | undefined = max === Infinity ? this.#beforeLoop(body, rest) : rest;
    const optional = max === Infinity ? 0 : max - min;
    if (optional > MOST_OPTIONAL || min > MOST_STEPS) return undefined;
    for (let count = 0; reach && count < optional; count += 1) {
      const again = this.before(body, reach);
      reach = again && {
        first: union(again.first, rest.first),
        isFree: again.isFree || rest.isFree,
        steps: again.steps + rest.steps + 1,
      };
    }
    for (let count = 0; reach && count < min; count += 1) reach = this.before(body, reach);
    return reach;
  }

  #beforeLoop(body: RegexNode, rest: Reach): Reach | undefined {
    // A group in a loop makes the engine keep each pass on its stack, which ends on long texts.
    if (body.kind !== "class") return undefined;
    const set = charactersOf(body, this.#isCaseIgnored);
    const reach = { first: union(set, rest.first), isFree: rest.isFree, steps: rest.steps + 1 };
    if (rest.isFree) return reach;
    if (intersects(set, rest.first)) return undefined;
    this.passedOver.push(set);
    return reach;
  }
}

/** Every way through it begins with `^`. */
function isTiedToStart(node: RegexNode): boolean {
  switch (node.kind) {
    case "assertion":
      return node.asserts === "start";
    case "sequence":
      return node.parts[0] !== undefined && isTiedToStart(node.parts[0]);
    case "either":
      return node.options.every(isTiedToStart);
    case "group":
      return isTiedToStart(node.body);
    case "class":
    case "repeat":
      return false;
  }
}
