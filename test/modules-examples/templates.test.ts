// The templates for modules: the same module in TypeScript, in Python, and behind plain HTTP.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { transform } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { createModules, type Modules } from "../../src/io/modules/create-modules.ts";
import { openFolder } from "../e2e/folder.ts";
import { callOf, settingsOf } from "../io/modules/hosts.ts";
import { EXAMPLES } from "./proxied.ts";

const FOLDER = `${EXAMPLES}templates/`;
const SECRET = { MODULE_SECRET: "a-secret-of-ours" };

const ends: (() => void | Promise<void>)[] = [];

// Said while the tests are collected: one that is said inside of a test may not be heard.
afterAll(async () => {
  for (const end of ends) await end();
});

async function typescript(): Promise<JsonObject> {
  const folder = openFolder();
  const { code } = await transform(readFileSync(`${FOLDER}typescript/module.ts`, "utf8"), {
    loader: "ts",
    format: "esm",
  });
  folder.write("module.mjs", code);
  return { module: folder.at("module.mjs") };
}

async function http(): Promise<JsonObject> {
  const child = spawn("python3", [`${FOLDER}http/module.py`, "0"], {
    env: { ...process.env, ...SECRET },
    stdio: ["ignore", "pipe", "inherit"],
  });
  ends.push(() => void child.kill());
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  const url = /http:\S+/.exec(said.toString())?.[0] ?? "";
  return { url, auth: { hmac: { keyId: "k1", secret: { env: "MODULE_SECRET" } } } };
}

async function open(host: JsonObject, environment: Readonly<Record<string, string>>): Promise<Modules> {
  const log = { report: () => undefined, serverSaid: () => undefined };
  const modules = createModules(
    { modules: settingsOf({ m: host }, environment), deadlineMs: 5000, maxBytes: 4_194_304 },
    log,
  );
  ends.push(() => modules.close());
  await modules.started;
  return modules;
}

function saying(x: string): { readonly payload: JsonObject } {
  return { payload: { method: "tools/call", params: { name: "t", arguments: { x } } } };
}

describe("the template", () => {
  it.each([
    ["in TypeScript", typescript],
    ["in Python", () => Promise.resolve({ command: "python3", args: [`${FOLDER}python/module.py`] })],
    ["behind HTTP", http],
  ] as const)("%s does what it says", async (_, host) => {
    const modules = await open(await host(), SECRET);
    expect(modules.list()[0]).toMatchObject({
      state: { kind: "up" },
      interceptors: [{ name: "no-shouting" }, { name: "no-blanks" }],
    });
    expect(await modules.call(callOf({ type: "mutation", ...saying("  hello ") }))).toMatchObject({
      kind: "changed",
      ...saying("hello"),
    });
    expect(await modules.call(callOf(saying("hello")))).toMatchObject({ kind: "pass" });
    expect(await modules.call(callOf(saying("HELLO THERE")))).toMatchObject({
      kind: "rejected",
      messages: [{ path: "params.arguments.x", message: "it shouts" }],
    });
  });

  it("behind HTTP answers nobody who cannot sign", async () => {
    const modules = await open(await http(), { MODULE_SECRET: "another-secret" });
    expect(await modules.call(callOf(saying("hello")))).toMatchObject({ kind: "failed", reason: "down" });
  });
});
