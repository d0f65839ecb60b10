// What stands before the body of a response, read: its status, its headers, and how long the body is (HTTP/1.1, RFC 9112).
import type { IncomingHttpHeaders } from "node:http";
import { readField } from "../../http-field.ts";

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
  const isLatest = minor === "1";
  const isLasting = endsForSure(length, isLatest, headers) && lasts(isLatest, headers["connection"]);
  return { status, headers, length, isLasting };
}

function fieldsOf(lines: readonly string[]): Fields | undefined {
  const fields: Record<string, string> = {};
  for (const line of lines) {
    const field = readField(line);
    if (field === undefined) return undefined;
    const { name, value } = field;
    fields[name] = Object.hasOwn(fields, name) ? `${fields[name]}, ${value}` : value;
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

/** What has no body may come with the one that it speaks of, and an old server that speaks of chunks may know none (RFC 9112, 6.1). */
function endsForSure(length: BodyLength, isLatest: boolean, fields: Fields): boolean {
  if (length === "until the end") return false;
  if (length === "in chunks") return isLatest;
  return fields["transfer-encoding"] === undefined && Number(fields["content-length"] ?? 0) === length;
}

function lasts(isLatest: boolean, connection = ""): boolean {
  // A pattern that takes the space away as well would look at each run of it again from every place in it.
  const options = new Set(
    connection
      .toLowerCase()
      .split(",")
      .map((option) => option.trim()),
  );
  return !options.has("close") && (isLatest || options.has("keep-alive"));
}
