// Responses from bytes: the same however the bytes are cut, and nothing that nobody asked for.
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fault, ResponseReader } from "../../../../src/io/upstream/http1/response-reader.ts";

interface Told {
  readonly status: number | undefined;
  readonly body: string;
  /** `undefined`: it has not ended. */
  readonly isAll: boolean | undefined;
  readonly fault: Fault | undefined;
}

/** One response is asked for; `pieces` come, and with `isClosed` the connection ends. */
function told(pieces: readonly Buffer[], isClosed = false): Told {
  let status: number | undefined;
  let isAll: boolean | undefined;
  let fault: Fault | undefined;
  const body: Buffer[] = [];
  const reader = new ResponseReader({
    head: (head) => {
      ({ status } = head);
    },
    body: (bytes) => void body.push(Buffer.from(bytes)),
    end: (all) => {
      isAll = all;
    },
  });
  reader.expect();
  for (const piece of pieces) fault ??= reader.read(piece);
  if (isClosed) reader.close();
  return { status, body: Buffer.concat(body).toString(), isAll, fault };
}

const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

const WHOLE: readonly (readonly [string, string, string])[] = [
  ["of a length", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello", "hello"],
  ["of no length", "HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n", ""],
  ["without a body", "HTTP/1.1 204 No Content\r\n\r\n", ""],
  ["in chunks", `${CHUNKED}5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n`, "hello!"],
  ["in chunks with line ends in them", `${CHUNKED}9;a="b"\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n`, "\r\n0\r\n\r\n\r\n"],
  ["in chunks, and headers behind them", `${CHUNKED}01\r\nx\r\n000\r\na: b\r\nc: d\r\n\r\n`, "x"],
  [
    "after an early word",
    "HTTP/1.1 103 Early Hints\r\nlink: a\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
    "hi",
  ],
];

test.each(WHOLE)("a response %s is the same however its bytes are cut", (_what, text, body) => {
  const bytes = Buffer.from(text);
  const expected = { body, isAll: true, fault: undefined };
  expect(told([bytes])).toMatchObject(expected);
  expect(told([...bytes].map((byte) => Buffer.of(byte)))).toMatchObject(expected);
  const cuts = fc.array(fc.nat(bytes.length), { maxLength: 6 });
  fc.assert(
    fc.property(cuts, (places) => {
      const sorted = [0, ...places.toSorted((a, b) => a - b), bytes.length];
      const pieces = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
      expect(told(pieces.filter(({ length }) => length > 0))).toMatchObject(expected);
    }),
  );
});

test.each(WHOLE)("a response %s is not taken for one that is over before it is", (_what, text) => {
  const bytes = Buffer.from(text);
  for (let end = 0; end < bytes.length; end++) {
    expect(told([bytes.subarray(0, end)], true).isAll).toBeUndefined();
  }
});

test("a body that goes on until the end is over when the connection is", () => {
  const bytes = Buffer.from("HTTP/1.0 200 OK\r\n\r\nhello");
  expect(told([bytes])).toMatchObject({ body: "hello", isAll: undefined });
  expect(told([bytes], true)).toMatchObject({ body: "hello", isAll: true });
});

test.each(WHOLE)("what comes behind a response %s is not part of it, and is said to be there", (_what, text, body) => {
  const next = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil";
  expect(told([Buffer.from(text + next)])).toEqual({
    status: expect.any(Number),
    body,
    isAll: false,
    fault: "no HTTP",
  });
  expect(told([Buffer.from(text), Buffer.from(next)])).toMatchObject({ body, isAll: true, fault: "no HTTP" });
});

test.each([
  ["a chunk of no size", `${CHUNKED}\r\n`, "no HTTP"],
  ["a chunk of less than nothing", `${CHUNKED}-1\r\n`, "no HTTP"],
  ["a chunk as they are in other languages", `${CHUNKED}0x5\r\nhello\r\n`, "no HTTP"],
  ["a chunk that is longer than it says", `${CHUNKED}4\r\nhello\r\n0\r\n\r\n`, "no HTTP"],
  ["a chunk that ends in something else", `${CHUNKED}1\r\nx!!0\r\n\r\n`, "no HTTP"],
  ["a size that never ends", `${CHUNKED}1;${"x".repeat(2000)}`, "no HTTP"],
  ["a size beyond all numbers", `${CHUNKED}${"f".repeat(20)}\r\n`, "no HTTP"],
  ["headers that never end", `HTTP/1.1 200 OK\r\na: ${"x".repeat(17_000)}`, "too many headers"],
  ["headers that end late", `HTTP/1.1 200 OK\r\na: ${"x".repeat(17_000)}\r\n\r\n`, "too many headers"],
  ["headers without end behind chunks", `${CHUNKED}0\r\n${"a: b\r\n".repeat(3000)}`, "too many headers"],
])("%s ends the reading", (_what, text, fault) => {
  expect(told([Buffer.from(text)])).toMatchObject({ isAll: undefined, fault });
  expect(told([...Buffer.from(text)].map((byte) => Buffer.of(byte)))).toMatchObject({ isAll: undefined, fault });
});

test("what stands behind one response takes no room from the next", () => {
  let ended = 0;
  const reader = new ResponseReader({ head: () => undefined, body: () => undefined, end: () => void (ended += 1) });
  const bytes = Buffer.from(`${CHUNKED}0\r\n${"a: b\r\n".repeat(1000)}\r\n`);
  for (let count = 0; count < 10; count++) {
    reader.expect();
    expect(reader.read(bytes)).toBeUndefined();
  }
  expect(ended).toBe(10);
});
