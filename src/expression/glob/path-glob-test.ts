// Globs over paths, whose `*` stays within a segment, compiled to the cheapest test that does.
import { accepts, automatonOf } from "./glob-automaton.ts";
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
  const automaton = automatonOf(tokens, true);
  return (path) => accepts(automaton, path);
}
