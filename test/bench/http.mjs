// Measures the HTTP door in front of a stdio server against a plain node:http reverse proxy in front of an HTTP server:
// calls a second with 64 in flight, one call alone, 10 MB, and sessions opened; in turns, medians. `node test/bench/http.mjs [ROUNDS]`
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rulesBeside, writeSetup } from "./policies.mjs";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const ROUNDS = Number(process.argv[2]) || 5;
const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const HELLO = {
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "b", version: "1" } },
};

const folder = mkdtempSync(join(tmpdir(), "mcprules-bench-"));
const children = [];
process.on("exit", () => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
});

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const upstream = await start([join(HERE, "http-upstream.mjs")], /^(\d+)$/m);
const contestants = [
  {
    name: "reverse proxy",
    port: await start([join(HERE, "http-reverse-proxy.mjs"), upstream], /^(\d+)$/m),
    headers: HEADERS,
  },
];
for (const rules of [0, 100]) {
  const server = { command: process.execPath, args: [join(HERE, "upstream.mjs")] };
  const setup = writeSetup(join(folder, String(rules)), server, rulesBeside(rules));
  const port = await start([CLI, ...setup, "--http", "127.0.0.1:0"], /find it at http:\/\/127\.0\.0\.1:(\d+)/);
  contestants.push({ name: `mcprules, ${rules} rules`, port, headers: { ...HEADERS, ...(await openSession(port)) } });
}

const measures = [
  ["calls/s, 64 in flight", (one) => rate(one, 4000, 64)],
  ["µs a call alone", async (one) => 1e6 / (await rate(one, 500, 1))],
  ["ms for 10 MB", async (one) => 1000 / (await rate(one, 5, 1, "tenMegabytes"))],
];
for (const [title, measure] of measures) {
  const found = contestants.map(() => []);
  for (const one of contestants) await measure(one);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, one] of contestants.entries()) found[index].push(await measure(one));
  }
  for (const [index, { name }] of contestants.entries())
    console.log(`${title.padEnd(24)} ${name.padEnd(22)} ${median(found[index]).toFixed(1)}`);
}
process.exit(0);

/** What a program says on its output, as far as the pattern tells it. */
async function start(args, pattern) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let said = "";
  return new Promise((resolve) => {
    const hear = (chunk) => {
      said += chunk;
      const port = pattern.exec(said)?.[1];
      if (port !== undefined) resolve(port);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
  });
}

async function openSession(port) {
  const answer = await post(port, HEADERS, { id: 1, ...HELLO });
  const session = { "mcp-session-id": answer.headers["mcp-session-id"] };
  await post(port, { ...HEADERS, ...session }, { method: "notifications/initialized" });
  return session;
}

async function rate({ port, headers }, count, inFlight, tool = "echo") {
  const body = { id: 1, method: "tools/call", params: { name: tool, arguments: { message: "hello" } } };
  const started = performance.now();
  let left = count;
  const one = async () => {
    while (left-- > 0) await post(port, headers, body);
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  return (count * 1000) / (performance.now() - started);
}

async function post(port, headers, message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  const sent = request({
    port,
    host: "127.0.0.1",
    path: "/mcp",
    method: "POST",
    agent,
    headers: { ...headers, "content-length": Buffer.byteLength(body) },
  });
  sent.end(body);
  const [answer] = await once(sent, "response");
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode > 299) throw new Error(`status ${answer.statusCode}`);
  return answer;
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
