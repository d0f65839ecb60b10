// README and docs, taken at their word: every policy is checked and tested, every command run, every output compared.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { soundnessOf } from "./soundness.ts";
import { blocksOf, commandsOf, fileOf, ROOT, type Block } from "./page.ts";

const DOCS = readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`);
const STORIES = readdirSync(join(ROOT, "rules-examples")).map((name) => `rules-examples/${name}/README.md`);
const PAGES = ["README.md", ...DOCS, ...STORIES];
/** What the docs call the reader's home. */
const FOLDER = "/home/me";
/** Commands that other tests run: those of the house, and the tour. */
const ELSEWHERE = new Set([
  "npm start",
  "npm ci",
  "npm run build",
  "npm install --global .",
  "mcprules status",
  "mcprules rollback",
  "mcprules tail --verdict block",
]);

test("there are pages, and each has words", () => {
  expect(PAGES.length).toBeGreaterThan(10);
  expect(PAGES.flatMap(blocksOf).length).toBeGreaterThan(20);
});

describe.each(PAGES)("%s", (page) => {
  const blocks = blocksOf(page);
  let folder = "";

  beforeAll(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-docs-")));
    mkdirSync(join(folder, "projects"));
    // Beside the page of a story stand its files.
    if (page.startsWith("rules-examples/")) cpSync(join(ROOT, dirname(page)), folder, { recursive: true });
    for (const block of blocks) writeBlock(block, folder);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(blocks.filter(isPolicy).map((block) => [block.line, block] as const))(
    "the policy at line %i is sound, and its tests pass",
    async (_, block) => {
      const sources = [...besides(block, blocks), block].map((one, index) => ({
        path: `${index}.mcprules`,
        text: one.text,
      }));
      expect(await soundnessOf(sources)).toMatchObject({ diagnostics: "", failures: [] });
    },
  );

  test.each(blocks.filter(isBroken).map((block) => [block.line, block] as const))(
    "the policy at line %i is refused, as the page says",
    (_, block) => {
      expect(mcprules(["check", fileOf(block) ?? ""], folder).status).toBe(1);
    },
  );

  const commands = blocks.filter((block) => block.language === "console").flatMap(commandsOf);
  test.each(commands.map((command) => [command.line, command] as const))("$ %s", (line, command) => {
    const [name, ...args] = line.split(" ");
    expect(name).toBe("mcprules");
    expect(mcprules(args, folder).output).toBe(command.output);
  });

  const starts = new Map(blocks.flatMap(startsOf).map((args) => [args.join(" "), args]));
  test.each([...starts])("%s starts and lists tools", async (_, args) => {
    const client = new Client({ name: "reader", version: "1.0.0" });
    const there = offline(args.map((arg) => arg.replaceAll(FOLDER, folder)));
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [CLI, ...there], cwd: folder, stderr: "ignore" }),
    );
    const { tools } = await client.listTools();
    await client.close();
    expect(tools.length).toBeGreaterThan(0);
  });

  test("every other command is known", () => {
    const lines = blocks.filter((block) => block.language === "sh").flatMap((block) => block.text.trim().split("\n"));
    expect(lines.filter((line) => !line.startsWith("mcprules run ") && !ELSEWHERE.has(line))).toStrictEqual([]);
  });
});

const CLI = join(ROOT, "dist/cli.js");

function isPolicy(block: Block): boolean {
  return block.language === "mcprules" && !isBroken(block);
}

function isBroken(block: Block): boolean {
  return block.language === "mcprules" && block.words.includes("error");
}

/** Files that blocks show, where the page's commands find them, and in `rules/`, where its settings say they are. */
function writeBlock(block: Block, folder: string): void {
  const name = fileOf(block) ?? (block.language === "mcprules" ? `block-${block.line}.mcprules` : undefined);
  if (name === undefined) return;
  const text = offlineText(block.text.replaceAll(FOLDER, folder));
  const copies = ["policy.mcprules", "servers.json"].includes(name) ? [name, `rules/${name}`] : [name];
  for (const copy of copies) {
    mkdirSync(dirname(join(folder, copy)), { recursive: true });
    writeFileSync(join(folder, copy), text);
  }
}

/**
 * Tests in a file of their own belong to the policy that the page shows under the same name, and files in one folder are
 * one policy.
 */
function besides(block: Block, blocks: readonly Block[]): readonly Block[] {
  const name = fileOf(block) ?? "";
  if (name.endsWith(".test.mcprules")) return blocks.filter((one) => fileOf(one) === name.replace(".test.", "."));
  const isBeside = (one: Block): boolean =>
    one !== block && isPolicy(one) && dirname(fileOf(one) ?? ".") === dirname(name);
  return name.includes("/") ? blocks.filter(isBeside) : [];
}

/** Arguments of `mcprules` wherever a page starts the proxy: in a shell, or from a host's settings. */
function startsOf(block: Block): readonly (readonly string[])[] {
  if (block.language === "sh" || block.language === "") {
    const lines = block.text.split("\n").filter((line) => line.startsWith("mcprules run "));
    return lines.map((line) => line.split(" ").slice(1));
  }
  if (block.language !== "json" || !block.words.includes("host")) return [];
  const { mcpServers, servers, context_servers: zed } = JSON.parse(block.text) as Hosted;
  return Object.values(mcpServers ?? servers ?? zed ?? {}).flatMap(({ command, args }) => {
    // What has no command has an address: clients.test.ts looks at that.
    if (args === undefined) return [];
    expect(command).toBe("mcprules");
    return [args];
  });
}

type Hosted = Partial<
  Readonly<Record<"mcpServers" | "servers" | "context_servers", Readonly<Record<string, HostedServer>>>>
>;
interface HostedServer {
  readonly command?: string;
  readonly args?: readonly string[];
}

/** `npx -y PACKAGE` fetches; here the same package runs from node_modules. */
function offline(args: readonly string[]): string[] {
  const at = args.indexOf("npx");
  if (at === -1) return [...args];
  const pack = args[at + 2] ?? "";
  return [
    ...args.slice(0, at),
    process.execPath,
    join(ROOT, "node_modules", pack, "dist/index.js"),
    ...args.slice(at + 3),
  ];
}

function offlineText(text: string): string {
  return text.replaceAll(/"command": "npx",(\s*)"args": \["-y", "([^"]+)"/g, (_, space: string, pack: string) => {
    const entry = join(ROOT, "node_modules", pack, "dist/index.js");
    return `"command": ${JSON.stringify(process.execPath)},${space}"args": [${JSON.stringify(entry)}`;
  });
}

function mcprules(args: readonly string[], cwd: string): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], { cwd, encoding: "utf8" });
  return { status, output: (stdout + stderr).replaceAll(cwd, FOLDER) };
}
