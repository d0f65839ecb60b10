// The built command as a module of a proxy: rules that ask other rules, over stdio and over HTTP.
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { proxied } from "../modules-examples/proxied.ts";
import { openFolder, type Folder } from "./folder.ts";

const CLI = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const ends: (() => void)[] = [];

afterAll(() => {
  for (const end of ends) end();
});

const RULES = `mcprules 1
default allow
rule no-etc when tools/call * with path "/etc/**" block "Not below /etc."
rule cap when tools/call echo with limit > 50 set limit = 50
rule mask when result of tools/call * redact /AKIA[0-9A-Z]{16}/ as "***"
`;

function overStdio(folder: Folder): Promise<JsonObject> {
  return Promise.resolve({ command: process.execPath, args: [CLI, "serve-module", "--rules", folder.at("served")] });
}

async function overHttp(folder: Folder): Promise<JsonObject> {
  const args = [CLI, "serve-module", "--rules", folder.at("served"), "--http", "127.0.0.1:0"];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  ends.push(() => void child.kill());
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (let waited = 0; waited < 10_000; waited += 50) {
    const url = /at (http:[^"]+)"/.exec(said)?.[1];
    if (url !== undefined) return { url, send: { request: true } };
    await delay(50);
  }
  throw new Error(said);
}

it.each([
  ["stdio", overStdio],
  ["HTTP", overHttp],
] as const)("rules that are served over %s judge and change what another proxy shows them", async (_, serve) => {
  const folder = openFolder();
  folder.write("served/policy.mcprules", RULES);
  folder.write(
    "rules/policy.mcprules",
    "mcprules 1\ndefault allow\nrule others when tools/call * or result of tools/call * call rules\n",
  );
  const rules = { ...(await serve(folder)), expose: "message" };
  const client = await proxied({
    folder: folder.at(""),
    modules: JSON.stringify({ rules }),
    rules: folder.at("rules"),
  });
  expect(await client.call("echo", { limit: 500 })).toMatchObject({ result: { content: [{ text: '{"limit":50}' }] } });
  expect(await client.call("echo", { key: "AKIAABCDEFGH12345678" })).toMatchObject({
    result: { content: [{ text: '{"key":"***"}' }] },
  });
  expect(await client.call("echo", { path: "/etc/passwd" })).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringContaining("Not below /etc.") as string }] },
  });
});
