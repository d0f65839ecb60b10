// A law: what a plain connection reads of a request is what Node's own parser reads of the same bytes, and it never reads more requests.
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import "../../../seed.ts";
import { until } from "../../../until.ts";
import { openPlainScene, type PlainScene, type Served } from "./scene.ts";

/** Mostly good, and now and then anything that HTTP has, or has not. */
const NAMES = [
  "Host",
  "content-length",
  "Content-Length",
  "Connection",
  "Accept",
  "User-Agent",
  "Mcp-Session-Id",
  "accept-language",
  "X-a",
  "X_a",
  "Transfer-Encoding",
  "TE",
];
const VALUES = [
  "localhost",
  "3",
  "03",
  "3 ",
  "+3",
  "3, 3",
  "",
  "keep-alive",
  "close",
  "chunked",
  "a\tb",
  "\x7f",
  "\xe9",
];
const ENDS = ["\r\n", "\r\n", "\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n "];
const FIRSTS = [
  "POST /mcp HTTP/1.1",
  "POST /mcp?x=1 HTTP/1.1",
  "POST /mcp?x=%20#y HTTP/1.1",
  "POST /a\\b HTTP/1.1",
  "POST * HTTP/1.1",
  "PUT / HTTP/1.1",
];

const line = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom(":", ": ", ":\t ", " :"), fc.constantFrom(...VALUES))
  .map((parts) => parts.join(""));
const odd = fc.oneof(fc.constant([]), fc.array(fc.tuple(line, fc.constantFrom(...ENDS)), { maxLength: 2 }));
const good = fc.constantFrom(
  "Host: localhost\r\nContent-Length: 3\r\n",
  "content-length:3\r\nhost:\tlocalhost \r\n",
  "Host: localhost\r\nAccept: */*\r\nContent-Length: 3\r\nConnection: keep-alive\r\n",
  "",
);
const requests = fc
  .tuple(
    fc.constantFrom(...FIRSTS),
    odd,
    good,
    odd,
    fc.constantFrom("abc", "xyz", "ab", "a\r\n", "abcPOST / HTTP/1.1\r\n"),
  )
  .map(([first, before, plain, after, body]) => {
    const lines = (some: readonly (readonly string[])[]): string => some.map((parts) => parts.join("")).join("");
    return `${first}\r\n${lines(before)}${plain}${lines(after)}\r\n${body}`;
  });

test("what is plain is what Node reads too", async () => {
  const plain = await openPlainScene();
  const nodes = await openPlainScene(true, false);
  let count = 0;
  await fc.assert(
    fc.asyncProperty(requests, async (text) => {
      const [one] = await servedOf(plain, text, 50);
      if (one?.by !== "plain") return;
      count += 1;
      const [other] = await servedOf(nodes, text, 5000);
      expect(other?.by).toBe("Node");
      expect([one.method, one.url, one.body]).toEqual([other?.method, other?.url, other?.body]);
      const { "content-length": length, ...headers } = other?.headers ?? {};
      expect(one.headers).toEqual(headers);
      expect(Number(length)).toBe(one.body.length);
    }),
    { numRuns: 500 },
  );
  expect(count).toBeGreaterThan(20);
});

/** What is served of these bytes until there is an answer, or `withinMs` has gone by: there is none to what is not whole. */
async function servedOf(scene: PlainScene, text: string, withinMs: number): Promise<readonly Served[]> {
  scene.served.length = 0;
  const { socket, heard } = scene.speak(text);
  await Promise.race([until(() => heard() !== ""), delay(withinMs)]);
  const served = [...scene.served];
  socket.destroy();
  return served;
}
