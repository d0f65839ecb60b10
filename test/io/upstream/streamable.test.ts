// Servers over Streamable HTTP: what they are sent, what is heard of them, and how a session begins and ends.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, connect, event, greeted, openRemote, openStream, sendJson } from "./remote.ts";
import { until } from "../../until.ts";

const ECHO = { jsonrpc: "2.0", id: 2, result: { echo: { name: "echo" } } };

describe("a session", () => {
  test("begins with a bare handshake; from then on its id and revision stand in every request, and it is ended", async () => {
    const { url, seen } = await openRemote();
    const { end, send, heard } = await greeted(url, { headers: { authorization: "Bearer s3cr3t" } });
    send(call(2));
    await until(() => heard.length === 1 && seen.length === 4);
    await end.close();
    expect(heard).toEqual([["2", ECHO]]);
    expect(seen.map(({ method, message }) => `${method} ${message.method ?? ""}`.trim())).toEqual([
      "POST initialize",
      "POST notifications/initialized",
      expect.stringMatching(/^GET$|call$/),
      expect.stringMatching(/^GET$|call$/),
      "DELETE",
    ]);
    expect(new Set(seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer s3cr3t"]));
    const [first, ...rest] = seen.map(({ headers }) => [headers["mcp-session-id"], headers["mcp-protocol-version"]]);
    expect(first).toEqual([undefined, undefined]);
    expect(new Set(rest.map(String))).toEqual(new Set([expect.stringMatching(/^session-\d+,2025-06-18$/)]));
    expect(seen[0]?.headers).toMatchObject({
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    });
    expect(seen.find(({ method }) => method === "GET")?.headers.accept).toBe("text/event-stream");
  });

  test("keeps what comes early until the server has taken the greeting", async () => {
    let release = (): void => undefined;
    const { url, seen } = await openRemote(({ message, response }) => {
      if (message.method !== "notifications/initialized") return false;
      release = () => response.writeHead(202).end();
      return true;
    });
    const { send, heard } = connect(url);
    send({ id: 1, method: "initialize" });
    await until(() => heard.length === 1);
    send({ method: "notifications/initialized" });
    send(call(2));
    await until(() => seen.length === 2);
    await delay(50);
    expect(seen).toHaveLength(2);
    release();
    await until(() => heard.length === 2);
  });

  test("without an id is never ended, since there is nothing to end", async () => {
    const { url, seen } = await openRemote(({ message, response }) =>
      message.method === "initialize"
        ? sendJson(response, { id: 1, result: { protocolVersion: "2025-11-25" } })
        : false,
    );
    const { end } = await greeted(url);
    await until(() => seen.length === 3);
    await end.close();
    await delay(50);
    expect(seen.map(({ method }) => method)).toEqual(["POST", "POST", "GET"]);
  });

  test("is left within two seconds when the server does not answer, and at once in haste", async () => {
    const { url } = await openRemote(({ method }) => method === "DELETE");
    const { end } = await greeted(url);
    const started = performance.now();
    const closed = end.close();
    end.hurry();
    await closed;
    expect(performance.now() - started).toBeLessThan(1500);
  });
});

describe("what a server says", () => {
  test("stands on one line, however it was written", async () => {
    const { url } = await openRemote(({ message: { id }, response }) => {
      if (id !== 2) return false;
      response.writeHead(200, { "content-type": "Application/JSON; charset=utf-8" });
      response.end('{\r\n  "jsonrpc": "2.0",\n  "id": 2,\n  "result": {"echo": {"name": "echo"}}\n}\n');
      return true;
    });
    const { send, heard } = await greeted(url);
    send(call(2));
    await until(() => heard.length === 1);
    expect(heard).toEqual([["2", ECHO]]);
  });

  test("on the stream of an answer is about that request, and on its own stream about none", async () => {
    const { url } = await openRemote(({ method, message: { id }, response }) => {
      if (method === "GET") {
        openStream(response);
        response.write(event({ method: "notifications/tools/list_changed" }));
        return true;
      }
      if (id !== 2 && id !== 3) return false;
      openStream(response);
      response.write(event({ method: "notifications/progress", params: { of: id } }));
      setTimeout(() => response.end(event({ id: 0, method: "roots/list" }) + event({ id, result: {} })), 20 * id);
      return true;
    });
    const { send, heard, happened } = await greeted(url);
    send(call(2));
    send(call(3));
    await until(() => heard.length === 7);
    const shown = heard.map(([about, message]) => {
      const { method = "answer", id } = message as { method?: string; id?: number };
      return `${about} ${method} ${id ?? ""}`.trim();
    });
    expect(shown.toSorted()).toEqual([
      "- notifications/tools/list_changed",
      "2 answer 2",
      "2 notifications/progress",
      "2 roots/list 0",
      "3 answer 3",
      "3 notifications/progress",
      "3 roots/list 0",
    ]);
    expect(happened).toEqual([]);
  });

  test("in a batch is handed on as it is, with the answer in it", async () => {
    const batch = [{ jsonrpc: "2.0", method: "notifications/message" }, ECHO];
    const { url } = await openRemote(({ message: { id }, response }) => {
      if (id !== 2) return false;
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(batch));
      return true;
    });
    const { send, heard, happened } = await greeted(url);
    send(call(2));
    await until(() => heard.length === 1);
    expect(heard).toEqual([["2", batch]]);
    expect(happened).toEqual([]);
  });

  test("too long is told by its ends, or leaves its request unanswered; the next message crosses", async () => {
    const { url } = await openRemote(({ message: { id, params }, response }) => {
      if (params?.name === "json") return sendJson(response, { id, result: { x: "x".repeat(30_000) } });
      if (params?.name !== "stream" && params?.name !== "long") return false;
      openStream(response);
      response.end(event({ id, result: { x: "x".repeat(params.name === "long" ? 200_000 : 30_000) } }));
      return true;
    });
    const { send, heard, happened } = await greeted(url, {}, 10_000);
    send(call(2, "json"));
    send(call(3, "stream"));
    send(call(4, "long"));
    await until(() => happened.length === 3);
    send(call(5));
    await until(() => heard.at(-1)?.[0] === "5");
    expect(heard.slice(0, -1)).toContainEqual(["2", "oversize"]);
    expect(happened.toSorted().map((what) => what.slice(0, 12))).toEqual([2, 3, 4].map((id) => `${id} unanswered`));
  });
});

describe("a stream that is cut", () => {
  test("is picked up after the last event, when the server says, and is still about its request", async () => {
    let cutAt = 0;
    let waited = 0;
    const { url, seen } = await openRemote(({ method, headers, message: { id }, response }) => {
      if (method === "GET" && headers["last-event-id"] === "e1") {
        waited = performance.now() - cutAt;
        openStream(response);
        response.end(event({ method: "notifications/progress" }, "e2") + event({ id: 2, result: {} }, "e3"));
        return true;
      }
      if (id !== 2) return false;
      openStream(response);
      response.write("retry: 250\nid: e1\ndata: \n\n");
      setTimeout(() => {
        cutAt = performance.now();
        response.destroy();
      }, 30);
      return true;
    });
    const { send, heard, happened } = await greeted(url);
    send(call(2));
    await until(() => heard.length === 2);
    expect(heard.map(([about]) => about)).toEqual(["2", "2"]);
    expect(happened).toEqual([]);
    expect(seen.at(-1)?.headers["mcp-session-id"]).toMatch(/^session-/);
    expect(waited).toBeGreaterThan(240);
  });

  test.each([
    ["no ids", undefined],
    ["ids that no header can hold", "ü ✓"],
  ])("leaves its request unanswered when its events had %s", async (_what, eventId) => {
    const { url } = await openRemote(({ message: { id }, response }) => {
      if (id !== 2) return false;
      openStream(response);
      response.write(event({ method: "notifications/progress" }, eventId));
      setTimeout(() => response.destroy(), 30);
      return true;
    });
    const { send, happened } = await greeted(url);
    send(call(2));
    await until(() => happened.length === 1);
    expect(happened).toEqual(["2 unanswered: its answer was cut off"]);
  });

  test("that belongs to no request is asked for again, and goes on where it was", async () => {
    const { url } = await openRemote(({ method, headers, response }) => {
      if (method !== "GET") return false;
      openStream(response);
      const last = headers["last-event-id"];
      if (last === undefined) response.end(`retry: 20\n\n${event({ method: "one" }, "a")}`);
      else if (last === "a") response.write(event({ method: "two" }, "b"));
      return true;
    });
    const { heard } = await greeted(url);
    await until(() => heard.length === 2);
    expect(heard.map(([about]) => about)).toEqual(["-", "-"]);
  });
});

test("a call that is cancelled is cancelled at the server, and its response is not waited for", async () => {
  let isCut = false;
  const { url, seen } = await openRemote(({ message: { id }, response }) => {
    if (id !== 2) return false;
    openStream(response);
    response.on("close", () => {
      isCut = true;
    });
    return true;
  });
  const { send, happened } = await greeted(url);
  send(call(2));
  await until(() => seen.length === 4);
  send({ method: "notifications/cancelled", params: { requestId: 2 } });
  await until(() => isCut);
  expect(seen.at(-1)?.message).toMatchObject({ method: "notifications/cancelled", params: { requestId: 2 } });
  expect(happened).toEqual([]);
});
