// Where in a text something stands that must not leave for a translator.
import { checkedRegex, type Pattern } from "../../expression/pattern.ts";

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** In order, none over another, none empty. */
export function secretSpans(pattern: Pattern | undefined): (text: string) => readonly Span[] {
  if (pattern === undefined) return () => [];
  const finders = pattern.parts.flatMap(finderOf);
  return (text) => {
    const found: Span[] = [];
    for (let span = first(finders, text, 0); span !== undefined; span = first(finders, text, span.end))
      found.push(span);
    return found;
  };
}

type Finder = (text: string, from: number) => Span | undefined;

function finderOf(part: Pattern["parts"][number]): readonly Finder[] {
  if (part.kind === "literal") return [];
  if (part.kind === "glob") {
    return [
      (text, from) => {
        const start = text.indexOf(part.text, from);
        return start === -1 ? undefined : { start, end: start + part.text.length };
      },
    ];
  }
  const regex = checkedRegex(part.source, part.flags);
  return [
    (text, from) => {
      let match = regex.find(text, from);
      while (match !== undefined && match.end === match.start) match = regex.find(text, match.end + 1);
      return match;
    },
  ];
}

function first(finders: readonly Finder[], text: string, from: number): Span | undefined {
  return finders
    .map((find) => find(text, from))
    .reduce(
      (one, other) => (one === undefined || (other !== undefined && other.start < one.start) ? other : one),
      undefined,
    );
}
