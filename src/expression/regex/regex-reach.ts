// How far an engine may read beyond a match before it knows that there is no better one.
import { ANY, complement, EMPTY, intersects, union, widenedByCase, type CharSet } from "./char-set.ts";
import type { RegexClass, RegexNode } from "./regex-tree.ts";

export interface LoopReach {
  /** What its unbounded loops pass over. */
  readonly inLoops: CharSet;
  /** The most characters that are matched outside of loops. */
  readonly outside: number;
}

export function reachOfLoops(node: RegexNode, isCaseIgnored: boolean): LoopReach {
  switch (node.kind) {
    case "class":
      return { inLoops: EMPTY, outside: 1 };
    case "assertion":
      return { inLoops: EMPTY, outside: 0 };
    case "group":
      return reachOfLoops(node.body, isCaseIgnored);
    case "sequence":
      return inAll(node.parts, isCaseIgnored);
    case "either":
      return inAll(node.options, isCaseIgnored);
    case "repeat": {
      const body = reachOfLoops(node.body, isCaseIgnored);
      if (node.max !== Infinity) return { inLoops: body.inLoops, outside: body.outside * node.max };
      return { inLoops: classesIn(node.body, isCaseIgnored), outside: body.outside * (node.min + 1) };
    }
  }
}

/** A match that ends at `end` is known once a way through the regex would need a character that is not there. */
export function charactersReadAfter(text: string, end: number, reach: LoopReach): number {
  let outside = 0;
  let at = end;
  for (; at < text.length && outside <= reach.outside; at += 1) {
    const code = text.charCodeAt(at);
    if (!isSurrogate(code) && !reach.inLoops.some(([first, last]) => first <= code && code <= last)) outside += 1;
  }
  return at - end;
}

/** False only if every match holds a character outside of `set`. */
export function canMatchWithin(node: RegexNode, set: CharSet, isCaseIgnored: boolean): boolean {
  switch (node.kind) {
    case "class":
      return intersects(charactersOf(node, isCaseIgnored), set);
    case "assertion":
      return true;
    case "group":
      return canMatchWithin(node.body, set, isCaseIgnored);
    case "sequence":
      return node.parts.every((part) => canMatchWithin(part, set, isCaseIgnored));
    case "either":
      return node.options.some((option) => canMatchWithin(option, set, isCaseIgnored));
    case "repeat":
      return node.min === 0 || canMatchWithin(node.body, set, isCaseIgnored);
  }
}

export function canBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case "class":
      return false;
    case "assertion":
      return true;
    case "group":
      return canBeEmpty(node.body);
    case "sequence":
      return node.parts.every(canBeEmpty);
    case "either":
      return node.options.some(canBeEmpty);
    case "repeat":
      return node.min === 0 || canBeEmpty(node.body);
  }
}

export function shortestMatch(node: RegexNode): number {
  switch (node.kind) {
    case "class":
      return 1;
    case "assertion":
      return 0;
    case "group":
      return shortestMatch(node.body);
    case "sequence":
      return node.parts.reduce((sum, part) => sum + shortestMatch(part), 0);
    case "either":
      return Math.min(...node.options.map(shortestMatch));
    case "repeat":
      return node.min * shortestMatch(node.body);
  }
}

function inAll(nodes: readonly RegexNode[], isCaseIgnored: boolean): LoopReach {
  const reaches = nodes.map((node) => reachOfLoops(node, isCaseIgnored));
  return {
    inLoops: union(...reaches.map((reach) => reach.inLoops)),
    outside: reaches.reduce((sum, reach) => sum + reach.outside, 0),
  };
}

function classesIn(node: RegexNode, isCaseIgnored: boolean): CharSet {
  switch (node.kind) {
    case "class":
      return charactersOf(node, isCaseIgnored);
    case "assertion":
      return EMPTY;
    case "group":
    case "repeat":
      return classesIn(node.body, isCaseIgnored);
    case "sequence":
      return union(...node.parts.map((part) => classesIn(part, isCaseIgnored)));
    case "either":
      return union(...node.options.map((option) => classesIn(option, isCaseIgnored)));
  }
}

/** At least the characters a class matches. */
export function charactersOf(node: RegexClass, isCaseIgnored: boolean): CharSet {
  if (node.properties.length > 0) return ANY;
  const set = node.isNegated ? complement(node.set) : node.set;
  return isCaseIgnored ? widenedByCase(set) : set;
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}
