// What a `redact` looks for in one text or number, and what it puts there.
import { checkedRegex, type Pattern, type PatternPart } from "../pattern.ts";
import { fillTemplate } from "../regex/regex.ts";

export interface Mask {
  /** The text itself when nothing matches; `undefined`: it matches and cannot be masked. */
  readonly ofText: (text: string) => string | undefined;
  /** The masked spelling; `undefined`: nothing in it matches, however it was spelled. */
  readonly ofNumber: (value: number) => string | undefined;
}

/** A replacement may make a new match with what stands around it; after so many rounds it is given up. */
const MOST_ROUNDS = 8;

/** Kept with the pattern, as long as there is one. */
export function maskFor(pattern: Pattern, as: string): Mask {
  const known = masks.get(pattern) ?? new Map<string, Mask>();
  masks.set(pattern, known);
  const mask = known.get(as) ?? createMask(pattern, as);
  if (known.size < MOST_KEPT) known.set(as, mask);
  return mask;
}

const masks = new WeakMap<Pattern, Map<string, Mask>>();
const MOST_KEPT = 16;

function createMask(pattern: Pattern, as: string): Mask {
  const replacers = pattern.parts.map((part) => replacerOf(part, as));
  const isFound = finderOf(replacers);
  const ofText = (text: string): string | undefined => {
    let masked = text;
    for (let round = 0; isFound(masked); round += 1) {
      const next = replaceAll(replacers, masked);
      if (next === undefined || round >= MOST_ROUNDS) return undefined;
      masked = next;
    }
    return masked;
  };
  const mayHideInDigits = replacers.some((replacer) => replacer.mayBeNumber);
  const ofNumber = (value: number): string | undefined => {
    const spelling = JSON.stringify(value);
    if (isFound(spelling)) return ofText(spelling) ?? "***";
    return mayHideInDigits && !isSpelledOneWay(value) ? fillTemplate(as, "", []) : undefined;
  };
  return { ofText, ofNumber };
}

interface Replacer {
  readonly isFoundIn: (text: string) => boolean;
  /** What is shorter is not looked at. */
  readonly shortest: number;
  /** The same question for the native engine, if it can be asked there; with its flags. */
  readonly native: { readonly source: string; readonly flags: string } | undefined;
  readonly replaceAll: (text: string) => string | undefined;
  /** It may match something that consists of what numbers are written with. */
  readonly mayBeNumber: boolean;
}

function replacerOf(part: PatternPart, as: string): Replacer {
  if (part.kind === "regex") {
    const regex = checkedRegex(part.source, part.flags);
    const isFoundIn = (text: string): boolean => regex.test(text) && (!regex.matchesEmpty || hasMatch(text));
    const hasMatch = (text: string): boolean => regex.replaceAll(text, "") !== text;
    const { native, shortest, mayBeNumber } = regex;
    return {
      isFoundIn,
      shortest,
      native: native === undefined || regex.matchesEmpty ? undefined : { source: native, flags: part.flags },
      replaceAll: (text) => regex.replaceAll(text, as),
      mayBeNumber,
    };
  }
  const literal = part.kind === "glob" ? part.text : String(part.value);
  const filled = fillTemplate(as, literal, []);
  return {
    isFoundIn: (text) => literal !== "" && text.includes(literal),
    shortest: literal.length,
    native: undefined,
    replaceAll: (text) => text.replaceAll(literal, () => filled),
    mayBeNumber: /^[0-9.eE+-]+$/.test(literal),
  };
}

/** Several regexes that the native engine runs are one for it. */
function finderOf(replacers: readonly Replacer[]): (text: string) => boolean {
  const shortest = Math.min(...replacers.map((replacer) => replacer.shortest));
  const [first] = replacers;
  const flags = first?.native?.flags.includes("i");
  const sources = replacers.map(({ native }) => (native?.flags.includes("i") === flags ? native?.source : undefined));
  if (sources.length > 1 && sources.every((source) => source !== undefined)) {
    const together = new RegExp(sources.map((source) => `(?:${source})`).join("|"), flags === true ? "iu" : "u");
    return (text) => text.length >= shortest && together.test(text);
  }
  return (text) =>
    text.length >= shortest && replacers.some((one) => text.length >= one.shortest && one.isFoundIn(text));
}

function replaceAll(replacers: readonly Replacer[], text: string): string | undefined {
  let masked: string | undefined = text;
  for (const replacer of replacers) {
    if (masked !== undefined && replacer.isFoundIn(masked)) masked = replacer.replaceAll(masked);
  }
  return masked;
}

/** Beyond 2^53, or with more than 15 digits, the message may hold digits that the number has lost. */
function isSpelledOneWay(value: number): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && JSON.stringify(value).length <= 16);
}
