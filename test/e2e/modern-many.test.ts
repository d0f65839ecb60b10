// Many clients of the modern era at once, without sessions on the wire: each gets what is its own, and nothing of them is left.
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { type Held, heldMemory, INSPECTED } from "./held-memory.ts";
import { type HttpProxy, startWithNode } from "./http-proxy.ts";
import { serversOf, SMALL_SERVER } from "./small-server.ts";

const folder = openFolder();
let proxy: HttpProxy;

async function startWith(limits: object): Promise<void> {
  folder.write("rules/policy.mcprules", ALLOW_ALL);
  folder.write("server.sh", SMALL_SERVER);
  const mcpServers = { sh: { command: "/bin/sh", args: [folder.at("server.sh")] } };
  const servers = { sh: { era: "legacy" } };
  folder.write("servers.json", JSON.stringify({ mcpServers, mcprules: { rules: ["rules"], limits, servers } }));
  proxy = await startWithNode([INSPECTED], ["--config", folder.at("servers.json")]);
}

const KEY = "io.modelcontextprotocol/";

/** All that came on the response, as text: JSON or events. `program`: what the client calls itself. */
async function call(program: string, said: string): Promise<string> {
  const _meta = {
    [`${KEY}protocolVersion`]: "2026-07-28",
    [`${KEY}clientInfo`]: { name: program, version: "1" },
    [`${KEY}clientCapabilities`]: {},
    [`${KEY}logLevel`]: "debug",
  };
  const params = { name: "who", arguments: { said }, _meta };
  const answer = await fetch(proxy.url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": "tools/call",
      "mcp-name": "who",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
  });
  return answer.text();
}

async function untilServers(most: number): Promise<number> {
  const count = (): number => serversOf(proxy.process.pid);
  for (const last = Date.now() + 40_000; Date.now() < last && count() > most; await delay(100));
  return count();
}

test("50 programs, each at work in ten places, get their own answers, all with the same id", async () => {
  await startWith({ sessions: 1000, sessionIdleMs: 15_000 });
  const asked = Array.from({ length: 500 }, (_, at) => ({ program: `p-${at % 50}`, said: `s-${at}` }));
  const answers = await Promise.all(asked.map(({ program, said }) => call(program, said)));
  const servers = new Map<string, Set<string>>();
  for (const [at, { program, said }] of asked.entries()) {
    const texts = [...(answers[at] ?? "").matchAll(/"text":"(\d+) ([^"]*)"/g)];
    expect(texts.map(([, , text]) => text)).toEqual([said]);
    servers.set(program, (servers.get(program) ?? new Set()).add(texts[0]?.[1] ?? ""));
  }
  // One server of the legacy era for each program, whatever it asks for and from where.
  const each = [...servers.values()].map((own) => [...own].join(" and "));
  expect(new Set(each).size).toBe(50);
  expect(each.join(" ")).not.toContain("and");
  expect(await untilServers(0)).toBe(0);
}, 120_000);

test("programs that come by the thousand and never again leave nothing behind", async () => {
  await startWith({ sessions: 40, sessionIdleMs: 60_000 });
  const thousand = async (name: string): Promise<Held> => {
    for (let count = 0; count < 50; count++) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => call(`${name}-${count}-${at}`, "x")));
      expect(answers.filter((answer) => answer.includes('"text"')).length).toBe(20);
    }
    expect(await untilServers(40)).toBeLessThanOrEqual(40);
    return heldMemory(proxy.process.pid, proxy.stderr());
  };
  // The first thousand warms up: code is compiled, tables grow.
  await thousand("a");
  const second = await thousand("b");
  const third = await thousand("c");
  expect(third.heapBytes - second.heapBytes).toBeLessThan(1_000_000);
  expect(third.residentBytes - second.residentBytes).toBeLessThan(15_000_000);
}, 300_000);
