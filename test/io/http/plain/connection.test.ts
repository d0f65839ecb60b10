// Plain connections on real sockets: which requests they serve by themselves, what Node gets, and that nothing is lost between.
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { until } from "../../../until.ts";
import { answer, openPlainScene, type PlainScene, post, type Served, type Spoken } from "./scene.ts";

const CHUNKED = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";

/** The bodies of all answers that came. */
function answersIn(heard: string): readonly string[] {
  return [...heard.matchAll(/\r\n\r\n((?:plain|Node) [^\r\n]*?)(?=HTTP\/1\.1|$)/g)].map(([, text = ""]) => text);
}

async function all(scene: PlainScene, text: string, count: number): Promise<readonly string[]> {
  const { heard } = scene.speak(text);
  await until(() => answersIn(heard()).length === count);
  return answersIn(heard());
}

describe("a request", () => {
  test.each([
    ["that is plain", post("{}"), "plain {}"],
    ["without a body", post(""), "plain "],
    ["in chunks", CHUNKED, "Node abc"],
    ["with a body longer than is plain", post("x".repeat(100_001)), `Node ${"x".repeat(100_001)}`],
    ["that asks for a stream", "GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n", "Node "],
    ["of a page", post("{}", ["Origin: http://localhost"]), "Node {}"],
    ["that asks before it sends its body", post("{}", ["Expect: 100-continue"]), "Node {}"],
  ])("%s", async (_name, text, answered) => {
    expect(await all(await openPlainScene(), text, 1)).toEqual([answered]);
  });

  test.each(["GET /mcp HTT", "POST /mcp HTTP/1.1\r\nHo", post("{}").slice(0, -4)])(
    "whose head does not come in one: %j",
    async (begin) => {
      const scene = await openPlainScene();
      const { socket, heard } = scene.speak(begin);
      await delay(30);
      socket.write(begin.startsWith("GET") ? "P/1.1\r\nHost: localhost\r\n\r\n" : post("{}").slice(begin.length));
      await until(() => answersIn(heard()).length === 1);
      expect(scene.served.map(({ by }) => by)).toEqual(["Node"]);
    },
  );

  test("whose body comes in pieces is plain, and so is the next one, which begins in its last piece", async () => {
    const scene = await openPlainScene();
    const text = post("abcdefgh");
    const { socket, heard } = scene.speak(text.slice(0, -8));
    for (const piece of ["abc", "def", `gh${post("next")}`]) {
      await delay(20);
      socket.write(piece);
    }
    await until(() => answersIn(heard()).length === 2);
    expect(answersIn(heard())).toEqual(["plain abcdefgh", "plain next"]);
  });

  test("with bytes that are no text comes as it was sent", async () => {
    const scene = await openPlainScene();
    const body = Buffer.from('{"ä":"€"}').toString("latin1");
    expect(await all(scene, post(body), 1)).toEqual([`plain ${body}`]);
  });
});

describe("on one connection", () => {
  test("plain requests may be followed by any other, and all are answered in order", async () => {
    const scene = await openPlainScene();
    const { socket, heard } = scene.speak("");
    for (const [index, text] of [post("1"), post("2"), CHUNKED, post("4")].entries()) {
      socket.write(text);
      await until(() => answersIn(heard()).length === index + 1);
    }
    expect(answersIn(heard())).toEqual(["plain 1", "plain 2", "Node abc", "Node 4"]);
  });

  test("requests that come at once are all answered, in order", async () => {
    const scene = await openPlainScene();
    const answered = await all(scene, post("1") + post("2") + CHUNKED + post("4"), 4);
    expect(answered.map((text) => text.split(" ")[1])).toEqual(["1", "2", "abc", "4"]);
  });

  test.each([
    ["few bytes", "2"],
    ["more than is held", "x".repeat(90_000)],
    ["more than is plain", "x".repeat(900_000)],
  ])("what comes while an answer is awaited waits for its turn: %s", async (_name, second) => {
    const scene = await openPlainScene(false);
    const { socket, heard } = scene.speak(post("1"));
    await until(() => scene.served.length === 1);
    socket.write(post(second));
    await delay(50);
    socket.write(post("3"));
    await delay(50);
    expect(scene.served).toHaveLength(1);
    for (const number of [1, 2, 3]) {
      const { response, body } = await scene.nth(number);
      answer(response, `plain ${body.length}`);
    }
    await until(() => answersIn(heard()).length === 3);
    expect(answersIn(heard())).toEqual(["plain 1", `plain ${second.length}`, "plain 1"]);
  });

  test("what is written to a response that is over does not stand in the next one", async () => {
    const scene = await openPlainScene();
    const { socket, heard } = scene.speak(post("1"));
    await until(() => answersIn(heard()).length === 1);
    scene.served[0]?.response.write(Buffer.from("late"));
    scene.served[0]?.response.end(Buffer.from("later"));
    socket.write(post("2"));
    await until(() => answersIn(heard()).length === 2);
    expect(heard()).not.toContain("late");
  });
});

