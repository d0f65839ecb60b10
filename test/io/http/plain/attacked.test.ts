// Plain connections under attack: heads that are nearly good, in pieces, and every check of the door beside Node's way to it.
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "../../../seed.ts";
import { until } from "../../../until.ts";
import { type DoorScene, HELLO, modern, openTestDoor } from "../door.ts";
import { speak } from "../raw-socket.ts";
import { openPlainScene, type PlainScene } from "./scene.ts";

describe("heads that are nearly good", () => {
  const GOOD = [
    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 3\r\n\r\nabc",
    "POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Content-Length: 5\r\nAuthorization: Bearer a\r\nContent-Length: 3\r\n\r\nxyz",
    "POST /mcp HTTP/1.1\r\nX: content-length: 7\r\nHost: localhost\r\nContent-Length:\t4 \r\nMcp-Session-Id: 1\r\n\r\n\r\n\r\n",
  ];
  const BYTES = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    " ",
    "\t",
    ":",
    ",",
    "0",
    "3",
    "+",
    "0x",
    "\v",
    "\f",
    "\x7f",
    "\x80",
    "\xff",
    "_",
  ];
  const TARGETS = ["#", "?", "%", '"', "\\", "^", "`", "{", "|", "<", "//", "*", " HTTP/1.1"];
  const LINES = [
    "Content-Length: 3",
    "Content-Length: 4",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding : chunked",
    "transfer-encodinG:identity",
    "Transfer_Encoding: chunked",
    " Transfer-Encoding: chunked",
    "Host: x",
    "Expect: 100-continue",
    "Upgrade: x",
    "Connection: close",
    "Connection: keep-alive",
    "Origin: http://x",
    "constructor: x",
    "X",
    ":x",
    "\t",
    "",
  ].map((line) => `\r\n${line}`);
  const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const mutation = fc.tuple(
    place,
    fc.constantFrom(0, 0, 1, 4),
    fc.constantFrom(...BYTES, ...TARGETS, ...LINES, ...LINES),
  );
  const request = fc
    .tuple(fc.constantFrom(...GOOD), fc.array(mutation, { maxLength: 2 }))
    .map(([text, mutations]) => mutations.reduce(mutated, text));
  const conversation = fc
    .tuple(
      fc.array(request, { minLength: 1, maxLength: 3 }),
      fc.array(place, { maxLength: 3 }),
      fc.constantFrom(true, false, false),
    )
    .map(([requests, cuts, isCut]) => (isCut ? cutAt(requests.join(""), cuts) : requests));

  test("are never more, fewer or other requests than Node reads", async () => {
    const plain = await openPlainScene();
    const nodes = await openPlainScene(true, false);
    let count = 0;
    await fc.assert(
      fc.asyncProperty(conversation, async (pieces) => {
        const one = await servedOf(plain, pieces);
        const other = await servedOf(nodes, pieces);
        expect(one.map(wordOf)).toEqual(other.map(wordOf));
        count += one.filter(({ by }) => by === "plain").length;
      }),
      { numRuns: 600 },
    );
    expect(count).toBeGreaterThan(100);
  }, 60_000);

  function mutated(text: string, [place, length, more]: [number, number, string]): string {
    const at = Math.floor(place * text.length);
    const from = more.startsWith("\r\n") && length === 0 ? Math.max(text.indexOf("\r\n", at), 0) : at;
    return text.slice(0, from) + more + text.slice(from + length);
  }

  function cutAt(text: string, cuts: readonly number[]): readonly string[] {
    const places = [0, ...cuts.map((cut) => Math.floor(cut * text.length)).toSorted((a, b) => a - b), text.length];
    return places.slice(1).map((to, index) => text.slice(places[index], to));
  }

  /** What is served until the connection is over: its client says no more behind the last piece. */
  async function servedOf({ port, served }: PlainScene, pieces: readonly string[]): Promise<PlainScene["served"]> {
    served.length = 0;
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.on("error", () => undefined).resume();
    // Who is hung up on while he still talks is not in error: `once` of node:events would say so.
    const closed = new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
    });
    for (const piece of pieces) {
      if (socket.writable) socket.write(piece, "latin1");
      await delay(1);
    }
    socket.end();
    await closed;
    return [...served];
  }

  function wordOf({ method, url, headers, body }: PlainScene["served"][number]): unknown {
    return [method, url, body, { ...headers, "content-length": undefined }];
  }
});

describe("the checks of the door are those of Node's way, with the same answers", () => {
  const { headers: said = {} } = modern("tools/call", { name: "echo" });
  const modernBody = JSON.stringify(modern("tools/call", { name: "echo" }).body);
  const hello = JSON.stringify(HELLO);
  const auth = { bearer: [{ token: "secret", user: "ada", groups: [] }], jwt: undefined };

  test.each<[number, Record<string, string | undefined>, string?, string?, DoorScene?]>([
    [200, {}],
    [200, { Host: "[::1]:7" }],
    [403, { Host: "evil.example" }],
    [403, { Host: "localhost@evil.example" }],
    [403, { Host: "" }],
    [401, {}, hello, "/mcp", { auth }],
    [401, { Authorization: "Bearer secret2" }, hello, "/mcp", { auth }],
    [401, { Authorization: "Basic secret" }, hello, "/mcp", { auth }],
    [200, { Authorization: "bearer  secret" }, hello, "/mcp", { auth }],
    [415, { "Content-Type": "text/plain" }],
    [415, { "Content-Type": undefined }],
    [415, { "Content-Encoding": "gzip" }],
    [406, { Accept: "application/json" }],
    [406, { Accept: undefined }],
    [404, {}, hello, "/"],
    [404, {}, hello, "/mcp#"],
    [404, {}, hello, "/%6dcp"],
    [404, {}, hello, "/sse?sessionId=x"],
    [404, { "Mcp-Session-Id": "x" }],
    [400, {}, '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    [400, {}, "{"],
    [400, { "MCP-Protocol-Version": "2024-01-01" }],
    [200, said, modernBody],
    [400, { ...said, "mcp-name": "other" }, modernBody],
    [400, { ...said, "mcp-name": undefined }, modernBody],
    [400, { ...said, "mcp-method": "tools/list" }, modernBody],
    [400, { ...said, "mcp-protocol-version": "2025-11-25" }, modernBody],
  ])("%i: %o %s", async (status, headers, body = hello, path = "/mcp", scene = {}) => {
    const all: Record<string, string | undefined> = {
      Host: "localhost",
      "Content-Type": "application/json",
      Accept: "*/*",
      ...headers,
    };
    const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
    const answers = await Promise.all(
      [[], ["X_Y: left to Node"]].map(async (more) => {
        const opened = await openTestDoor(scene);
        const request = [`POST ${path} HTTP/1.1`, ...lines, ...more, `Content-Length: ${body.length}`, "", body];
        const { heard } = speak(opened, request.join("\r\n"));
        await until(() => heard() !== "");
        return heard();
      }),
    );
    expect(answers[0]).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    // Who answered shows by the case of one name.
    expect(answers.map((text) => /date:/i.exec(text)?.[0])).toEqual(["date:", "Date:"]);
    expect(wordsOf(answers[0])).toEqual(wordsOf(answers[1]));
  });

  function wordsOf(answer = ""): readonly string[] {
    const lines = answer.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "an id").split("\r\n");
    return lines
      .filter((line) => !/^date:/i.test(line))
      .map((line) => line.replace(/^[\w-]+:/, (name) => name.toLowerCase()))
      .toSorted();
  }
});
