// Which heads of requests are plain, and what is read of them.
import { describe, expect, test } from "vitest";
import { HeadReader } from "../../../../src/io/http/plain/head-reader.ts";

const LINES = ["Host: localhost:1", "Content-Type: application/json", "Content-Length: 12"];

function headOf(first: string, lines: readonly string[]): string {
  return [first, ...lines].join("\r\n");
}

function read(lines: readonly string[], first = "POST /mcp HTTP/1.1"): ReturnType<HeadReader["read"]> {
  return new HeadReader().read(headOf(first, lines));
}

test("a plain head is read by lower-case names, without its length and the space around values", () => {
  const reader = new HeadReader();
  const head = reader.read(headOf("POST /mcp?a=b HTTP/1.1", [...LINES, "X-Odd:\t a  b \t", "Connection: Keep-Alive"]));
  expect(head).toEqual({
    url: "/mcp?a=b",
    headers: { host: "localhost:1", "content-type": "application/json", "x-odd": "a  b", connection: "Keep-Alive" },
  });
  expect(reader.length).toBe(12);
});

describe("left to Node", () => {
  test.each([
    ["another method", "GET /mcp HTTP/1.1"],
    ["another version", "POST /mcp HTTP/1.0"],
    ["a whole address", "POST http://localhost/mcp HTTP/1.1"],
    ["a path with space", "POST /mcp more HTTP/1.1"],
    ["a path that is no ASCII", "POST /m\xe9 HTTP/1.1"],
    ["two spaces", "POST  /mcp HTTP/1.1"],
    ["nothing", ""],
  ])("as its first line: %s", (_name, first) => {
    expect(read(LINES, first)).toBeUndefined();
  });

  test.each([
    ["no host", ["Content-Length: 12"]],
    ["no length", ["Host: localhost"]],
    ["two lengths", [...LINES, "content-length: 12"]],
    ["a length with a sign", ["Host: localhost", "Content-Length: +12"]],
    ["two lengths in one", ["Host: localhost", "Content-Length: 12, 12"]],
    ["an empty length", ["Host: localhost", "Content-Length: "]],
    ["a length beyond all bounds", ["Host: localhost", "Content-Length: 1234567890"]],
    ["two hosts", [...LINES, "host: localhost"]],
    ["anything twice", [...LINES, "Accept: a", "accept: b"]],
    ["chunks", [...LINES, "Transfer-Encoding: chunked"]],
    ["a wish to be asked for the body", [...LINES, "Expect: 100-continue"]],
    ["a wish for another protocol", [...LINES, "Upgrade: websocket"]],
    ["a connection that is to end", [...LINES, "Connection: close"]],
    ["more than one option of the connection", [...LINES, "Connection: keep-alive, x"]],
    ["a page in a browser", [...LINES, "Origin: http://localhost"]],
    ["a folded line", [...LINES, " more"]],
    ["space before the colon", [...LINES, "X : 1"]],
    ["no colon", [...LINES, "X"]],
    ["no name", [...LINES, ": 1"]],
    ["a name of all objects", [...LINES, "__proto__: 1"]],
    ["a name with an odd character", [...LINES, "X_Y: 1"]],
    ["a line feed by itself", [...LINES, "X: 1\nTransfer-Encoding: chunked"]],
    ["a return by itself", [...LINES, "X: 1\rY: 2"]],
    ["a NUL", [...LINES, "X: \0"]],
    ["what is no ASCII", [...LINES, "X: \xe9"]],
  ])("in its lines: %s", (_name, lines) => {
    expect(read(lines)).toBeUndefined();
  });
});

describe("the next head of a connection", () => {
  const reader = (): { readonly reader: HeadReader; readonly first: object | undefined } => {
    const made = new HeadReader();
    return { reader: made, first: made.read(headOf("POST /mcp HTTP/1.1", [...LINES, "Accept: a"])) };
  };

  test.each([
    ["12", 12],
    ["7", 7],
    ["000", 0],
    ["123456789", 123_456_789],
  ])("is the same object where only its length differs: %s", (digits, length) => {
    const { reader: made, first } = reader();
    const lines = ["Host: localhost:1", "Content-Type: application/json", `Content-Length: ${digits}`, "Accept: a"];
    expect(made.read(headOf("POST /mcp HTTP/1.1", lines))).toBe(first);
    expect(made.length).toBe(length);
  });

  test.each([
    ["-1", undefined],
    ["1\r\nTransfer-Encoding: chunked", undefined],
    ["1\r\nX: 2", "2"],
    ["", undefined],
  ])("is read anew where more than digits differ: %j", (instead, more) => {
    const { reader: made, first } = reader();
    const lines = ["Host: localhost:1", "Content-Type: application/json", `Content-Length: ${instead}`, "Accept: a"];
    const head = made.read(headOf("POST /mcp HTTP/1.1", lines));
    expect(head).not.toBe(first);
    expect(head?.headers["x"]).toBe(more);
    expect(head === undefined).toBe(more === undefined);
  });

  test("is read anew after one that was not plain, and where another header differs", () => {
    const { reader: made, first } = reader();
    expect(made.read("GET / HTTP/1.1")).toBeUndefined();
    const again = made.read(headOf("POST /mcp HTTP/1.1", [...LINES, "Accept: a"]));
    expect(again).toEqual(first);
    expect(made.read(headOf("POST /mcp HTTP/1.1", [...LINES, "Accept: b"]))).not.toEqual(first);
    expect(made.read(headOf("POST /mcp", LINES))).toBeUndefined();
  });
});

test("a head that is longest, and nearly good, is turned down at once", () => {
  const started = performance.now();
  for (const odd of [
    `X: ${" ".repeat(16_000)}\x01`,
    `${"x".repeat(16_000)} : 1`,
    `Content-Length:${" ".repeat(16_000)}x`,
  ])
    expect(read(["Host: localhost", "Content-Length: 1", odd])).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(200);
});