describe("a response", () => {
  async function responding(): Promise<Served & Spoken> {
    const scene = await openPlainScene(false);
    const spoken = scene.speak(post("1"));
    return { ...(await scene.nth(1)), ...spoken };
  }

  test("has a date, and says how long the connection is kept", async () => {
    const { response, heard } = await responding();
    answer(response, "ok");
    await until(() => heard().endsWith("ok"));
    expect(heard().replace(/date: [A-Z][a-z]{2}, [\w :]+ GMT/, "date: now")).toBe(
      "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\ndate: now\r\n" +
        "connection: keep-alive\r\nkeep-alive: timeout=75\r\n\r\nok",
    );
    expect(response.writableFinished).toBe(true);
  });

  test("without a length comes in chunks, as it is written", async () => {
    const { response, heard } = await responding();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    await until(() => heard().endsWith("timeout=75\r\n\r\n"));
    expect(heard()).toContain("\r\ntransfer-encoding: chunked\r\n");
    response.write(Buffer.from("first"));
    await until(() => heard().endsWith("\r\n\r\n5\r\nfirst\r\n"));
    const large = Buffer.alloc(20_000, "x");
    response.cork();
    response.write(large);
    response.write(Buffer.from("y"));
    response.uncork();
    response.end();
    const last = `\r\n4e21\r\n${large.toString()}y\r\n0\r\n\r\n`;
    expect(await until(() => heard().endsWith(last))).toBe(true);
  });

  test("of no content has no body", async () => {
    const { response, heard } = await responding();
    response.writeHead(204).end();
    await until(() => heard().endsWith("\r\n\r\n"));
    expect(heard()).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect(heard()).not.toMatch(/length|chunked/);
  });

  test("has one head, and no header that could end it", async () => {
    const { response } = await responding();
    expect(() => response.writeHead(200, { x: "1\r\nset-cookie: 2" })).toThrow("`x` cannot be sent");
    expect(() => response.writeHead(200)).toThrow("this response has a head already");
  });

  test("that its client does not take is over when it was taken, and tells when there is room", async () => {
    const scene = await openPlainScene(false);
    const { socket, heard } = scene.speak(post("1"));
    socket.pause();
    const { response } = await scene.nth(1);
    const told: string[] = [];
    response.once("close", () => told.push(`closed ${String(response.writableFinished)}`));
    response.once("drain", () => told.push("drained"));
    response.writeHead(200, { "content-length": 20_000_000 });
    response.end(Buffer.alloc(20_000_000));
    await delay(50);
    expect(told).toEqual([]);
    expect(response.writableLength).toBeGreaterThan(1_000_000);
    socket.resume();
    await until(() => heard().length > 20_000_000);
    await until(() => told.length === 2);
    expect(told.toSorted()).toEqual(["closed true", "drained"]);
    expect(response.writableLength).toBe(0);
  });

  test.each([
    ["leaves", (socket: { destroy(): void }) => socket.destroy()],
    ["says no more", (socket: { end(): void }) => socket.end()],
  ])("whose client %s is closed, and not finished", async (_name, leave) => {
    const scene = await openPlainScene(false);
    const { socket } = scene.speak(post("1"));
    const { response } = await scene.nth(1);
    let closed = 0;
    response.once("close", () => (closed += 1));
    leave(socket);
    await until(() => closed === 1);
    expect([response.writableFinished, response.destroyed]).toEqual([false, true]);
    answer(response, "nobody hears it");
    expect([response.writableFinished, closed]).toEqual([false, 1]);
  });
});

test("what is said to a connection that was just cut is not said", async () => {
  const scene = await openPlainScene(false);
  scene.speak(post("1"));
  const { response } = await scene.nth(1);
  response.destroy();
  answer(response, "ok");
  expect(response.writableFinished).toBe(false);
});

describe("as time goes by", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  const GONE = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\r\n";

  test.each([
    ["that says nothing is told so after 15 seconds", "", 15, GONE],
    ["whose body does not come is told so after 60", post("abc").slice(0, -1), 60, GONE],
    ["that asks no more is ended after 75, without a word", post("abc"), 75, undefined],
  ])("a connection %s", async (_name, text, seconds, last) => {
    const scene = await openPlainScene();
    const { socket, heard } = scene.speak(text);
    if (last === undefined) await until(() => answersIn(heard()).length === 1);
    await delay(50);
    const before = heard();
    let hasEnded = false;
    socket.on("end", () => (hasEnded = true));
    vi.advanceTimersByTime(seconds * 1000);
    await delay(30);
    expect(hasEnded).toBe(false);
    vi.advanceTimersByTime(5000);
    await until(() => hasEnded);
    expect(heard()).toBe(last ?? before);
  });

  test("an answer may take as long as it takes", async () => {
    const scene = await openPlainScene(false);
    const { heard } = scene.speak(post("abc"));
    const { response } = await scene.nth(1);
    vi.advanceTimersByTime(3_600_000);
    answer(response, "plain ok");
    expect(await until(() => answersIn(heard()).length === 1)).toBe(true);
  });
});
