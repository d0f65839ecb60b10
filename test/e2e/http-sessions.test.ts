// Many sessions at once behind one door: each is alone with its own servers, and nothing of it is left when it is gone.
import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { heldMemory, INSPECTED } from "./held-memory.ts";
import { type HttpProxy, startWithNode } from "./http-proxy.ts";
import { serversOf, SMALL_SERVER } from "./small-server.ts";

const folder = openFolder();
let proxy: HttpProxy;

async function startWith(sessionIdleMs: number): Promise<void> {
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  folder.write("server.sh", SMALL_SERVER);
  const mcpServers = { sh: { command: "/bin/sh", args: [folder.at("server.sh")] } };
  const mcprules = { rules: ["rules"], limits: { sessions: 1000, sessionIdleMs } };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules }));
  proxy = await startWithNode([INSPECTED], ["--config", folder.at("servers.json")]);
}

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

function post(body: object, session?: string): Promise<Response> {
  const headers = session === undefined ? HEADERS : { ...HEADERS, "mcp-session-id": session };
  return fetch(proxy.url, { method: "POST", headers, body: JSON.stringify({ jsonrpc: "2.0", ...body }) });
}

async function openSession(): Promise<string> {
  const clientInfo = { name: "many", version: "1" };
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo };
  const answer = await post({ id: 1, method: "initialize", params });
  await answer.text();
  const session = answer.headers.get("mcp-session-id") ?? "";
  await (await post({ method: "notifications/initialized" }, session)).text();
  return session;
}

/** All that came on the response, as text: JSON or events. */
async function call(session: string, said: string): Promise<string> {
  return (await post({ id: 1, method: "tools/call", params: { name: "who", arguments: { said } } }, session)).text();
}

async function untilNoServers(): Promise<number> {
  for (const last = Date.now() + 15_000; Date.now() < last; await delay(100)) {
    if (serversOf(proxy.process.pid) === 0) return 0;
  }
  return serversOf(proxy.process.pid);
}

describe("200 sessions at once", () => {
  let sessions: readonly string[];
  beforeAll(async () => {
    await startWith(60_000);
    sessions = await Promise.all(Array.from({ length: 200 }, openSession));
  }, 60_000);

  test("get answers of their own servers and of no other, with equal ids", async () => {
    expect(new Set(sessions).size).toBe(200);
    const answers = await Promise.all(
      sessions.flatMap((session, index) => [call(session, `a-${index}`), call(session, `b-${index}`)]),
    );
    const servers = new Set<string>();
    for (const [at, answer] of answers.entries()) {
      const said = `${at % 2 === 0 ? "a" : "b"}-${Math.floor(at / 2)}`;
      const texts = [...answer.matchAll(/"text":"(\d+) ([^"]*)"/g)];
      expect(texts.map((text) => text[2])).toEqual([said]);
      servers.add(`${texts[0]?.[1] ?? ""} ${sessions[Math.floor(at / 2)] ?? ""}`);
      // What servers said in between came with the calls of their own session only.
      const heard = [...answer.matchAll(/"data":"([^"]*)"/g)].map((match) => match[1]?.slice(2));
      expect(heard.every((index) => index === said.slice(2))).toBe(true);
    }
    expect(servers.size).toBe(200);
  }, 60_000);

  test("end when they are told to, and their servers with them", async () => {
    const endings = sessions.map((session) =>
      fetch(proxy.url, { method: "DELETE", headers: { "mcp-session-id": session } }),
    );
    expect(new Set((await Promise.all(endings)).map(({ status }) => status))).toEqual(new Set([204]));
    expect(await untilNoServers()).toBe(0);
  }, 30_000);
});

test("sessions that are opened and dropped by the thousand leave nothing behind", async () => {
  await startWith(1000);
  const thousand = async () => {
    for (let count = 0; count < 50; count++) await Promise.all(Array.from({ length: 20 }, openSession));
    expect(await untilNoServers()).toBe(0);
    return heldMemory(proxy.process.pid, proxy.stderr());
  };
  // The first thousand warms up: code is compiled, tables grow.
  await thousand();
  const second = await thousand();
  const third = await thousand();
  // A session alone is some 20 kB.
  expect(third.heapBytes - second.heapBytes).toBeLessThan(1_000_000);
  expect(third.residentBytes - second.residentBytes).toBeLessThan(15_000_000);
}, 300_000);
