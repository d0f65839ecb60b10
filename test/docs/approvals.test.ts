// What docs/approvals.md shows of forms, the queue, errors and records, compared with a proxy that is running.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/mcp/json.ts";
import { mcprules } from "../e2e/control-scene.ts";
import { openFolder } from "../e2e/folder.ts";
import { ownServer, proxy } from "../e2e/programs.ts";
import { blocksOf } from "./page.ts";

const BLOCKS = blocksOf("docs/approvals.md");

function blockOf(word: string): string {
  const block = BLOCKS.find(({ words }) => words[0] === word);
  if (block === undefined) throw new Error(`approvals.md shows no ${word}`);
  return block.text;
}

const QUEUE = BLOCKS.find(({ text }) => text.startsWith("$ mcprules approvals"))?.text ?? "";
const CALL = { name: "transfer_money", arguments: { amount: 500, to: "ACME" } };

/** The page's proxy with a bank of ours, and a client that has forms or has none. */
class Bank {
  readonly folder = openFolder();
  readonly process: ChildProcessWithoutNullStreams;
  readonly said: JsonObject[] = [];

  constructor(capabilities: JsonObject) {
    const settings = JSON.parse(blockOf("servers.json")) as { mcpServers: object; mcprules: object };
    const log = { to: this.folder.at("log") };
    this.folder.write("policy.mcprules", blockOf("policy.mcprules"));
    this.folder.write(
      "servers.json",
      JSON.stringify({ mcpServers: { bank: ownServer("transfer_money") }, mcprules: { ...settings.mcprules, log } }),
    );
    const { command, args } = proxy("--config", this.folder.at("servers.json"));
    this.process = spawn(command, [...args], { stdio: "pipe" });
    createInterface({ input: this.process.stdout }).on("line", (line) => {
      const message = JSON.parse(line) as JsonValue;
      if (isJsonObject(message)) this.said.push(message);
    });
    const clientInfo = { name: "claude", version: "1" };
    this.say({ id: 0, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities, clientInfo } });
    this.say({ method: "notifications/initialized" });
  }

  say(message: JsonObject): void {
    this.process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }

  async hear(isMeant: (message: JsonObject) => boolean): Promise<JsonObject> {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = this.said.find(isMeant);
      if (found !== undefined) return found;
      await delay(50);
    }
    throw new Error(`it was not said: ${JSON.stringify(this.said)}`);
  }

  /** The record of the call. */
  record(): JsonObject {
    const lines = this.folder.read("log").trim().split("\n");
    const records = lines.map((line) => JSON.parse(line) as JsonObject);
    return records.findLast(({ method, kind }) => method === "tools/call" && kind === "request") ?? {};
  }
}

describe("asked in the client", () => {
  let bank: Bank;
  beforeAll(() => {
    bank = new Bank({ elicitation: {} });
  });
  afterAll(() => bank.process.kill());

  test("the form is the page's, and a refusal reads as it says", async () => {
    bank.say({ id: "call", method: "tools/call", params: CALL });
    const form = await bank.hear(({ method }) => method === "elicitation/create");
    expect(form["params"]).toEqual(JSON.parse(blockOf("form")));
    bank.say({ id: form["id"] ?? null, result: { action: "decline" } });
    const text = (JSON.parse(blockOf("error")) as { message: string }).message;
    expect(await bank.hear(({ id }) => id === "call")).toMatchObject({
      result: { isError: true, content: [{ text }] },
    });
  });
});

describe("asked in the queue", () => {
  let bank: Bank;
  beforeAll(() => {
    bank = new Bank({});
  });
  afterAll(() => bank.process.kill());

  test("the commands print what the page shows, and the record has its fields", async () => {
    bank.say({ id: "call", method: "tools/call", params: CALL });
    const pid = String(bank.process.pid);
    const list = await waiting(pid);
    const id = list.slice(0, 8);
    expect(shape(list)).toBe(shape(outputOf("mcprules approvals")));
    expect(shape(mcprules("approve", id, "--pid", pid).stdout)).toBe(shape(outputOf("mcprules approve 4f9c21ab")));
    expect(await bank.hear((message) => message["id"] === "call")).toMatchObject({ result: {} });
    const documented = JSON.parse(blockOf("record")) as { approval: object };
    await expect.poll(() => bank.record()).toMatchObject({ verdict: "allow", rule: "confirm-money" });
    expect(Object.keys(bank.record()["approval"] as object)).toEqual(Object.keys(documented.approval));
  });
});

async function waiting(pid: string): Promise<string> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { stdout } = mcprules("approvals", "--pid", pid);
    if (/^[0-9a-f]{8} /.test(stdout)) return stdout;
    await delay(50);
  }
  throw new Error("nothing waits");
}

function outputOf(command: string): string {
  const [, after = ""] = QUEUE.split(`$ ${command}\n`);
  return after.split("\n$ ")[0] ?? "";
}

/** Ids, seconds and who asks are others each time. */
function shape(output: string): string {
  return output
    .trimEnd()
    .replaceAll(/[0-9a-f]{8}/g, "ID")
    .replace(/tools\/call .* \d+ s left/, "tools/call WHO N s left");
}
