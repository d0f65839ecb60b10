// What stands before the body of a response, read: its status, its headers, and how long the body is (HTTP/1.1, RFC 9112).
import type { IncomingHttpHeaders } from "node:http";

export interface ReadHead {
  readonly status: number;
  /** By lower-case name; of several of one name, the values with commas between them. */
  readonly headers: IncomingHttpHeaders;
  /** In bytes. */
  readonly length: BodyLength;
  /** Another request may follow on the connection. */
  readonly isLasting: boolean;
}

export type BodyLength = number | "in chunks" | "until the end";

type Fields = Readonly<Record<string, string>>;

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: [^\0\r\n]*)?$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Some take a line end by itself for one, and others do not. */
const STRAY = /[\0\r\n]/;
const SWITCHING_PROTOCOLS = 101;

/** `text`: without the empty line at its end. `undefined`: it is none, or says in two ways how long the body is. */
export function readHead(text: string): ReadHead | undefined {
  const [first = "", ...lines] = text.split("\r\n");
  const [, minor, digits] = STATUS_LINE.exec(first) ?? [];
  const headers = fieldsOf(lines);
  if (digits === undefined || headers === undefined) return undefined;
  const status = Number(digits);
  const length = lengthOf(status, headers);
  // Nobody asked for another protocol.
  if (length === undefined || status === SWITCHING_PROTOCOLS) return undefined;
  const isLasting = length !== "until the end" && lasts(minor === "1", headers["connection"]);
  return { status, headers, length, isLasting };
}

function fieldsOf(lines: readonly string[]): Fields | undefined {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(colon, 0));
    if (!FIELD_NAME.test(name) || STRAY.test(line)) return undefined;
    const key = name.toLowerCase();
    const value = line.slice(colon + 1).trim();
    fields[key] = Object.hasOwn(fields, key) ? `${fields[key]}, ${value}` : value;
  }
  return fields;
}

/** `undefined`: that cannot be said. Whoever stands between might understand it otherwise (RFC 9112, 6.3). */
function lengthOf(status: number, fields: Fields): BodyLength | undefined {
  const coding = fields["transfer-encoding"];
  const length = fields["content-length"];
  if (coding !== undefined && (length !== undefined || coding.toLowerCase() !== "chunked")) return undefined;
  if (length !== undefined && !/^\d{1,15}$/.test(length)) return undefined;
  if (status < 200 || status === 204 || status === 304) return 0;
  if (coding !== undefined) return "in chunks";
  return length === undefined ? "until the end" : Number(length);
}

function lasts(isLatest: boolean, connection = ""): boolean {
  const options = connection.toLowerCase().split(/[ \t]*,[ \t]*/);
  return !options.includes("close") && (isLatest || options.includes("keep-alive"));
}
