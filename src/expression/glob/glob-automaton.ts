// A glob as an automaton that is at all places at once: time stays linear in the text, and two globs can be compared.
import type { GlobToken } from "./glob.ts";

/** What it reads to go on to the next state, what it reads to stay, where it goes without reading. */
interface State {
  readonly goesOnWith: number | Wild;
  readonly staysWith: Wild;
  readonly skipsTo: readonly number[];
}

/** `segment`: anything but `/`. */
type Wild = "any" | "segment" | "none";

export interface Automaton {
  readonly states: readonly State[];
  /** Every code point that it names. */
  readonly alphabet: ReadonlySet<number>;
}

/** The places it is at: indexes of states. */
export type Places = ReadonlySet<number>;

export const SLASH = 0x2f;

/** In a path, `?` and `*` stay within a segment. */
export function automatonOf(tokens: readonly GlobToken[], isPath: boolean): Automaton {
  const one: Wild = isPath ? "segment" : "any";
  const states: State[] = [];
  for (const token of tokens) states.push(...statesOf(token, one, states.length));
  states.push({ goesOnWith: "none", staysWith: "none", skipsTo: [] });
  const named = states.flatMap(({ goesOnWith }) => (typeof goesOnWith === "number" ? [goesOnWith] : []));
  return { states, alphabet: new Set(named) };
}

export function startOf({ states }: Automaton): Places {
  const places = new Set<number>();
  enter(states, 0, places);
  return places;
}

export function advanced({ states }: Automaton, places: Places, codePoint: number): Places {
  const next = new Set<number>();
  for (const index of places) {
    const state = states[index];
    if (state === undefined) continue;
    if (state.goesOnWith === codePoint || isTaken(state.goesOnWith, codePoint)) enter(states, index + 1, next);
    if (isTaken(state.staysWith, codePoint)) enter(states, index, next);
  }
  return next;
}

export function isAtEnd({ states }: Automaton, places: Places): boolean {
  return places.has(states.length - 1);
}

export function accepts(automaton: Automaton, text: string): boolean {
  let places = startOf(automaton);
  for (let at = 0; at < text.length && places.size > 0;) {
    const codePoint = text.codePointAt(at) ?? 0;
    at += codePoint > 0xffff ? 2 : 1;
    places = advanced(automaton, places, codePoint);
  }
  return isAtEnd(automaton, places);
}

function statesOf(token: GlobToken, one: Wild, at: number): readonly State[] {
  switch (token.kind) {
    case "text":
      return Array.from(token.text, (character) => reads(character.codePointAt(0) ?? 0, []));
    case "one":
      return [reads(one, [])];
    case "segment":
      return [stays("segment", at)];
    case "any":
      return [stays("any", at)];
    case "below":
      return [reads(SLASH, [at + 2]), stays("any", at + 1)];
    case "between":
      return [
        reads(SLASH, []),
        { goesOnWith: "none", staysWith: "none", skipsTo: [at + 2, at + 3] },
        { goesOnWith: SLASH, staysWith: "any", skipsTo: [] },
      ];
  }
}

function reads(goesOnWith: number | Wild, skipsTo: readonly number[]): State {
  return { goesOnWith, staysWith: "none", skipsTo };
}

function stays(staysWith: Wild, at: number): State {
  return { goesOnWith: "none", staysWith, skipsTo: [at + 1] };
}

function isTaken(wild: number | Wild, codePoint: number): boolean {
  return wild === "any" || (wild === "segment" && codePoint !== SLASH);
}

function enter(states: readonly State[], index: number, into: Set<number>): void {
  if (into.has(index)) return;
  into.add(index);
  for (const target of states[index]?.skipsTo ?? []) enter(states, target, into);
}
