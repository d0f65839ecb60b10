// Pipes to the client and to servers, whatever they are, and however slowly somebody reads: every line arrives once, whole, in order.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { ownServer, proxy } from "./programs.ts";
import { type Message, openRawClient } from "./raw-client.ts";

const folder = openFolder();
folder.write("rules/policy.mcprules", ALLOW_ALL);
folder.write("servers.json", JSON.stringify({ mcpServers: { own: ownServer() }, mcprules: { rules: ["rules"] } }));
const program = proxy("--config", "servers.json");

const LINES = [
  {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "lines", version: "1" } },
  },
  { jsonrpc: "2.0", method: "notifications/initialized" },
  { jsonrpc: "2.0", id: 1, method: "tools/list" },
  { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name: "echo", arguments: { said: "ö" } } },
].map((message) => JSON.stringify(message));

test("a client that reads nothing for a while then gets each answer once, whole, in order", async () => {
  const client = await openRawClient(program, folder.at("."));
  client.process.stdout.pause();
  // More than a socket takes at once, in answers that are written together and such that are not.
  const asked = Array.from({ length: 600 }, (_, index) => (index % 50 === 0 ? 40_000 : 1 + ((index * 37) % 9000)));
  for (const [id, bytes] of asked.entries()) client.send(calling(id, bytes));
  await delay(700);
  client.process.stdout.resume();
  await client.reply(asked.length - 1);
  const answers = client.received.filter((one): one is Message => "id" in one && typeof one.id === "number");
  expect(answers.map(({ id, result }) => [id, JSON.stringify(result).length])).toEqual(
    asked.map((bytes, id) => [id, JSON.stringify({ content: [{ type: "text", text: "x".repeat(bytes) }] }).length]),
  );
});

test("requests that come faster than they are taken are each answered once", async () => {
  const client = await openRawClient(program, folder.at("."));
  const texts = Array.from({ length: 400 }, (_, index) => `${index} ${"y".repeat((index * 701) % 20_000)}`);
  const lines = texts.map((text, id) => JSON.stringify(echoing(id, text)));
  client.process.stdin.write(`${lines.join("\n")}\n`);
  await Promise.all(texts.map((_, id) => client.reply(id)));
  const said = client.received.filter((one): one is Message => "id" in one && typeof one.id === "number");
  expect(said.map(({ id }) => id)).toEqual(texts.map((_, id) => id));
  expect(said.map(({ result }) => JSON.stringify(result))).toEqual(
    texts.map((text) => JSON.stringify({ content: [{ type: "text", text: JSON.stringify({ text }) }] })),
  );
});

test("requests that wait for their server stay what they are while others come", async () => {
  const { command, args } = ownServer();
  const late = ["-c", `sleep 1.5; exec '${[command, ...args].join("' '")}'`];
  folder.write(
    "late.json",
    JSON.stringify({ mcpServers: { own: { command: "sh", args: late } }, mcprules: { rules: ["rules"] } }),
  );
  const { command: node, args: proxied } = proxy("--config", "late.json");
  const child = spawn(node, proxied, { cwd: folder.at("."), stdio: ["pipe", "pipe", "ignore"] });
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const texts = ["one", "two", "three", "four"];
  for (const line of [...LINES.slice(0, 2), ...texts.map((text, index) => JSON.stringify(echoing(10 + index, text)))]) {
    child.stdin.write(`${line}\n`);
    await delay(150);
  }
  await expect.poll(() => said.split("\n").length, { timeout: 10_000 }).toBe(1 + 1 + texts.length);
  for (const text of texts) expect(said).toContain(JSON.stringify(JSON.stringify({ text })));
  child.stdin.end();
  await once(child, "close");
});

test.each([
  ["a file for stdin", (command: string) => `${command} < lines.jsonl`],
  ["a file for stdout", (command: string) => `cat lines.jsonl | ${command} > out.jsonl && cat out.jsonl`],
  ["pipes of a shell", (command: string) => `cat lines.jsonl | ${command} | cat`],
])("with %s, what was asked is answered, and the end of it is the end", (_what, line) => {
  folder.write("lines.jsonl", `${LINES.join("\n")}\n`);
  const command = [program.command, ...program.args].map((word) => `'${word}'`).join(" ");
  const { stdout, status } = spawnSync("sh", ["-c", line(command)], { cwd: folder.at("."), encoding: "utf8" });
  expect(
    stdout
      .trim()
      .split("\n")
      .map((one) => (JSON.parse(one) as Message).id),
  ).toEqual([0, 1, 2]);
  expect(stdout).toContain("ö");
  expect(status).toBe(0);
});

test("a client that goes away while it is written to ends the proxy", async () => {
  const client = await openRawClient(program, folder.at("."));
  client.process.stdout.pause();
  for (let id = 0; id < 300; id++) client.send(calling(id, 9000));
  await delay(200);
  client.process.stdout.destroy();
  expect(await client.exit).toBe(0);
});

test("a closed stdin is an end, not a failure", async () => {
  const child = spawn(program.command, program.args, { cwd: folder.at("."), stdio: ["ignore", "pipe", "ignore"] });
  expect((await once(child, "close"))[0]).toBe(0);
});

function calling(id: number, bytes: number): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name: "big", arguments: { bytes } } };
}

function echoing(id: number, text: string): object {
  return { jsonrpc: "2.0", id, method: "tools/call", params: { name: "echo", arguments: { text } } };
}
