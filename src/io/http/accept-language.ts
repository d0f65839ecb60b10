// Which languages a request asks for, the best first, and a caller who asks for them.
import Negotiator from "negotiator";
import { canonical } from "../locale.ts";
import type { Caller } from "./caller.ts";

export function acceptedLanguages(header: string): readonly string[] {
  const named = new Negotiator({ headers: { "accept-language": header } }).languages();
  return named.flatMap((tag) => (tag === "*" ? [] : canonical(tag)));
}

/** What is longer is no wish any more. In characters. */
const LONGEST = 400;
/** Whoever asks in more ways than this begins anew. */
const MOST_WAYS = 50;

const SPEAKERS = new WeakMap<Caller, Map<string, Caller>>();

/** The same object for the same caller and header. */
export function speaking(caller: Caller, header: string | undefined): Caller {
  if (header === undefined || header === "" || header.length > LONGEST) return caller;
  const ways = SPEAKERS.get(caller) ?? new Map<string, Caller>();
  SPEAKERS.set(caller, ways);
  const known = ways.get(header);
  if (known !== undefined) return known;
  if (ways.size >= MOST_WAYS) ways.clear();
  const languages = acceptedLanguages(header);
  const speaker = languages.length === 0 ? caller : { ...caller, languages };
  ways.set(header, speaker);
  return speaker;
}
