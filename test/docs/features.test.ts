// docs/features.md, taken at its word: its setup is made, what it calls is called, and what comes back is compared.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Block, blocksOf, fileOf, ROOT } from "./page.ts";

const BLOCKS = blocksOf("docs/features.md");
const HOME = "/home/me";
const CLI = join(ROOT, "dist/cli.js");
const FILES = join(ROOT, "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js");

let folder = "";
let port = "0";
let house: ChildProcess | undefined;
const clients = new Map<string, Client>();

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-features-")));
  mkdirSync(join(folder, "projects/private"), { recursive: true });
  mkdirSync(join(folder, "notes"));
  for (const block of BLOCKS) write(block);
  const [, ...args] = here(blockOf("serve")).trim().split(" ");
  house = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  port = await portOf(house);
  // Whoever calls it has to know where it is.
  for (const block of BLOCKS) write(block);
}, 60_000);

async function portOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error("it has no stderr");
  let said = "";
  for await (const chunk of stderr.setEncoding("utf8")) {
    said += String(chunk);
    const [, found] = /127\.0\.0\.1:(\d+)/.exec(said) ?? [];
    if (found !== undefined) return found;
  }
  throw new Error(`it ended: ${said}`);
}

afterAll(async () => {
  for (const client of clients.values()) await client.close();
  house?.kill();
  rmSync(folder, { recursive: true, force: true });
});

function write(block: Block): void {
  const name = fileOf(block);
  if (name === undefined || name === "audit.jsonl") return;
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), here(block.text));
}

/** As it has to be said in this folder, on this machine, where nothing is installed. */
function here(text: string): string {
  return text
    .replaceAll(HOME, folder)
    .replaceAll(":9100", `:${port}`)
    .replaceAll(
      '"npx", "args": ["-y", "@modelcontextprotocol/server-filesystem"',
      `${JSON.stringify(process.execPath)}, "args": [${JSON.stringify(FILES)}`,
    )
    .replaceAll('"mcprules", "args": [', `${JSON.stringify(process.execPath)}, "args": [${JSON.stringify(CLI)}, `);
}

function blockOf(word: string): string {
  const block = BLOCKS.find(({ words }) => words[0] === word);
  if (block === undefined) throw new Error(`features.md shows no ${word}`);
  return block.text;
}

async function clientOf(settings: string): Promise<Client> {
  const known = clients.get(settings);
  if (known) return known;
  const client = new Client({ name: "reader", version: "1.0.0" });
  const args = [CLI, "run", "--config", settings];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, cwd: folder, stderr: "ignore" }));
  clients.set(settings, client);
  return client;
}

interface Called {
  readonly name: string;
  readonly arguments: Record<string, unknown>;
}

const CALLS = BLOCKS.flatMap((block, index) => {
  const [word] = block.words;
  if (word !== "call" && word !== "outer") return [];
  const next = BLOCKS[index + 1];
  const gives = next?.words[0] === "gives" ? next.text : "{}";
  const settings = word === "outer" ? "outer.json" : "servers.json";
  return [{ line: block.line, text: block.text, gives, settings }];
});

describe("features.md", { timeout: 60_000 }, () => {
  // In the order of the page: what one call writes, a later one reads.
  test.each(CALLS)("the call at line $line gives what it says", async ({ text, gives, settings }) => {
    const client = await clientOf(settings);
    const result = await client.callTool(JSON.parse(here(text)) as Called);
    expect(result).toMatchObject(JSON.parse(here(gives)) as object);
  });

  test("the calls are there", () => {
    expect(CALLS.filter(({ gives }) => gives.includes("content")).length).toBeGreaterThan(4);
  });

  test("lists hold what it says, and not what it says is hidden", async () => {
    const { tools } = await (await clientOf("servers.json")).listTools();
    const names = tools.map(({ name }) => name);
    const listed = JSON.parse(blockOf("listed")) as readonly string[];
    expect(names.filter((name) => listed.includes(name))).toStrictEqual(listed);
    for (const hidden of JSON.parse(blockOf("hidden")) as readonly string[]) expect(names).not.toContain(hidden);
    const described = JSON.parse(blockOf("described")) as Readonly<Record<string, string>>;
    for (const [name, description] of Object.entries(described)) {
      expect(tools.find((tool) => tool.name === name)?.description).toBe(description);
    }
  });

  test("the line of the audit is there", async () => {
    const documented = JSON.parse(here(blockOf("audit.jsonl"))) as object;
    await expect.poll(() => readFileSync(join(folder, "audit.jsonl"), "utf8")).toContain("b.txt");
    const lines = readFileSync(join(folder, "audit.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(expect.objectContaining(documented));
  });
});
