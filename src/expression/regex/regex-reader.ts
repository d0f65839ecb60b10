// The characters of a regular expression, read one construct at a time: escapes, classes, repeats, the start of a group.
import { ANY, complement, DIGITS, LAST_CODE_POINT, LINE_ENDS, SPACES, union, WORD, type CharSet } from "./char-set.ts";
import { MOST_REPEATS, RegexProblem, type RegexClass, type RegexNode } from "./regex-tree.ts";

interface Repeat {
  readonly min: number;
  readonly max: number;
  readonly isLazy: boolean;
}

/** What one escape in a class, or one character, stands for. */
interface ClassItem {
  readonly set: CharSet;
  readonly properties: readonly string[];
  /** Of a single character, which alone may start or end a range. */
  readonly codePoint?: number;
}

const SIMPLE_REPEATS: Readonly<Record<string, readonly [number, number]>> = {
  "*": [0, Infinity],
  "+": [1, Infinity],
  "?": [0, 1],
};

const CONTROLS: Readonly<Record<string, number>> = { t: 0x09, n: 0x0a, v: 0x0b, f: 0x0c, r: 0x0d };

export class RegexReader {
  offset = 0;
  readonly #source: string;
  readonly #isCaseIgnored: boolean;
  readonly #dotMatchesAll: boolean;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#isCaseIgnored = flags.includes("i");
    this.#dotMatchesAll = flags.includes("s");
  }

  get isAtEnd(): boolean {
    return this.offset >= this.#source.length;
  }

  sees(text: string): boolean {
    return this.#source.startsWith(text, this.offset);
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.offset += text.length;
    return true;
  }

  /** Anything but a group: a character, an escape, a class, an anchor. */
  takeSimple(): RegexNode {
    const start = this.offset;
    if (this.take("^")) return { kind: "assertion", asserts: "start" };
    if (this.take("$")) return { kind: "assertion", asserts: "end" };
    if (this.take("[")) return this.#takeClass(start);
    if (this.take(".")) return classOf(this.#dotMatchesAll ? ANY : complement(LINE_ENDS));
    if (this.take("\\b")) return { kind: "assertion", asserts: "word-edge" };
    if (this.take("\\B")) return { kind: "assertion", asserts: "no-word-edge" };
    if (/^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#source.slice(start, start + 16))) {
      throw new RegexProblem("there is nothing to repeat here", start);
    }
    return { kind: "class", isNegated: false, ...this.#takeItem(false) };
  }

  takeRepeat(): Repeat | undefined {
    const start = this.offset;
    const [min, max] = SIMPLE_REPEATS[this.#source[start] ?? ""] ?? this.#countsHere() ?? [];
    if (min === undefined || max === undefined) return undefined;
    if (min > max) throw new RegexProblem("the smaller count of a repeat comes first", start);
    const largest = Number.isFinite(max) ? max : min;
    if (largest > MOST_REPEATS) throw new RegexProblem(`a repeat may count to ${MOST_REPEATS}`, start);
    this.offset += this.#source[start] === "{" ? this.#source.slice(start).indexOf("}") + 1 : 1;
    const isLazy = this.take("?");
    if (this.sees("+") || this.sees("*") || this.sees("?") || this.#countsHere()) {
      throw new RegexProblem("a repeat cannot be repeated; put it in `(?: )`", this.offset);
    }
    return { min, max, isLazy };
  }

  /** After `(`: the name of a group that captures (`""` without one), `undefined` of one that does not. */
  takeGroupStart(start: number): string | undefined {
    if (!this.take("?")) return "";
    if (this.take(":")) return undefined;
    if (/^(?:<?[=!])/.test(this.#source.slice(this.offset, this.offset + 2))) {
      throw new RegexProblem("look-around cannot be matched in linear time", start);
    }
    const name = /^<([A-Za-z_][A-Za-z0-9_]*)>/.exec(this.#source.slice(this.offset));
    if (!name?.[1]) throw new RegexProblem(groupProblem(this.#source.slice(this.offset)), start);
    this.offset += name[0].length;
    return name[1];
  }

  #countsHere(): [number, number] | undefined {
    const counts = /^\{(\d+)(,(\d*))?\}/.exec(this.#source.slice(this.offset, this.offset + 32));
    if (!counts) return undefined;
    const min = Number(counts[1]);
    if (counts[2] === undefined) return [min, min];
    return [min, counts[3] ? Number(counts[3]) : Infinity];
  }

  #takeClass(start: number): RegexClass {
    const isNegated = this.take("^");
    const items: ClassItem[] = [];
    while (!this.take("]")) {
      if (this.isAtEnd) throw new RegexProblem("a `[` without its `]`", start);
      items.push(this.#takeRange());
    }
    if (items.length === 0) throw new RegexProblem("an empty class; write `\\]` for the bracket itself", start);
    const set = union(...items.map((item) => item.set));
    return { kind: "class", set, isNegated, properties: items.flatMap((item) => item.properties) };
  }

  #takeRange(): ClassItem {
    const start = this.offset;
    if (/^\[[:.=]/.test(this.#source.slice(start, start + 2))) {
      throw new RegexProblem("there are no `[:…:]` classes; write the characters", start);
    }
    const first = this.#takeItem(true);
    if (!this.sees("-") || this.sees("-]")) return first;
    this.offset += 1;
    if (this.isAtEnd) return first;
    const last = this.#takeItem(true);
    if (first.codePoint === undefined || last.codePoint === undefined) {
      throw new RegexProblem("a range goes from one character to another", start);
    }
    if (first.codePoint > last.codePoint) throw new RegexProblem("the lower end of a range comes first", start);
    return { set: [[first.codePoint, last.codePoint]], properties: [] };
  }

  #takeItem(isInClass: boolean): ClassItem {
    const codePoint = this.#source.codePointAt(this.offset) ?? 0;
    if (codePoint === 0x5c) return this.#takeEscape(isInClass);
    this.offset += codePoint > 0xffff ? 2 : 1;
    return oneCharacter(codePoint);
  }

  #takeEscape(isInClass: boolean): ClassItem {
    const start = this.offset;
    const letter = this.#source[start + 1];
    if (letter === undefined) throw new RegexProblem("a `\\` with nothing after it", start);
    this.offset += 2;
    const named = this.#namedSet(letter);
    if (named) return { set: named, properties: [] };
    if (letter === "p" || letter === "P") return this.#takeProperty(start, letter === "P");
    if (letter === "x" || letter === "u") return oneCharacter(this.#takeHex(start, letter));
    const control = CONTROLS[letter] ?? (isInClass && letter === "b" ? 0x08 : undefined);
    if (control !== undefined) return oneCharacter(control);
    if (letter === "0" && !/\d/.test(this.#source[this.offset] ?? "")) return oneCharacter(0);
    if (/\d|k/.test(letter)) throw new RegexProblem("a back-reference cannot be matched in linear time", start);
    if (/[A-Za-z]/.test(letter)) throw new RegexProblem(`there is no escape \`\\${letter}\``, start);
    const codePoint = this.#source.codePointAt(start + 1) ?? 0;
    this.offset = start + (codePoint > 0xffff ? 3 : 2);
    return oneCharacter(codePoint);
  }

  #namedSet(letter: string): CharSet | undefined {
    switch (letter) {
      case "d":
        return DIGITS;
      case "D":
        return complement(DIGITS);
      case "s":
        return SPACES;
      case "S":
        return complement(SPACES);
      case "w":
        return WORD;
      case "W":
        // Where case is ignored, the long s and the Kelvin sign are an s and a k.
        return complement(this.#isCaseIgnored ? union(WORD, [[0x17f, 0x17f]], [[0x212a, 0x212a]]) : WORD);
      default:
        return undefined;
    }
  }

  #takeProperty(start: number, isNegated: boolean): ClassItem {
    const name = /^\{(L|Lu|Ll|Lt|Lm|Lo|M|Mn|Mc|Me|N|Nd|Nl|No|P|S|Z|C)\}/.exec(this.#source.slice(this.offset));
    if (!name?.[1]) {
      throw new RegexProblem("only general categories such as `\\p{L}` or `\\p{Nd}` are known", start);
    }
    this.offset += name[0].length;
    return { set: [], properties: [isNegated ? `^${name[1]}` : name[1]] };
  }

  /** `\x41`, `\u0041`, `\u{1f600}`, and two `\u` that are one character in UTF-16. */
  #takeHex(start: number, letter: "x" | "u"): number {
    const rest = this.#source.slice(this.offset, this.offset + 12);
    const digits =
      letter === "x" ? /^([0-9A-Fa-f]{2})/.exec(rest) : /^(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{4}))/.exec(rest);
    const codePoint = Number.parseInt(digits?.[1] ?? digits?.[2] ?? "", 16);
    if (!digits || codePoint > LAST_CODE_POINT) throw new RegexProblem(`\`\\${letter}\` wants hex digits`, start);
    const low = /^[0-9A-Fa-f]{4}\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})/.exec(rest);
    if (letter === "u" && codePoint >= 0xd800 && codePoint <= 0xdbff && low?.[1]) {
      this.offset += 10;
      return 0x10000 + ((codePoint - 0xd800) << 10) + (Number.parseInt(low[1], 16) - 0xdc00);
    }
    this.offset += digits[0].length;
    return codePoint;
  }
}

function groupProblem(rest: string): string {
  if (/^P[<=]/.test(rest)) return "a named group is written `(?<name>…)`";
  if (/^[a-zA-Z-]+[:)]/.test(rest)) return "flags stand behind the regex: `/…/i`";
  return "there is no such kind of group; there are `( )`, `(?: )` and `(?<name> )`";
}

function classOf(set: CharSet): RegexClass {
  return { kind: "class", set, properties: [], isNegated: false };
}

function oneCharacter(codePoint: number): ClassItem {
  return { set: [[codePoint, codePoint]], properties: [], codePoint };
}
