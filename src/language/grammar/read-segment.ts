// One item's tokens → its tree; or, when it is broken, all its mistakes, and a tree of what can be read without them.
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Item } from "../tree/ast.ts";
import { itemsFrom } from "../tree/cst-to-ast.ts";
import { callsForMore, groupOf } from "./expectations.ts";
import { explainMistake, isForeignAction } from "../explain/explain-mistake.ts";
import type { Token } from "../text/lexer.ts";
import { expectedAfter, parseTokens, type EntryRule, type Expectation } from "./parser.ts";
import { startsPart, strikeOut } from "./segments.ts";
import { keyword } from "../text/token-types.ts";

export interface ReadSegment {
  readonly items: readonly Item[];
  /** What is left of broken items without the parts that are broken: to be checked, never to be compiled. */
  readonly remnants: readonly Item[];
  readonly diagnostics: readonly Diagnostic[];
}

/** When a part of it is broken, strikes that part out and reads on, so that one mistake does not hide the others. */
export function readSegment(segment: readonly Token[], source: SourceText): ReadSegment {
  const parsed = segment.some(isUnreadable) ? undefined : parseTokens(segment, "items");
  if (parsed?.kind === "tree") return { items: itemsFrom(parsed.tree, source.path), remnants: [], diagnostics: [] };
  const state: Striking = { tokens: segment, entry: "items", cut: -1, diagnostics: [] };
  for (let round = 0; round < MAX_IN_ITEM && state.tokens.length > 0; round += 1) {
    const remnants = strikeOnce(state, source);
    if (remnants !== undefined) return { items: [], remnants, diagnostics: state.diagnostics };
  }
  return { items: [], remnants: [], diagnostics: state.diagnostics };
}

/** Mistakes in one item; then what is left of it is skipped. */
const MAX_IN_ITEM = 10;

interface Striking {
  tokens: readonly Token[];
  entry: EntryRule;
  /** Where tokens were struck out; -1 before that. */
  cut: number;
  readonly diagnostics: Diagnostic[];
}

/** `undefined`: a mistake was noted and struck out, there may be others. */
function strikeOnce(state: Striking, source: SourceText): readonly Item[] | undefined {
  const { tokens, entry, cut } = state;
  const unreadable = tokens.findIndex(isUnreadable);
  const parsed = unreadable === -1 ? parseTokens(tokens, entry) : undefined;
  if (parsed?.kind === "tree") return entry === "items" ? itemsFrom(parsed.tree, source.path) : [];
  const at = parsed?.at ?? unreadable;
  const expected = parsed === undefined ? [] : expectedAfter(tokens.slice(0, at), entry);
  const isOwn = cut === -1 || (at < tokens.length && (at !== cut || isMisspeltPart(tokens[at])));
  if (parsed !== undefined && isOwn) state.diagnostics.push(explainMistake({ tokens, at, expected, source }));
  if (at >= tokens.length) return remnantsOf(tokens, entry, expected, source);
  // An action above `when` is what goes: the rule's head is sound, and so may be the `when` below.
  const isTooEarly = tokens[at] !== undefined && startsPart(tokens[at]) && expected.some(({ type }) => type === "WHEN");
  const isIncomplete = parsed !== undefined && callsForMore(expected) && !isTooEarly;
  Object.assign(state, strikeOut(tokens, at, entry, isIncomplete));
  return undefined;
}

/** A rule that lost its only action is read with another one in its place. */
function remnantsOf(
  tokens: readonly Token[],
  entry: EntryRule,
  expected: readonly Expectation[],
  source: SourceText,
): readonly Item[] {
  const last = tokens.at(-1);
  const isActionMissing = expected.some((one) => groupOf(one) === "action");
  if (last === undefined || entry !== "items" || !isActionMissing) return [];
  const kept = isForeignAction(last) ? tokens.slice(0, -1) : tokens;
  const parsed = parseTokens([...kept, placeholder(kept.at(-1) ?? last)], entry);
  return parsed.kind === "tree" ? itemsFrom(parsed.tree, source.path) : [];
}

/** A `log`, at the end of what stands before it. */
function placeholder(after: Token): Token {
  const tokenType = keyword("log");
  const image = "log";
  const endOffset = after.startOffset + after.image.length - 1;
  const startOffset = Math.max(0, endOffset + 1 - image.length);
  const payload = { kind: "bare" as const };
  return {
    image,
    startOffset,
    endOffset,
    tokenType,
    tokenTypeIdx: 0,
    payload,
    isFirstOnLine: true,
  };
}

/** Where something was struck out, only a misspelt word is a mistake of its own. */
function isMisspeltPart(token: Token | undefined): boolean {
  return token !== undefined && !startsPart(token);
}

function isUnreadable(token: Token): boolean {
  return token.payload.kind === "mistake";
}
