// The functions that policies have besides JSONata's own: `$parse`, `$tokens`, `$truncate`, `$local`.
import type { JsonValue } from "../../mcp/json.ts";
import { hasFunctionMark, LimitExceeded, LONGEST_TEXT } from "./jsonata-limits.ts";

const DEEPEST_JSON = 128;

/** JSON in a text as a value; what is no JSON, or too long or deep, fails. */
export function parseText(text: string | undefined): JsonValue | undefined {
  if (text === undefined) return undefined;
  if (text.length > LONGEST_TEXT) throw new LimitExceeded("the text for $parse is too long");
  const value = parsed(text);
  if (isDeeper(value, DEEPEST_JSON)) throw new LimitExceeded("the JSON for $parse is nested too deeply");
  if (hasFunctionMark(value)) throw new Error("the JSON for $parse holds a name that JSONata keeps for itself");
  return value;
}

/**
 * About how many tokens a language model takes for the text: four characters of ASCII are one, any other character is
 * one by itself. An estimate that needs no model, the same everywhere.
 */
export function tokensIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.ceil(quartersIn(text) / QUARTERS);
}

/** The longest beginning of the text that takes no more tokens than that. */
export function truncated(text: string | undefined, tokens: number | undefined): string | undefined {
  if (text === undefined || tokens === undefined) return text;
  const most = Math.floor(tokens) * QUARTERS;
  let quarters = 0;
  let end = 0;
  for (const character of text) {
    quarters += quartersOf(character);
    if (quarters > most) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** The wall clock of a time zone such as `Europe/Berlin` at `now`. */
export function localTime(zone: string | undefined, now: number): JsonValue | undefined {
  if (zone === undefined) return undefined;
  const parts = new Map(
    formatOf(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const number = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  return {
    date: `${number("year")}-${number("month")}-${number("day")}`,
    weekday: number("weekday").toLowerCase(),
    hour: Number(number("hour")),
    minute: Number(number("minute")),
  };
}

const QUARTERS = 4;

function quartersIn(text: string): number {
  let quarters = 0;
  for (const character of text) quarters += quartersOf(character);
  return quarters;
}

function quartersOf(character: string): number {
  return character <= "\u007f" ? 1 : QUARTERS;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      weekday: "long",
      hour: "2-digit",
      minute: "2-digit",
    });
  } catch {
    throw new Error(`there is no time zone ${JSON.stringify(zone)}`);
  }
}

function parsed(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw new Error("the text for $parse is no JSON");
  }
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}
