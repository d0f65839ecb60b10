// Servers that mean ill, byte by byte: what could be read in two ways is not read, and nobody makes us work or wait without end.
import { expect, test } from "vitest";
import { readHead } from "../../../../src/io/upstream/http1/response-head.ts";

const OK = "HTTP/1.1 200 OK";

test.each([
  ["a control character in a value", `${OK}\r\na: \u0001`],
  ["a deleted one", `${OK}\r\na: \u007f`],
  ["a vertical tab before a coding", `${OK}\r\ntransfer-encoding: \vchunked`],
  ["a form feed behind a length", `${OK}\r\ncontent-length: 2\f`],
  ["a space of another alphabet behind a length", `${OK}\r\ncontent-length: 2\u00a0`],
  ["a space of another alphabet behind a coding", `${OK}\r\ntransfer-encoding: chunked\u00a0`],
])("%s is no head", (_what, text) => {
  expect(readHead(text)).toBeUndefined();
});

test.each([
  [
    "chunks of a server that is too old for them",
    "HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ntransfer-encoding: chunked",
  ],
  ["a length where there is no body", "HTTP/1.1 204 None\r\ncontent-length: 2"],
  ["chunks where there is no body", "HTTP/1.1 204 None\r\ntransfer-encoding: chunked"],
  ["a length of what is not sent again", "HTTP/1.1 304 Same\r\ncontent-length: 2"],
])("no other request follows on %s: more may come", (_what, text) => {
  expect(readHead(text)).toMatchObject({ isLasting: false });
});

test.each([
  ["spaces in what is said of the connection", `${OK}\r\ncontent-length: 0\r\nconnection: a${" ".repeat(16_000)}b`],
  ["spaces around a value", `${OK}\r\ncontent-length: 0\r\na: ${" \t".repeat(8000)}b${" ".repeat(8000)}c`],
  ["empty options", `${OK}\r\ncontent-length: 0\r\nconnection: ${",".repeat(16_000)}`],
  ["headers of one name", `${OK}\r\ncontent-length: 0${"\r\na:".repeat(4000)}`],
])("many %s are read at once", (_what, text) => {
  const begun = performance.now();
  expect(readHead(text)).toMatchObject({ length: 0 });
  expect(performance.now() - begun).toBeLessThan(100);
});
