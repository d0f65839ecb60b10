// Patterns: globs, regular expressions and literals joined by `|`, asked of names, of values and of whole bodies.
import type { JsonValue } from "../mcp/json.ts";
import type { Truth } from "./truth.ts";

export type PatternPart =
  | { readonly kind: "glob"; readonly text: string }
  | { readonly kind: "regex"; readonly source: string; readonly flags: string }
  | { readonly kind: "literal"; readonly value: number | boolean | null };

export interface Pattern {
  readonly parts: readonly PatternPart[];
  /** As one would write it: `get_* | /^a/`. */
  readonly text: string;
  /** Of a name, method, server or user: plain globs over the whole of it. Of a URI, the readings of a path glob. */
  matchesName(name: string): Truth;
  /** Of a value in a body: with all readings of path globs; of a list, every element; absent: no. */
  matches(value: JsonValue | undefined, home: PathHome): Truth;
  /** Whether any text anywhere in the value is matched, keys included. */
  isFoundIn(value: JsonValue): Truth;
  /** What each `*` of a pattern that is one glob takes of a name it matches, in order. */
  captures(name: string): readonly string[] | undefined;
}

/** Where relative paths start and what `~` means; absent: such values are in doubt. */
export interface PathHome {
  readonly root?: string | undefined;
  readonly home?: string | undefined;
}

/** Regexes were checked with `compileRegex` before: one that is not linear is our own bug and throws. */
export function compilePattern(parts: readonly PatternPart[]): Pattern {
  throw new Error(`not built yet: ${parts.length}`);
}
