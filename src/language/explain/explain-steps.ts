// Steps of tests as other languages have them, each with the form here.
import type { GrammarMistake } from "../grammar/grammar-mistake.ts";
import { isPattern, nextOf, restOfLine, type Before } from "./habit.ts";
import type { Token } from "../text/lexer.ts";

export function stepHelp(
  mistake: GrammarMistake,
  { image, payload }: Token,
  [one, two, three]: Before,
): string | undefined {
  if (image === "on" && three === "given" && THINGS.has(two))
    return `its definition comes first: \`given ${two} ${one} {…} ${restOfLine(mistake, 0)}\``;
  const call = one === "send" ? CALLS.get(image) : undefined;
  if (call !== undefined) return `a method stands behind it: \`send ${call} ${restOfLine(mistake, 1)}\``;
  if (two === "expect" && /^(?:listed|hidden)$/.test(one) && isPattern({ payload, image }))
    return `write \`expect ${one} tool ${restOfLine(mistake, 0)}\``;
  if (payload.kind === "json" && two === "on") return `what is sent stands before \`on\`: \`{…} on ${one}\``;
  if (one === "send" && payload.kind === "bare" && nextOf(mistake)?.payload.kind === "json")
    return `a method stands before it: \`send tools/call ${restOfLine(mistake, 0)}\``;
  if (one === "not" && two === "expect") return notExpected(image);
  const verdict = image === "by" && two === "expect" ? VERDICTS.get(one) : undefined;
  if (verdict !== undefined) return `write \`expect ${verdict} ${restOfLine(mistake, 0)}\``;
  if (two === "expect" && payload.kind === "text" && /^(?:block|ask|answer)$/.test(one)) return REASON_HELP;
  if (two === "by" && REASONS.has(image) && nextOf(mistake) !== undefined) return REASON_HELP;
  return undefined;
}

function notExpected(image: string): string {
  const opposite = OPPOSITES.get(image);
  return opposite === undefined
    ? "write `expect without PATH`, or `expect PATH != value`"
    : `write \`expect ${opposite}\``;
}

const REASON_HELP =
  'the reason is a field of what goes back: `expect result.content[0].text "…"`, on a line of its own';
const CALLS: ReadonlyMap<string, string> = new Map([
  ["tool", "tools/call"],
  ["prompt", "prompts/get"],
  ["resource", "resources/read"],
]);
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
