// What can be proven of two patterns: one lies within the other, or they may both match something.
import { advanced, automatonOf, isAtEnd, SLASH, startOf, type Automaton, type Places } from "./glob/glob-automaton.ts";
import { kindOfGlob } from "./glob/glob-kind.ts";
import { pathTokens, plainTokens } from "./glob/glob.ts";
import { fold, isPlain } from "./glob/path-glob.ts";
import { checkedRegex, type Pattern, type PatternPart } from "./pattern.ts";

/** True only if it is proven that `outer` matches whatever `inner` matches. */
export function isWithin(inner: Pattern, outer: Pattern): boolean {
  return inner.parts.every((part) => outer.parts.some((other) => isPartWithin(part, other)));
}

/** False only if it is proven that nothing is matched by both. */
export function mayOverlap(one: Pattern, other: Pattern): boolean {
  return one.parts.some((part) => other.parts.some((otherPart) => mayPartsOverlap(part, otherPart)));
}

function isPartWithin(inner: PatternPart, outer: PatternPart): boolean {
  if (inner.kind === "literal" || outer.kind === "literal") return isSamePart(inner, outer);
  if (isSamePart(inner, outer) || (outer.kind === "glob" && /^\*+$/.test(outer.text))) return true;
  if (inner.kind === "regex") return false;
  if (outer.kind === "regex") return isExact(inner.text) && checkedRegex(outer.source, outer.flags).test(inner.text);
  const both = comparable(inner.text, outer.text);
  return both !== undefined && !isReachable(...both, (isInner, isOuter) => isInner && !isOuter);
}

function mayPartsOverlap(one: PatternPart, other: PatternPart): boolean {
  if (one.kind === "literal" || other.kind === "literal") return isSamePart(one, other);
  if (one.kind === "glob" && other.kind === "glob") {
    if (beginApart(one.text, other.text)) return false;
    const both = comparable(fold(one.text), fold(other.text));
    return both === undefined || isReachable(...both, (isOne, isOther) => isOne && isOther);
  }
  const [glob, regex] = one.kind === "glob" ? [one, other] : [other, one];
  if (glob.kind !== "glob" || regex.kind !== "regex" || !isExact(glob.text)) return true;
  return checkedRegex(regex.source, regex.flags).test(glob.text);
}

/** Plain ones whose texts before the first wildcard differ: told without automata, since policies have many of them. */
function beginApart(one: string, other: string): boolean {
  if (kindOfGlob(one) !== "plain" || kindOfGlob(other) !== "plain") return false;
  const beginnings = [one, other].map((glob) => fold(/^[^*?]*/.exec(glob)?.[0] ?? ""));
  const [first = "", second = ""] = beginnings;
  return !first.startsWith(second) && !second.startsWith(first);
}

function isSamePart(one: PatternPart, other: PatternPart): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Plain, and without wildcards: it matches that text and no other. */
function isExact(glob: string): boolean {
  return kindOfGlob(glob) === "plain" && !/[*?]/.test(glob);
}

/** Both as automata, if what they match is the texts they accept: plain ones, or paths that can be read in one way only. */
function comparable(one: string, other: string): [Automaton, Automaton] | undefined {
  const kinds = [kindOfGlob(one), kindOfGlob(other)];
  if (kinds.every((kind) => kind === "plain")) {
    return [automatonOf(plainTokens(one), false), automatonOf(plainTokens(other), false)];
  }
  const isOneWay = isReadOneWay(one) && isReadOneWay(other) && one.startsWith("/") === other.startsWith("/");
  if (!isOneWay || kinds.some((kind) => kind !== "path")) return undefined;
  return [automatonOf(pathTokens(one), true), automatonOf(pathTokens(other), true)];
}

function isReadOneWay(glob: string): boolean {
  const path = glob.replaceAll(/[*?]/g, "x");
  return !glob.startsWith("*") && isPlain(path.startsWith("/") ? path : `/${path}`);
}

/** Beyond this many combinations it is taken to be. */
const MOST_COMBINATIONS = 5000;

/** Whether some text brings the two automata to where `isFound` says so. */
function isReachable(
  one: Automaton,
  other: Automaton,
  isFound: (isOneAtEnd: boolean, isOtherAtEnd: boolean) => boolean,
): boolean {
  const alphabet = new Set([...one.alphabet, ...other.alphabet, SLASH]);
  // All characters that neither of them names behave alike; one stands for them.
  const rest = [...alphabet].reduce((highest, codePoint) => Math.max(highest, codePoint), 0) + 1;
  const seen = new Set<string>();
  const waiting: (readonly [Places, Places])[] = [[startOf(one), startOf(other)]];
  for (let pair = waiting.pop(); pair; pair = waiting.pop()) {
    const [inOne, inOther] = pair;
    if (isFound(isAtEnd(one, inOne), isAtEnd(other, inOther)) || seen.size > MOST_COMBINATIONS) return true;
    for (const codePoint of [...alphabet, rest]) {
      const next = [advanced(one, inOne, codePoint), advanced(other, inOther, codePoint)] as const;
      const key = next.map(nameOf).join("|");
      if (next[0].size === 0 || seen.has(key)) continue;
      seen.add(key);
      waiting.push(next);
    }
  }
  return false;
}

function nameOf(places: Places): string {
  return [...places].sort((one, other) => one - other).join(" ");
}
