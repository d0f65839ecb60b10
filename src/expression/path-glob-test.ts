// Globs over paths, whose `*` stays within a segment: tried at all places at once, so time stays linear in the path.
import type { GlobToken } from "./glob.ts";

export function pathTest(tokens: readonly GlobToken[]): (path: string) => boolean {
  const [first, second] = tokens;
  if (!first) return (path) => path === "";
  if (tokens.length === 1 && first.kind === "text") return (path) => path === first.text;
  if (tokens.length === 1 && first.kind === "any") return () => true;
  if (tokens.length === 2 && first.kind === "text" && second?.kind === "below") {
    const below = `${first.text}/`;
    return (path) => path.startsWith(below) || path === first.text;
  }
  const states = statesOf(tokens);
  return (path) => simulate(states, path);
}

/** A state of the automaton: what it reads to go on to the next one, what it reads to stay, where it goes without reading. */
interface State {
  readonly goesOnWith: number | "segment" | "none";
  readonly staysWith: "any" | "segment" | "none";
  readonly skipsTo: readonly number[];
}

const SLASH = 0x2f;

function statesOf(tokens: readonly GlobToken[]): readonly State[] {
  const states: State[] = [];
  for (const token of tokens) states.push(...statesOfToken(token, states.length));
  return [...states, { goesOnWith: "none", staysWith: "none", skipsTo: [] }];
}

function statesOfToken(token: GlobToken, at: number): readonly State[] {
  switch (token.kind) {
    case "text":
      return Array.from(token.text, (character) => reads(character.codePointAt(0) ?? 0, []));
    case "one":
      return [reads("segment", [])];
    case "segment":
      return [{ goesOnWith: "none", staysWith: "segment", skipsTo: [at + 1] }];
    case "any":
      return [{ goesOnWith: "none", staysWith: "any", skipsTo: [at + 1] }];
    case "below":
      return [reads(SLASH, [at + 2]), { goesOnWith: "none", staysWith: "any", skipsTo: [at + 2] }];
    case "between":
      return [
        reads(SLASH, []),
        { goesOnWith: "none", staysWith: "none", skipsTo: [at + 2, at + 3] },
        { goesOnWith: SLASH, staysWith: "any", skipsTo: [] },
      ];
  }
}

function reads(goesOnWith: number | "segment", skipsTo: readonly number[]): State {
  return { goesOnWith, staysWith: "none", skipsTo };
}

function simulate(states: readonly State[], path: string): boolean {
  let active = new Set<number>();
  enter(states, 0, active);
  for (let at = 0; at < path.length && active.size > 0;) {
    const codePoint = path.codePointAt(at) ?? 0;
    at += codePoint > 0xffff ? 2 : 1;
    const next = new Set<number>();
    for (const index of active) step(states, index, codePoint, next);
    active = next;
  }
  return active.has(states.length - 1);
}

function step(states: readonly State[], index: number, codePoint: number, next: Set<number>): void {
  const state = states[index];
  if (!state) return;
  const { goesOnWith, staysWith } = state;
  if (goesOnWith === codePoint || (goesOnWith === "segment" && codePoint !== SLASH)) enter(states, index + 1, next);
  if (staysWith === "any" || (staysWith === "segment" && codePoint !== SLASH)) enter(states, index, next);
}

function enter(states: readonly State[], index: number, into: Set<number>): void {
  if (into.has(index)) return;
  into.add(index);
  for (const target of states[index]?.skipsTo ?? []) enter(states, target, into);
}
