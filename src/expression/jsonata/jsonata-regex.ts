// What package jsonata takes for `RegExp`: the same few members, over a regex that is linear in time.
import { checkedRegex } from "../pattern.ts";
import type { LinearRegex } from "../regex/regex.ts";

export class JsonataRegex {
  lastIndex = 0;
  readonly #regex: LinearRegex;

  /** Called by the package with the regex of the expression, which was checked when it was compiled. */
  constructor({ source, flags }: RegExp) {
    this.#regex = checkedRegex(source, flags.replace("g", ""));
  }

  /** As a global regex does: from `lastIndex` on, which then stands at the end of the match. */
  exec(text: string): RegExpMatch | null {
    const match = this.#regex.find(text, this.lastIndex);
    this.lastIndex = match?.end ?? 0;
    if (!match) return null;
    const groups: unknown[] = [...match.groups];
    return Object.assign([text.slice(match.start, match.end), ...groups], { index: match.start });
  }
}

interface RegExpMatch extends Array<unknown> {
  readonly index: number;
}
