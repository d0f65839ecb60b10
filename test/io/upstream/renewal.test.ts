// Sessions that a server over HTTP ends: another is made, and of the old one nothing is heard any more.
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { call, greeted, openRemote, sendJson } from "./remote.ts";
import { until } from "../../until.ts";

describe("a session that the server ends", () => {
  test.each([
    ["404", 404, {}],
    [
      "400 and what it is",
      400,
      { id: null, error: { code: -32000, message: "Bad Request: No valid session ID provided" } },
    ],
  ])(
    "with %s is made again: the request is sent once more, and what was in flight is unanswered",
    async (_how, status, body) => {
      const old = new Set<unknown>();
      const { url, seen } = await openRemote(({ headers, message: { method, params }, response }) => {
        if (params?.name === "long") return true;
        if (method === "initialize" || !old.has(headers["mcp-session-id"])) return false;
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify({ jsonrpc: "2.0", ...body }));
        return true;
      });
      const { send, heard, happened } = await greeted(url);
      send(call(2, "long"));
      await until(() => seen.length === 4);
      old.add(seen[3]?.headers["mcp-session-id"]);
      send(call(3));
      await until(() => heard.length === 1);
      expect(heard).toMatchObject([["3", { id: 3, result: { echo: { name: "echo" } } }]]);
      await until(() => happened.includes("2 unanswered: its session ended"));
      expect(happened.filter((what) => what !== "drained").toSorted()).toEqual([
        "2 unanswered: its session ended",
        "renewed",
      ]);
      const again = seen.slice(5).filter(({ method }) => method === "POST");
      expect(again.map(({ message }) => message.method)).toEqual([
        "initialize",
        "notifications/initialized",
        "tools/call",
      ]);
      expect(again[0]?.message).toEqual(seen[0]?.message);
      expect(old.has(again[2]?.headers["mcp-session-id"])).toBe(false);
    },
  );

  test("as soon as it is made is made again only when somebody asks", async () => {
    let isOld = false;
    const { url, seen } = await openRemote(({ message: { id, method }, response }) => {
      if (!isOld || method === "initialize" || id === undefined) return false;
      response.writeHead(404).end();
      return true;
    });
    const { send, heard, happened } = await greeted(url);
    send(call(2));
    await until(() => heard.length === 1);
    isOld = true;
    send(call(3));
    await until(() => happened.includes("3 unanswered: it ends its sessions at once"));
    const greetings = (): number => seen.filter(({ message }) => message.method === "initialize").length;
    await delay(100);
    expect(greetings()).toBe(2);
    isOld = false;
    send(call(4));
    await until(() => heard.length === 2);
    expect(greetings()).toBe(3);
  });

  test("while nobody asks anything is noticed by the stream that it keeps open", async () => {
    let isOld = false;
    const { url } = await openRemote(({ method, response }) => {
      if (method !== "GET") return false;
      response.writeHead(isOld ? 404 : 200, { "content-type": "text/event-stream" });
      if (isOld) response.end();
      else setTimeout(() => response.end("retry: 20\n\n"), 100);
      return true;
    });
    const { send, heard, happened } = await greeted(url);
    send(call(2));
    await until(() => heard.length === 1);
    isOld = true;
    await until(() => happened.includes("renewed"));
    expect(happened.filter((what) => what !== "drained")).toEqual(["renewed"]);
  });

  test("hears no answers to what the old one asked", async () => {
    let isOld = false;
    let release = (): void => undefined;
    const { url, seen } = await openRemote(({ message: { id, method }, response }) => {
      if (isOld && method === "initialize") {
        release = () => void sendJson(response, { id, result: { protocolVersion: "2025-11-25" } });
        return true;
      }
      if (id !== 2 || isOld) return false;
      isOld = true;
      response.writeHead(404).end();
      return true;
    });
    const { send, heard } = await greeted(url);
    send(call(3));
    await until(() => heard.length === 1);
    send(call(2));
    await until(() => seen.filter(({ message }) => message.method === "initialize").length === 2);
    send({ id: 0, result: { roots: [] } } as object);
    release();
    await until(() => heard.length === 2);
    expect(seen.filter(({ message }) => message.id === 0)).toEqual([]);
  });
});
