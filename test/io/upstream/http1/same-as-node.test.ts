// Responses as an evil server writes them: what is read of them is read as Node's own client reads it, or not at all.
import { request } from "node:http";
import { Duplex } from "node:stream";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ResponseReader } from "../../../../src/io/upstream/http1/response-reader.ts";

/** `undefined`: it was not read to its end. */
type Read = { readonly status: number; readonly headers: object; readonly body: string } | undefined;

/** All of `pieces` come, and then the connection ends. */
function ours(pieces: readonly Buffer[]): Read {
  let head: { readonly status: number; readonly headers: object } | undefined;
  const ends: boolean[] = [];
  const body: Buffer[] = [];
  const reader = new ResponseReader({
    head: ({ status, headers }) => {
      head = { status, headers };
    },
    body: (bytes) => void body.push(bytes),
    end: (isAll) => void ends.push(isAll),
  });
  reader.expect();
  for (const piece of pieces) if (reader.read(piece) !== undefined) break;
  reader.close();
  return head && ends.length === 1 ? { ...head, body: Buffer.concat(body).toString("latin1") } : undefined;
}

function nodes(pieces: readonly Buffer[]): Promise<Read> {
  return new Promise((resolve) => {
    const left = [...pieces];
    const socket = new Duplex({
      read: () => undefined,
      write: (_chunk, _encoding, done) => {
        done();
        for (const piece of left.splice(0)) socket.push(piece);
        socket.push(null);
      },
    });
    const asked = request({ method: "POST", createConnection: () => socket, host: "a.example" }, (response) => {
      const body: Buffer[] = [];
      response.on("data", (chunk: Buffer) => body.push(chunk));
      response.on("error", () => resolve(undefined));
      response.on("end", () => {
        const { statusCode: status = 0, rawHeaders } = response;
        resolve({ status, headers: joined(rawHeaders), body: Buffer.concat(body).toString("latin1") });
      });
    });
    asked.on("error", () => resolve(undefined));
    asked.on("upgrade", () => resolve(undefined));
    asked.end("{}");
  });
}

function joined(raw: readonly string[]): object {
  const headers = new Map<string, string>();
  for (let at = 0; at < raw.length; at += 2) {
    const [name = "", value = ""] = raw.slice(at, at + 2);
    const known = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), known === undefined ? value : `${known}, ${value}`);
  }
  return Object.fromEntries(headers);
}

/** The first of them more often than the rest, so that not all is broken at once. */
function mostly(first: string, ...rest: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 6, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: fc.constantFrom(...rest) });
}

const status = mostly("HTTP/1.1 200 OK", "HTTP/1.0 200 OK", "HTTP/1.1 202", "HTTP/1.1 204 None", "HTTP/1.1  200 OK");
const space = mostly("", " ", "\t", " \t ", "\v", "\f", "\u00a0", "\u0001", "\u007f", "\n", "\r", "\r\n ", "\0");
/** Node takes a tab behind `chunked` for part of it, against RFC 9110, 5.5. */
const behind = space.filter((text) => !text.includes("\t"));
const end = mostly("\r\n", "\n", "\r", "\n\r");
const before = mostly("", "HTTP/1.1 103 Early\r\n\r\n", "HTTP/1.1 100 Go\r\ncontent-length: 2\r\n\r\n", "\r\n");
const named = fc.oneof(
  fc.tuple(
    mostly("content-length", "Content-Length ", "content-length\u00a0"),
    mostly("2", "02", "2, 2", "+2", "5", ""),
  ),
  fc.tuple(
    fc.constant("Transfer-Encoding"),
    mostly("chunked", "Chunked", "identity", "chunked, chunked", "xchunked", ""),
  ),
  fc.tuple(
    mostly("a", "connection", "upgrade", "constructor", "a\tb", ""),
    mostly("b", "close", "keep-alive", "é", "b:c"),
  ),
);
const field = fc
  .tuple(named, space, behind, end)
  .map(([[name, value], a, b, last]) => `${name}:${a}${value}${b}${last}`);
const chunks = fc
  .tuple(
    mostly("2", "02", "2 ", "2;a=b", "2;", "-2", "0x2", "2\n", "g"),
    end,
    mostly("ok", "o", "oks"),
    end,
    mostly("", "a: b\r\n", "a\n"),
  )
  .map(([size, a, bytes, b, behind]) => `${size}${a}${bytes}${b}0\r\n${behind}\r\n`);
const body = fc.oneof(fc.constantFrom("ok", "", "okay"), chunks);
const response = fc
  .tuple(before, status, end, fc.array(field, { maxLength: 3 }), end, body)
  .map(([early, line, last, fields, over, bytes]) => early + line + last + fields.join("") + over + bytes);

test("what is read of a response is what Node's own client reads of it", async () => {
  let read = 0;
  await fc.assert(
    fc.asyncProperty(response, fc.array(fc.nat(200), { maxLength: 4 }), async (text, places) => {
      const bytes = Buffer.from(text, "latin1");
      const cuts = [0, ...places.filter((at) => at < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const pieces = cuts.slice(1).map((to, index) => bytes.subarray(cuts[index], to));
      const own = ours(pieces.filter(({ length }) => length > 0));
      const other = own && (await nodes([bytes]));
      if (own === undefined || other === undefined) return;
      read += 1;
      expect(own).toEqual(other);
    }),
    { numRuns: 3000 },
  );
  expect(read).toBeGreaterThan(300);
});
