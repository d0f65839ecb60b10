// Matches of a regex in a text, as `$match`, `$replace` and `$split` walk through them.
import type { LinearRegex, RegexMatch } from "../regex/regex.ts";
import { FunctionValue, type Run } from "./function-value.ts";
import { JsonataError } from "./jsonata-error.ts";
import { tick } from "./steps.ts";

/** A regex of the expression; to JSONata it is a function. */
export class Matcher extends FunctionValue {
  readonly regex: LinearRegex;

  constructor(regex: LinearRegex) {
    super(2, undefined, () => undefined);
    this.regex = regex;
  }
}

/** A regex costs the characters it reads; so many of them, or matches, are as much work as evaluating a node. */
const CHARACTERS_PER_STEP = 4096;
const MATCHES_PER_STEP = 16;

export function isFound({ regex }: Matcher, text: string, run: Run): boolean {
  tick(run, Math.floor(text.length / CHARACTERS_PER_STEP));
  return regex.test(text);
}

/** One after the other, up to `limit` of them. A second empty match fails: it would never end. */
export function matchesOf(
  { regex }: Matcher,
  text: string,
  limit: number | undefined,
  run: Run,
): readonly RegexMatch[] {
  tick(run, Math.floor(text.length / CHARACTERS_PER_STEP));
  const found: RegexMatch[] = [];
  let match = regex.find(text, 0);
  while (match && (limit === undefined || found.length < limit)) {
    found.push(match);
    if (found.length % MATCHES_PER_STEP === 0) tick(run, 1);
    if (match.end >= text.length) break;
    match = regex.find(text, match.end);
    if (match && match.start === match.end) throw new JsonataError("D1004");
  }
  return found;
}

/** `$0` is the match, `$1` a group, `$$` a dollar; of the digits after `$`, as many as there may be groups. */
export function substituted(replacement: string, text: string, match: RegexMatch): string {
  const whole = text.slice(match.start, match.end);
  let filled = "";
  let position = 0;
  for (let dollar = replacement.indexOf("$"); dollar >= 0; dollar = replacement.indexOf("$", position)) {
    filled += replacement.slice(position, dollar);
    const [value, length] = reference(replacement, dollar + 1, whole, match.groups);
    filled += value;
    position = dollar + 1 + length;
    if (position >= replacement.length) break;
  }
  return filled + replacement.slice(position);
}

/** What stands for what follows a `$`, and how many characters of it that takes. */
function reference(
  replacement: string,
  at: number,
  whole: string,
  groups: RegexMatch["groups"],
): readonly [string, number] {
  const next = replacement[at];
  if (next === "$") return ["$", 1];
  if (next === "0") return [whole, 1];
  const digits = groups.length === 0 ? 1 : String(groups.length).length;
  let index = Number.parseInt(replacement.slice(at, at + digits), 10);
  if (digits > 1 && index > groups.length) index = Number.parseInt(replacement.slice(at, at + digits - 1), 10);
  if (Number.isNaN(index)) return ["$", 0];
  return [groups[index - 1] ?? "", String(index).length];
}
