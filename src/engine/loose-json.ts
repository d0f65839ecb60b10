// What a text that may be JSON says outside of its strings, told without parsing it: brackets and numbers.

/** How deep lists and objects stand in one another. */
export function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const part of partsOf(text)) {
    if (part.startsWith('"')) continue;
    for (const sign of part) {
      if (sign === "[" || sign === "{") deepest = Math.max(deepest, ++depth);
      else if (sign === "]" || sign === "}") depth -= 1;
    }
  }
  return deepest;
}

/** Whether JavaScript writes each of its numbers as it stands, but for zeros at its ends and the exponent. */
export function isWrittenAlike(text: string): boolean {
  return partsOf(text).every((part) => part.startsWith('"') || (part.match(NUMBERS) ?? []).every(isKept));
}

/** The same with null for what Python's `json` takes for numbers, and JSON does not know. */
export function withoutBeyond(text: string): string {
  if (!text.includes("NaN") && !text.includes("Infinity")) return text;
  const parts = partsOf(text).map((part) => (part.startsWith('"') ? part : part.replaceAll(BEYOND, "null")));
  return parts.join("");
}

const NUMBERS = /-?\d[\d.eE+-]*/g;
const BEYOND = /NaN|-?Infinity/g;

/** Strings with their quotes, and what stands between them, in order. A string that does not end goes to the end. */
function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const end = text[at] === '"' ? endOfString(text, at) : endOfPart(text, at);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}

function endOfPart(text: string, start: number): number {
  const end = text.indexOf('"', start);
  return end === -1 ? text.length : end;
}

function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = at;
    while (text[escapes - 1] === "\\") escapes -= 1;
    if ((at - escapes) % 2 === 0) return at + 1;
  }
  return text.length;
}

function isKept(token: string): boolean {
  const value = Number(token);
  return Number.isFinite(value) && digitsOf(token) === digitsOf(String(value));
}

function digitsOf(number: string): string {
  return number
    .replace(/[eE].*$/, "")
    .replaceAll(/[-.]/g, "")
    .replaceAll(/^0+|0+$/g, "");
}
