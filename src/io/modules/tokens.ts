// What must not leave is replaced by tokens on the way out; on the way back a token stands for it again only where it stood.
import type { Pattern } from "../../expression/pattern.ts";
import { checkedRegex } from "../../expression/pattern.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";

const TOKEN = /\[\[redacted:\d+\]\]/g;

export class Tokens {
  readonly #finders: readonly Finder[];
  /** By the place it stood at: what each token there stands for. */
  readonly #hidden = new Map<string, Map<string, string | number>>();
  #last = 0;

  constructor(pattern: Pattern) {
    this.#finders = pattern.parts.flatMap(finderOf);
  }

  hide(value: JsonValue, place: Place = ROOT): JsonValue {
    if (typeof value === "string") return this.#hideText(value, place);
    if (typeof value === "number") return this.#hideNumber(value, place);
    if (isJsonArray(value)) return value.map((element, index) => this.hide(element, below(place, String(index))));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]): [string, JsonValue] => {
        const shown = this.#hideText(key, keysOf(place));
        return [shown, this.hide(member, below(place, shown))];
      }),
    );
  }

  show(value: JsonValue, place: Place = ROOT): JsonValue {
    if (typeof value === "string") return this.#shown(value, place);
    if (isJsonArray(value)) return value.map((element, index) => this.show(element, below(place, String(index))));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]): [string, JsonValue] => [
        this.#shownText(key, keysOf(place)),
        this.show(member, below(place, key)),
      ]),
    );
  }

  #hideText(text: string, place: Place): string {
    let shown = "";
    let from = 0;
    for (let match = this.#find(text, 0); match !== undefined; match = this.#find(text, from)) {
      shown += text.slice(from, match.start) + this.#token(place, text.slice(match.start, match.end));
      from = match.end;
    }
    return from === 0 ? text : shown + text.slice(from);
  }

  #hideNumber(value: number, place: Place): JsonValue {
    return this.#find(JSON.stringify(value), 0) === undefined ? value : this.#token(place, value);
  }

  #token(place: Place, hidden: string | number): string {
    this.#last += 1;
    const token = `[[redacted:${String(this.#last)}]]`;
    const here = this.#hidden.get(place) ?? new Map<string, string | number>();
    this.#hidden.set(place, here.set(token, hidden));
    return token;
  }

  #shown(text: string, place: Place): JsonValue {
    const whole = this.#hidden.get(place)?.get(text);
    return typeof whole === "number" ? whole : this.#shownText(text, place);
  }

  #shownText(text: string, place: Place): string {
    const here = this.#hidden.get(place);
    return here === undefined ? text : text.replaceAll(TOKEN, (token) => String(here.get(token) ?? token));
  }

  /** The first match that is not empty, at or after `from`. */
  #find(text: string, from: number): Match | undefined {
    let first: Match | undefined;
    for (const find of this.#finders) {
      const match = find(text, from);
      if (match !== undefined && (first === undefined || match.start < first.start)) first = match;
    }
    return first;
  }
}

/** Keys on the way down, each as JSON text. */
type Place = string;
const ROOT: Place = "";

function below(place: Place, key: string): Place {
  return `${place}/${JSON.stringify(key)}`;
}

function keysOf(place: Place): Place {
  return `${place}/keys`;
}

interface Match {
  readonly start: number;
  readonly end: number;
}

type Finder = (text: string, from: number) => Match | undefined;

function finderOf(part: Pattern["parts"][number]): readonly Finder[] {
  if (part.kind === "literal") return [];
  if (part.kind === "regex") {
    const regex = checkedRegex(part.source, part.flags);
    return [(text, from) => firstMatch((at) => regex.find(text, at), from)];
  }
  const { text: wanted } = part;
  return [
    (text, from) => {
      const start = text.indexOf(wanted, from);
      return start === -1 ? undefined : { start, end: start + wanted.length };
    },
  ];
}

function firstMatch(find: (from: number) => Match | undefined, from: number): Match | undefined {
  let match = find(from);
  while (match !== undefined && match.end === match.start) match = find(match.end + 1);
  return match;
}

export function hideIn(value: JsonObject, tokens: Tokens | undefined): JsonObject {
  const hidden = tokens?.hide(value);
  return isJsonObject(hidden) ? hidden : value;
}
