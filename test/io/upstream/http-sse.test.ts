// Servers of 2024-11-05 over HTTP+SSE: named in the settings, or found out.
import type { ServerResponse } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, connect, event, openRemote, openStream, type Script } from "./remote.ts";
import { until } from "../../until.ts";

/** A server that names `endpoint`, and answers what is posted on its one stream. */
function oldServer(endpoint = "/messages?session=1"): Script {
  let stream: ServerResponse | undefined;
  return ({ method, path, message: { id, method: asked }, response }) => {
    if (method === "GET") {
      stream = response;
      openStream(response);
      response.write(`event: endpoint\ndata: ${endpoint}\n\n`);
      return true;
    }
    if (path === "/mcp") response.writeHead(405).end();
    else if (asked === "refused") response.writeHead(500).end();
    else response.writeHead(202).end("Accepted");
    if (path !== "/mcp" && asked === "leave") stream?.destroy();
    else if (path !== "/mcp" && asked !== "refused") stream?.write(event({ id, result: {} }));
    return true;
  };
}

const HELLO = { id: 1, method: "initialize" };

describe.each(["sse", "either"] as const)("with a wire that is `%s`", (wire) => {
  test("what is said to it goes where it wants it, with our headers, and what it says is heard", async () => {
    const { url, seen } = await openRemote(oldServer());
    const { send, heard, happened } = connect(url, { wire, headers: { "x-key": "s3cr3t" } });
    send(HELLO);
    await until(() => heard.length === 1);
    send(call(2));
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      ["-", { jsonrpc: "2.0", id: 1, result: {} }],
      ["-", { jsonrpc: "2.0", id: 2, result: {} }],
    ]);
    const posts = seen.filter(({ path }) => path === "/messages?session=1");
    expect(posts.map(({ message }) => message.method)).toEqual(["initialize", "tools/call"]);
    expect(new Set(seen.map(({ headers }) => headers["x-key"]))).toEqual(new Set(["s3cr3t"]));
    expect(happened).toEqual([]);
  });

  test("nothing overtakes that its client is ready, which it may take its time for or refuse", async () => {
    for (const status of [202, 500]) {
      const held: ServerResponse[] = [];
      const answers = oldServer();
      const { url, seen } = await openRemote((asked) => {
        if (asked.message.method !== "notifications/initialized") return answers(asked);
        held.push(asked.response);
        return true;
      });
      const { send, heard } = connect(url, { wire });
      send(HELLO);
      await until(() => heard.length === 1);
      send({ method: "notifications/initialized" });
      send(call(2));
      await until(() => held.length === 1);
      await delay(50);
      expect(seen.map(({ message }) => message.id)).not.toContain(2);
      held[0]?.writeHead(status).end();
      expect(await until(() => heard.length === 2)).toBe(true);
    }
  });

  test("its stream that is cut is its end", async () => {
    const { url } = await openRemote(oldServer());
    const { send, heard, happened } = connect(url, { wire });
    send(HELLO);
    await until(() => heard.length === 1);
    send({ id: 2, method: "leave" });
    await until(() => happened.length === 1);
    expect(happened).toEqual(["ended: its stream was cut off"]);
  });

  test("a request that it refuses is unanswered", async () => {
    const { url } = await openRemote(oldServer());
    const { send, heard, happened } = connect(url, { wire });
    send(HELLO);
    await until(() => heard.length === 1);
    send({ id: 2, method: "refused" });
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(/^2 unanswered: .* answered 500$/);
  });

  test("it is not followed to another origin", async () => {
    const elsewhere = await openRemote();
    const { url } = await openRemote(oldServer(elsewhere.url));
    const { send, happened } = connect(url, { wire });
    send(HELLO);
    await until(() => happened.length === 1);
    expect(happened).toEqual([`ended: ${url} wants to be written to at another origin, which is refused`]);
    expect(elsewhere.seen).toEqual([]);
  });
});

test("what no server of the older way knows is unanswered, and what comes of it leaves at once", async () => {
  const { url } = await openRemote(() => true);
  const { sendAlone, happened, isFlushed } = connect(url, { wire: "sse" });
  sendAlone({ id: 1, method: "server/discover" });
  await until(() => happened.length === 1);
  expect(happened[0]).toMatch(/^1 unanswered \(legacy\)/);
  expect(isFlushed()).toBe(true);
});

test("a server whose `type` says Streamable HTTP is not tried the older way", async () => {
  const { url, seen } = await openRemote(oldServer());
  const { send, happened } = connect(url);
  send(HELLO);
  await until(() => happened.length === 1);
  expect(happened).toEqual([`ended: ${url} answered 405: is the \`url\` right?`]);
  expect(seen.map(({ method }) => method)).toEqual(["POST"]);
});

test("a server that speaks neither is told of with what it said first", async () => {
  const { url, seen } = await openRemote(({ method, response }) => {
    response.writeHead(method === "GET" ? 400 : 404).end();
    return true;
  });
  const { send, happened } = connect(url, { wire: "either" });
  send(HELLO);
  await until(() => happened.length === 1);
  expect(happened).toEqual([`ended: ${url} answered 404: is the \`url\` right?`]);
  expect(seen.map(({ method }) => method)).toEqual(["POST", "GET"]);
});
