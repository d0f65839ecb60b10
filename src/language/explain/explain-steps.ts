// Steps of tests as other languages have them, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { nextOf, restOfLine, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function stepHelp(
  mistake: GrammarMistake,
  { image, payload }: Token,
  [one, two, three]: Before,
): string | undefined {
  if (image === "on" && three === "given" && THINGS.has(two))
    return `its definition comes first: \`given ${two} ${one} {…} ${restOfLine(mistake, 0)}\``;
  if (payload.kind === "json" && two === "on") return `what is sent stands before \`on\`: \`{…} on ${one}\``;
  if (one === "send" && payload.kind === "bare" && nextOf(mistake)?.payload.kind === "json")
    return `a method stands before it: \`send tools/call ${restOfLine(mistake, 0)}\``;
  if (one === "not" && two === "expect") return notExpected(image);
  const verdict = image === "by" && two === "expect" ? VERDICTS.get(one) : undefined;
  if (verdict !== undefined) return `write \`expect ${verdict} ${restOfLine(mistake, 0)}\``;
  if (two === "by" && REASONS.has(image) && nextOf(mistake) !== undefined)
    return 'the reason is a field of what goes back: `expect result.content[0].text "…"`, on a line of its own';
  return undefined;
}

function notExpected(image: string): string {
  const opposite = OPPOSITES.get(image);
  return opposite === undefined
    ? "write `expect without PATH`, or `expect PATH != value`"
    : `write \`expect ${opposite}\``;
}

const THINGS: ReadonlySet<string> = new Set(["tool", "prompt", "resource"]);
const REASONS: ReadonlySet<string> = new Set(["with", "because", "reason", "saying"]);
/** What became of a message, as people say it. */
const VERDICTS: ReadonlyMap<string, string> = new Map([
  ...["blocked", "deny", "denied", "refuse", "refused", "reject", "rejected", "forbidden"].map(
    (word) => [word, "block"] as const,
  ),
  ["allowed", "allow"],
  ["permitted", "allow"],
  ["asked", "ask"],
  ["answered", "answer"],
]);
const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ["allow", "block"],
  ["allowed", "block"],
  ["block", "allow"],
  ["blocked", "allow"],
  ["listed", "hidden"],
  ["hidden", "listed"],
]);
