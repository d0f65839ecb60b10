// The head of a response, as text: what is read in it, and what is none.
import { expect, test } from "vitest";
import { readHead } from "../../../../src/io/upstream/http1/response-head.ts";

const OK = "HTTP/1.1 200 OK";

test.each([
  ["as long as it says", [OK, "Content-Length: 12"], 12, true],
  ["in chunks", [OK, "Transfer-Encoding: Chunked"], "in chunks", true],
  ["until the connection ends", [OK], "until the end", false],
  ["empty, since its status has no body", ["HTTP/1.1 204 No Content"], 0, true],
  ["of a server that has no words for its status", ["HTTP/1.1 202", "content-length:0"], 0, true],
  ["of a server that closes", [OK, "content-length: 1", "connection: foo, Close"], 1, false],
  ["of an old server", ["HTTP/1.0 200 OK", "content-length: 1"], 1, false],
  [
    "of an old server that keeps connections",
    ["HTTP/1.0 200 OK", "content-length: 1", "connection: keep-alive"],
    1,
    true,
  ],
])("a body %s", (_what, lines, length, isLasting) => {
  expect(readHead(lines.join("\r\n"))).toMatchObject({ length, isLasting });
});

test("headers have lower-case names, no space around them, and one value for each name", () => {
  const text = [OK, "Content-Length: 0", "X-A: \t1 ", "x-a:2", "__proto__: a", "constructor: b", "empty:"].join("\r\n");
  const { headers = {} } = readHead(text) ?? {};
  expect(headers).toMatchObject({ "content-length": "0", "x-a": "1, 2", constructor: "b", empty: "" });
  expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
});

test.each([
  ["nothing", ""],
  ["another protocol", "SSH-2.0-OpenSSH_9.6"],
  ["another version", "HTTP/2.0 200 OK"],
  ["no status", "HTTP/1.1 OK"],
  ["a status out of range", "HTTP/1.1 600 Huh"],
  ["another protocol from here on", "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket"],
  ["a header without a name", `${OK}\r\n: 1`],
  ["a header without a colon", `${OK}\r\nfoo`],
  ["a space after a name", `${OK}\r\ncontent-length : 1`],
  ["a line that goes on", `${OK}\r\na: b\r\n c`],
  ["a line feed by itself", `${OK}\r\na: b\ncontent-length: 1`],
  ["a return by itself", `${OK}\r\na: b\rcontent-length: 1`],
  ["a line feed by itself in the first line", `${OK}\na: b`],
  ["a zero byte", `${OK}\r\na: \0`],
  ["two lengths", `${OK}\r\ncontent-length: 1\r\ncontent-length: 2`],
  ["a length that is none", `${OK}\r\ncontent-length: +1`],
  ["no length where one should be", `${OK}\r\ncontent-length:`],
  ["a length and chunks", `${OK}\r\ncontent-length: 1\r\ntransfer-encoding: chunked`],
  ["an encoding that is not understood", `${OK}\r\ntransfer-encoding: gzip, chunked`],
  ["chunks twice", `${OK}\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked`],
])("%s is no head", (_what, text) => {
  expect(readHead(text)).toBeUndefined();
});
