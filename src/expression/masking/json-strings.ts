// The strings in a JSON text, changed in place: everything between them keeps its spelling.

/** Of the text that a string stands for, whether it is a key, and the key it belongs to otherwise. */
export type StringChange = (text: string, key: string | undefined, isKey: boolean) => string;

/** The same text if nothing changed; `undefined`: it is no JSON. */
export function withStrings(json: string, change: StringChange): string | undefined {
  if (!isJson(json)) return undefined;
  const pieces: string[] = [];
  let written = 0;
  let key: string | undefined;
  for (let start = json.indexOf('"'); start >= 0;) {
    const end = endOfString(json, start);
    const inner = json.slice(start + 1, end - 1);
    const text = inner.includes("\\") ? String(JSON.parse(`"${inner}"`)) : inner;
    const isKey = isColonNext(json, end);
    const changed = change(text, key, isKey);
    if (changed !== text) {
      pieces.push(json.slice(written, start), JSON.stringify(changed));
      written = end;
    }
    key = isKey ? text : undefined;
    start = json.indexOf('"', end);
  }
  return written === 0 ? json : pieces.join("") + json.slice(written);
}

function isColonNext(json: string, from: number): boolean {
  let at = from;
  while (json[at] === " " || json[at] === "\n" || json[at] === "\r" || json[at] === "\t") at += 1;
  return json[at] === ":";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** After the closing quote: the first with an even number of `\` before it. */
function endOfString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); ; quote = json.indexOf('"', quote + 1)) {
    let before = quote - 1;
    while (json[before] === "\\") before -= 1;
    if ((quote - before) % 2 === 1) return quote + 1;
  }
}
