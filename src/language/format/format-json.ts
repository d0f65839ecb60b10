// JSON in the one layout: on one line where it fits, else an entry a line; texts and numbers as they are written.

/** `json` is well formed. `indent`: of the line it begins on. `room`: columns that are left there. */
export function formatJson(json: string, indent: number, room: number): string {
  const reader = { words: json.match(WORD) ?? [], at: 0 };
  return print(read(reader), indent, room);
}

/** Columns; what is longer is broken where it may be. */
export const WIDTH = 120;
const STEP = 2;

const WORD = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/g;

interface Reader {
  readonly words: readonly string[];
  at: number;
}

/** A scalar as written, or entries between brackets, each with its key in front. */
interface Value {
  readonly open: string;
  readonly entries: readonly { readonly key: string; readonly value: Value }[] | undefined;
}

function next(reader: Reader): string {
  const word = reader.words[reader.at] ?? "";
  reader.at += 1;
  return word;
}

function read(reader: Reader): Value {
  const open = next(reader);
  if (open !== "{" && open !== "[") return { open, entries: undefined };
  const close = open === "{" ? "}" : "]";
  const entries: { readonly key: string; readonly value: Value }[] = [];
  while (reader.words[reader.at] !== close) {
    if (entries.length > 0) next(reader);
    const key = open === "{" ? `${next(reader)}${next(reader)} ` : "";
    entries.push({ key, value: read(reader) });
  }
  next(reader);
  return { open, entries };
}

function print({ open, entries }: Value, indent: number, room: number): string {
  if (entries === undefined) return open;
  const close = open === "{" ? "}" : "]";
  const line = `${open}${entries.map(({ key, value }) => key + print(value, 0, Number.POSITIVE_INFINITY)).join(", ")}${close}`;
  if (line.length <= room || entries.length === 0) return line;
  const inner = indent + STEP;
  const blank = `\n${" ".repeat(inner)}`;
  const lines = entries.map(({ key, value }) => `${blank}${key}${print(value, inner, WIDTH - inner - key.length - 1)}`);
  return `${open}${lines.join(",")}\n${" ".repeat(indent)}${close}`;
}
