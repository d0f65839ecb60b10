// Inside a line of prose: what is no prose (code, tags, links, paths, placeholders, names) becomes tokens.
import type { Segment } from "./unit.ts";

export interface Staying {
  /** Where they stand in quotes. */
  readonly names: readonly string[];
  /** Wherever they stand: terms of a glossary. */
  readonly terms: readonly string[];
  /** Where in a text something stands that must not leave: in order, none over another. */
  readonly secrets?: (text: string) => readonly { readonly start: number; readonly end: number }[];
}

/** In the order that counts: what one has taken, no later one looks into. All of them are linear in the text. */
const NO_PROSE: readonly RegExp[] = [
  /[⟦⟧]/g,
  // Code, with as many back-quotes before as behind it.
  /(?<!`)``(?!`)(?:[^`]|`(?!`)){1,4000}``(?!`)|(?<!`)(`{1,8})(?!`)[^`]{1,4000}(?<!`)\1(?!`)/g,
  /<!--[^<>]{0,4000}-->|<\/?[A-Za-z][^<>]{0,1000}>/g,
  // Images whole; of links what they lead to.
  /!\[[^[\]\n]{0,500}\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,200}")?\)/g,
  /\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,200}")?\)|\]\[[^\]\n]{0,200}\]/g,
  /\b[A-Za-z][A-Za-z0-9+.-]{1,20}:\/\/[^\s<>"'`⟦⟧]{0,2000}[^\s<>"'`⟦⟧.,;:!?)\]}]/g,
  /\b(?:mailto|urn|tel|javascript|data):[^\s<>"'`]{1,2000}/g,
  /(?<![\w.+-])[\w.+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g,
  // Hosts without a scheme.
  /(?<![\w.-])(?:[A-Za-z0-9-]{1,63}\.){1,8}(?:com|org|net|io|dev|app|ai|co|edu|gov|info|me|sh|xyz|site|online|local|example|test|invalid)\b(?:\/[^\s<>"'`]{0,2000})?/gi,
  // Files and folders.
  /(?<![\w/\\.~])(?:~|\.{1,2})?(?:\/[\w.@+*-]{0,200}[\w@+*-]){1,40}\/?/g,
  /(?<![\w])[A-Za-z]:\\[^\s"'<>|`]{1,500}/g,
  /(?<![\w/.@+-])[\w.@+-]{1,200}(?:\/[\w.@+*-]{0,200}[\w@+*-]){2,40}\/?/g,
  /(?<![\w/.@+-])(?:[\w@+-]{1,200}\/){0,40}[\w@+-]{1,200}(?:\.[\w-]{1,40}){0,4}\.(?:json|jsonl|ya?ml|toml|xml|html?|css|csv|tsv|txt|md|mdx|tsx?|[cm]?jsx?|py|rb|rs|go|java|kt|c|h|cpp|cs|php|sh|bash|ps1|sql|ini|cfg|conf|env|lock|log|pdf|png|jpe?g|gif|svg|webp|zip|gz|tar|exe|dll|so|wasm|ipynb)\b/g,
  // Placeholders.
  /%(?:\d{1,3}\$|\(\w{1,60}\))?[-+0#]{0,4}\d{0,4}(?:\.\d{1,3})?[sdifeEgGxXoucb@](?![A-Za-z])/g,
  /\{\{[^{}\n]{1,200}\}\}|\$?\{[\w.$:-]{0,100}\}|\$[A-Za-z_]\w{0,100}/g,
  /(?<![\w:]):[A-Za-z_]\w{0,100}/g,
];

/** Words that only programs write, flags, and whatever is left of markup. */
const NO_WORDS: readonly RegExp[] = [
  /(?<![\w$])[A-Za-z0-9]{0,200}(?:_{1,4}[A-Za-z0-9]{1,200}){1,40}_{0,4}(?!\w)|(?<!\w)_{1,4}\w{1,200}/g,
  /(?<!\w)(?:[a-z]{1,60}[A-Z]\w{0,200}|[A-Z][a-z0-9]{1,60}(?:[A-Z][a-z0-9]{1,60}){1,20})(?!\w)/g,
  /(?<![\w-])--[A-Za-z][\w-]{0,100}(?:=[^\s,;)]{1,200})?/g,
];

/** What is in more pieces than this is no prose at all. */
const MOST_SEGMENTS = 2000;

export function protectInline(text: string, { names, terms, secrets }: Staying): readonly Segment[] {
  let segments = cut(text, secrets?.(text) ?? []);
  for (const pattern of NO_PROSE) {
    segments = segments.flatMap((segment) => split(segment, pattern));
    if (segments.length > MOST_SEGMENTS) return [{ kind: "token", text }];
  }
  segments = segments.flatMap((segment) => (segment.kind === "words" ? withoutJson(segment.text) : [segment]));
  for (const pattern of [...NO_WORDS, ...quoted(names), ...spelt(terms)]) {
    segments = segments.flatMap((segment) => split(segment, pattern));
  }
  return segments;
}

/** Whether it holds anything that a token would stand for, or an e-mail address, link or tag that begins in it. */
export function hasMarkup(words: string): boolean {
  const found = NO_PROSE.slice(0, FIRST_PATH).some((pattern) => words.search(pattern) !== -1);
  return found || /`|\]\(|<[A-Za-z/!]|:\/\/|\bwww\./.test(words);
}

/** Where in `NO_PROSE` links, tags and code end and files begin. */
const FIRST_PATH = 9;

function split(segment: Segment, pattern: RegExp): readonly Segment[] {
  if (segment.kind === "token") return [segment];
  const { text } = segment;
  const matches = [...text.matchAll(pattern)].filter(([match]) => match !== "");
  if (matches.length === 0) return [segment];
  return cut(
    text,
    matches.map(({ 0: match, index }) => ({ start: index, end: index + match.length })),
  );
}

/** What the spans hold becomes tokens. */
function cut(text: string, spans: readonly { readonly start: number; readonly end: number }[]): readonly Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const { start, end } of spans) {
    if (start > from) segments.push({ kind: "words", text: text.slice(from, start) });
    segments.push({ kind: "token", text: text.slice(start, end) });
    from = end;
  }
  if (from < text.length) segments.push({ kind: "words", text: text.slice(from) });
  return segments;
}

/** Longer ones are not looked for; brackets that are never closed cost no more than this each. */
const LONGEST_JSON = 2000;

/** Objects and lists that are JSON. */
function withoutJson(text: string): readonly Segment[] {
  const spans: { readonly start: number; readonly end: number }[] = [];
  let tries = 0;
  for (let at = 0; at < text.length && tries < MOST_TRIES; at += 1) {
    if (text[at] !== "{" && text[at] !== "[") continue;
    tries += 1;
    const end = at + (jsonAt(text, at)?.length ?? 0);
    if (end > at) spans.push({ start: at, end });
    at = Math.max(at, end - 1);
  }
  return cut(text, spans);
}

/** Prose has few brackets. */
const MOST_TRIES = 200;

function jsonAt(text: string, start: number): string | undefined {
  let depth = 0;
  let isInString = false;
  for (let at = start; at < Math.min(text.length, start + LONGEST_JSON); at += 1) {
    const char = text[at];
    if (isInString && char === "\\") at += 1;
    else if (char === '"') isInString = !isInString;
    else if (!isInString && (char === "{" || char === "[")) depth += 1;
    else if (!isInString && (char === "}" || char === "]")) depth -= 1;
    if (depth === 0) return parses(text.slice(start, at + 1));
  }
  return undefined;
}

function parses(text: string): string | undefined {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}

function quoted(names: readonly string[]): readonly RegExp[] {
  return names.length === 0 ? [] : [new RegExp(`(?<=["'“„«‘‚\`]\\s?)(?:${anyOf(names)})(?=\\s?["'”“»’‘\`])`, "g")];
}

function spelt(terms: readonly string[]): readonly RegExp[] {
  return terms.length === 0 ? [] : [new RegExp(`(?<![\\p{L}\\p{N}_])(?:${anyOf(terms)})(?![\\p{L}\\p{N}_])`, "gu")];
}

/** The longest first: one may be the beginning of another. */
function anyOf(texts: readonly string[]): string {
  const sorted = texts.filter((text) => text !== "").toSorted((one, other) => other.length - one.length);
  return sorted.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)).join("|");
}
