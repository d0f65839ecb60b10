// One text that a regular expression certainly finds, if a simple one can be told: to show what becomes of such texts.
import { compileRegex } from "./regex.ts";
import type { RegexClass, RegexNode } from "./regex-tree.ts";

/** `undefined`: nobody knows one. */
export function sampleOf(source: string, flags: string): string | undefined {
  const compiled = compileRegex(source, flags);
  if (compiled.kind !== "regex") return undefined;
  const sample = textOf(compiled.node);
  return sample !== undefined && compiled.regex.test(sample) ? sample : undefined;
}

function textOf(node: RegexNode): string | undefined {
  switch (node.kind) {
    case "class":
      return characterOf(node);
    case "assertion":
      return "";
    case "group":
      return textOf(node.body);
    case "sequence":
      return joined(node.parts.map(textOf));
    case "either":
      return node.options.map(textOf).find((text) => text !== undefined);
    case "repeat":
      return textOf(node.body)?.repeat(Math.min(node.max, Math.max(node.min, 1)));
  }
}

function joined(texts: readonly (string | undefined)[]): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** A letter or a digit where it may be one. */
const LIKELY = ["x", "7", "X", "a", "A", "_", "-", " "];

function characterOf({ set, properties, isNegated }: RegexClass): string | undefined {
  if (properties.length > 0) return undefined;
  const isIn = (character: string): boolean => {
    const code = character.codePointAt(0) ?? 0;
    return set.some(([first, last]) => first <= code && code <= last) !== isNegated;
  };
  const likely = LIKELY.find(isIn);
  const [range] = set;
  return likely ?? (isNegated || range === undefined ? undefined : String.fromCodePoint(range[0]));
}
