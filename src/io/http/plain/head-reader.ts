// The head of a request as nearly all are, read in a strict way (HTTP/1.1, RFC 9112); whatever else there may be is for Node.
import type { IncomingHttpHeaders } from "node:http";
import { readField } from "../../http-field.ts";

export interface PlainHead {
  readonly url: string;
  /** By lower-case name, each there once; without `content-length`. */
  readonly headers: IncomingHttpHeaders;
}

interface KnownHead {
  readonly head: PlainHead;
  /** What stands on either side of the length. */
  readonly before: string;
  readonly after: string;
}

const FIRST_LINE = /^POST (\/[!-~]*) HTTP\/1\.1$/;
/** Nobody takes it for the name of something else. */
const PLAIN_NAME = /^[a-z][0-9a-z-]*$/;
const NO_ASCII = /[^\t\x20-\x7e]/;
const LENGTH = /^\d{1,9}$/;
const BEFORE_LENGTH = /\r\ncontent-length:[\t ]*/i;
const KEEP_ALIVE = "keep-alive";

/** Headers that change how a request is read, or who may hear the answer. */
const NOT_PLAIN: ReadonlySet<string> = new Set([
  "transfer-encoding",
  "expect",
  "upgrade",
  "proxy-connection",
  "origin",
]);

export class HeadReader {
  /** Bytes of the body of the one that was read last. */
  length = 0;
  private known: KnownHead | undefined;

  /** `text`: without the empty line at its end. The same object as before for what differs in its length only. */
  read(text: string): PlainHead | undefined {
    const { known } = this;
    const length = known === undefined ? undefined : lengthIn(text, known);
    if (known === undefined || length === undefined) return this.readAnew(text);
    this.length = length;
    return known.head;
  }

  private readAnew(text: string): PlainHead | undefined {
    this.known = readHead(text);
    this.length = (this.known && lengthIn(text, this.known)) ?? 0;
    return this.known?.head;
  }
}

/** `undefined`: it is another head. */
function lengthIn(text: string, { before, after }: KnownHead): number | undefined {
  if (!text.startsWith(before) || !text.endsWith(after)) return undefined;
  const digits = text.slice(before.length, text.length - after.length);
  return LENGTH.test(digits) ? Number(digits) : undefined;
}

function readHead(text: string): KnownHead | undefined {
  const [first = "", ...lines] = text.split("\r\n");
  const url = FIRST_LINE.exec(first)?.[1];
  const fields = fieldsOf(lines);
  if (url === undefined || fields === undefined || !isPlain(fields)) return undefined;
  const { "content-length": length = "", ...headers } = fields;
  const [name = ""] = BEFORE_LENGTH.exec(text) ?? [];
  const start = text.search(BEFORE_LENGTH) + name.length;
  return { head: { url, headers }, before: text.slice(0, start), after: text.slice(start + length.length) };
}

type Fields = Readonly<Record<string, string>>;

function fieldsOf(lines: readonly string[]): Fields | undefined {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const { name = "", value = "" } = readField(line) ?? {};
    if (!PLAIN_NAME.test(name) || NO_ASCII.test(value) || NOT_PLAIN.has(name)) return undefined;
    // Said twice, it could be understood in two ways.
    if (Object.hasOwn(fields, name)) return undefined;
    fields[name] = value;
  }
  return fields;
}

function isPlain({ host, connection = KEEP_ALIVE, "content-length": length = "" }: Fields): boolean {
  return host !== undefined && LENGTH.test(length) && connection.toLowerCase() === KEEP_ALIVE;
}
