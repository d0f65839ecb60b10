// Servers of the modern era over HTTP: every request by itself, what comes back for it, and what is taken for a sign of an older server.
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, connect, event, openRemote, openStream, sendJson } from "./remote.ts";
import { until } from "../../until.ts";

const HEADERS = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" };
const PROGRESS = { method: "notifications/progress", params: { progressToken: 1, progress: 1 } };

/** A server that refuses everything in one way. */
const refusing = (status: number, body: string, headers: Record<string, string> = {}) =>
  openRemote(({ response }) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(body);
    return true;
  });

const error = (id: number | null, code: number): string =>
  JSON.stringify({ jsonrpc: "2.0", id, error: { code, message: "no", data: { big: 1 } } });

describe("a request", () => {
  test("goes by itself, beside its headers and those of the settings, with no session before or after", async () => {
    const { url, seen } = await openRemote();
    const { end, sendAlone, heard } = connect(url, { headers: { authorization: "Bearer s3cr3t", "mcp-name": "x" } });
    sendAlone(call(1), HEADERS);
    sendAlone(call(2), HEADERS);
    await until(() => heard.length === 2);
    await end.close();
    await delay(50);
    expect(seen.map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(seen[0]?.headers).toMatchObject({
      ...HEADERS,
      authorization: "Bearer s3cr3t",
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
    });
    expect(seen[0]?.headers["mcp-session-id"]).toBeUndefined();
    expect(heard.map(([about]) => about).toSorted()).toEqual(["1", "2"]);
  });

  test("that is sent before there is a connection waits for it; a session beside it is one like any other", async () => {
    const { url, seen } = await openRemote();
    const { sendAlone, greet, heard } = connect(url);
    sendAlone(call(7), HEADERS);
    await greet();
    await until(() => heard.length === 1);
    const posts = seen.filter(({ method }) => method === "POST");
    expect(new Set(posts.map(({ message }) => message.method))).toEqual(
      new Set(["initialize", "notifications/initialized", "tools/call"]),
    );
  });

  test("is answered by a stream, with all that belongs to it", async () => {
    const { url } = await openRemote(({ response }) => {
      openStream(response);
      response.write(event(PROGRESS));
      response.write(event({ id: 1, result: { done: true } }, "9"));
      response.end();
      return true;
    });
    const { sendAlone, heard, happened } = connect(url);
    sendAlone(call(1), HEADERS);
    await until(() => heard.length === 2);
    expect(heard).toEqual([
      ["1", { jsonrpc: "2.0", ...PROGRESS }],
      ["1", { jsonrpc: "2.0", id: 1, result: { done: true } }],
    ]);
    expect(happened).toEqual([]);
  });

  test("whose stream is cut is lost, and never picked up, whatever ids its events had", async () => {
    const { url, seen } = await openRemote(({ response }) => {
      openStream(response);
      response.write(`retry: 1\n${event(PROGRESS, "7")}`);
      setTimeout(() => response.destroy(), 50);
      return true;
    });
    const { sendAlone, happened } = connect(url);
    sendAlone(call(1), HEADERS);
    await until(() => happened.length === 1);
    await delay(100);
    expect(happened).toEqual(["1 unanswered: its answer was cut off"]);
    expect(seen).toHaveLength(1);
  });

  test("that nobody waits for is hung up on, and nothing more is said of it", async () => {
    let hungUp: Promise<unknown> | undefined;
    const { url } = await openRemote(({ response, message }) => {
      if (message.id !== 1) return false;
      openStream(response);
      hungUp = once(response, "close");
      return true;
    });
    const { end, sendAlone, heard, happened } = connect(url);
    sendAlone(call(1), HEADERS);
    sendAlone(call(2), HEADERS);
    await until(() => hungUp !== undefined && heard.length === 1);
    end.channel?.abandon?.("1");
    await hungUp;
    expect(happened).toEqual([]);
    expect(heard.map(([about]) => about)).toEqual(["2"]);
  });

  test("that nobody waits for before it left never leaves", async () => {
    const { url, seen } = await openRemote();
    const { end, sendAlone, heard } = connect(url);
    sendAlone(call(1), HEADERS);
    end.channel?.abandon?.("1");
    sendAlone(call(2), HEADERS);
    await until(() => heard.length === 1);
    expect(seen.map(({ message }) => message.id)).toEqual([2]);
  });
});

describe("a refusal", () => {
  test.each([
    [400, -32_020],
    [400, -32_022],
    [404, -32_601],
    [400, -32_000],
  ])("with %i and an error %i under its id is the answer", async (status, code) => {
    const { url } = await refusing(status, error(1, code));
    const { sendAlone, heard, happened } = connect(url);
    sendAlone(call(1), HEADERS);
    await until(() => heard.length === 1);
    expect(heard).toEqual([["1", JSON.parse(error(1, code))]]);
    expect(happened).toEqual([]);
  });

  test.each([-32_020, -32_021, -32_022])("with an error %i under no id is the answer too", async (code) => {
    const { url } = await refusing(400, error(null, code));
    const { sendAlone, heard } = connect(url);
    sendAlone(call(1), HEADERS);
    await until(() => heard.length === 1);
    expect(heard).toEqual([["1", JSON.parse(error(1, code))]]);
  });

  test.each([
    ["400 and an error of the SDK's older server", 400, error(null, -32_000), "legacy"],
    ["400 and nothing", 400, "", "legacy"],
    ["400 and a modern error under another id", 400, error(2, -32_020), "legacy"],
    ["404", 404, "<html>", "legacy"],
    ["405", 405, "", "legacy"],
    ["406", 406, "", "legacy"],
    ["410", 410, "", "legacy"],
    ["401", 401, "", undefined],
    ["403", 403, "", undefined],
    ["429", 429, "", undefined],
    ["500", 500, "", undefined],
    ["503", 503, "", undefined],
  ])("with %s: `%s`", async (_, status, body, evidence) => {
    const { url } = await refusing(status, body);
    const { sendAlone, happened } = connect(url);
    sendAlone(call(1), HEADERS);
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(evidence === undefined ? /^1 unanswered: / : /^1 unanswered \(legacy\): /);
  });

  test("by nobody at all tells of nothing", async () => {
    const remote = await openRemote();
    await remote.close();
    const { sendAlone, happened } = connect(remote.url);
    sendAlone(call(1), HEADERS);
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(/^1 unanswered: nothing listens/);
  });
});

test("a server whose `type` is sse is known to be older, without being asked", async () => {
  const { url, seen } = await openRemote(({ response, method }) => {
    if (method === "GET") openStream(response);
    return true;
  });
  const { sendAlone, happened } = connect(url, { wire: "sse" });
  sendAlone(call(1), HEADERS);
  await until(() => happened.length === 1);
  expect(happened[0]).toMatch(/^1 unanswered \(legacy\): its `type` is "sse"/);
  expect(seen.filter(({ method }) => method === "POST")).toEqual([]);
});

test("after a probe in vain, a server of 2024-11-05 is found as without one", async () => {
  const { url } = await openRemote(({ method, path, response, message }) => {
    if (method === "GET") {
      openStream(response);
      response.write("event: endpoint\ndata: /post\n\n");
      return true;
    }
    if (path !== "/post") response.writeHead(405).end();
    else response.writeHead(202).end();
    return message.id !== undefined;
  });
  const { send, sendAlone, happened } = connect(url, { wire: "either" });
  sendAlone({ id: 1, method: "server/discover" }, HEADERS);
  await until(() => happened.length === 1);
  send({ id: 2, method: "initialize" });
  await delay(100);
  expect(happened).toEqual([expect.stringMatching(/^1 unanswered \(legacy\)/)]);
});

test("an answer that is JSON and none is told of", async () => {
  const { url } = await openRemote(({ response }) => sendJson(response, { id: 9, result: {} }));
  const { sendAlone, happened } = connect(url);
  sendAlone(call(1), HEADERS);
  await until(() => happened.length === 1);
  expect(happened).toEqual([expect.stringMatching(/^1 unanswered: .* answered with what is no answer of MCP/)]);
});
