// The fences of README and docs, in front of the real filesystem server: whatever tool is called, nothing outside is reached.
import { mkdirSync, mkdtempSync, realpathSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { outcomeOf } from "../rules-examples/story.ts";
import { blocksOf, ROOT } from "./page.ts";

const SERVER = join(ROOT, "node_modules/@modelcontextprotocol/server-filesystem/dist/index.js");
const OTHER = join(ROOT, "node_modules/@modelcontextprotocol/server-everything/dist/index.js");
const SECRET = "the salary of the queen";

/** Policies that close everything on the server `files` but what lies below a folder. */
const FENCES = ["README.md", "docs/cookbook.md", "docs/getting-started.md"].flatMap((page) =>
  blocksOf(page)
    .filter(({ language, text }) => language === "mcprules" && /^default block .* when tool \*/m.test(text))
    .filter(({ text }) => /"(?:\/home\/me)?\/projects\/\*\*"/.test(text) && !text.includes("on notes"))
    .map((block) => ({ name: `${page}:${block.line}`, text: block.text })),
);

/** What the filesystem server has. */
const TOOLS = [
  "read_file",
  "read_text_file",
  "read_media_file",
  "read_multiple_files",
  "write_file",
  "edit_file",
  "create_directory",
  "list_directory",
  "list_directory_with_sizes",
  "directory_tree",
  "move_file",
  "search_files",
  "get_file_info",
];

test("the pages show fences", () => {
  expect(FENCES.length).toBeGreaterThanOrEqual(5);
});

describe.each(FENCES)("$name", ({ text }) => {
  let folder = "";
  let client: Client;

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "mcprules-fence-")));
    for (const name of ["open/projects", "open/private", "rules"]) mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, "open/projects/a.txt"), "inside");
    writeFileSync(join(folder, "open/private/b.txt"), SECRET);
    writeFileSync(join(folder, "rules/p.mcprules"), text.replaceAll(/(?:\/home\/me)?\/projects/g, inside("")));
    writeFileSync(join(folder, "mcp.json"), JSON.stringify({ mcpServers: serversFor(text, join(folder, "open")) }));
    client = new Client({ name: "reader", version: "1.0.0" });
    const args = [
      join(ROOT, "dist/cli.js"),
      "run",
      "--config",
      join(folder, "mcp.json"),
      "--rules",
      join(folder, "rules"),
    ];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: "ignore" }));
  });

  afterEach(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function inside(name: string): string {
    return join(folder, "open/projects", name);
  }

  test("inside it is open, outside nothing is read, written, moved or told", { timeout: 60_000 }, async () => {
    const read = await outcomeOf(client, call("read_text_file", { path: inside("a.txt") }));
    expect(JSON.stringify(read)).toContain("inside");
    for (const [tool, body] of TOOLS.flatMap((name) => detours(folder).map((one) => [name, one] as const))) {
      const outcome = await outcomeOf(client, call(tool, body));
      const told = JSON.stringify(outcome);
      const isRefused = "error" in outcome || told.includes('"isError":true');
      expect({ tool, body, told, isRefused }).toMatchObject({ isRefused: true });
      expect(told).not.toContain(SECRET);
    }
    expect(readdirSync(join(folder, "open")).toSorted()).toStrictEqual(["private", "projects"]);
    expect(readdirSync(join(folder, "open/private"))).toStrictEqual(["b.txt"]);
    expect(readdirSync(join(folder, "open/projects"))).toStrictEqual(["a.txt"]);
  });
});

/** Whatever other server the policy names is there too. */
function serversFor(text: string, open: string): object {
  const name = text.includes('on "server"') ? "server" : "files";
  const other = { command: process.execPath, args: [OTHER] };
  return {
    [name]: { command: process.execPath, args: [SERVER, open] },
    ...(text.includes("everything") && { everything: other }),
  };
}

function call(name: string, body: object): { readonly method: string; readonly params: object } & Sends {
  return { method: "tools/call", params: { name, arguments: { ...body } } };
}

type Sends = Parameters<typeof outcomeOf>[1];

/** Arguments that lead outside by some name, beside others that stay inside where a rule may look at the wrong one. */
function detours(folder: string): readonly object[] {
  const [a, b] = [join(folder, "open/projects/a.txt"), join(folder, "open/private/b.txt")];
  const rest = { content: "mine", pattern: "**", edits: [{ oldText: "the", newText: "no" }] };
  return [
    { ...rest, path: b },
    { ...rest, path: join(folder, "open") },
    { ...rest, path: [a, b], paths: [a, b] },
    { ...rest, source: a, destination: join(folder, "open/private/c.txt") },
    { ...rest, source: b, destination: join(folder, "open/projects/c.txt") },
    { ...rest, path: `${folder}/open/projects/../private/b.txt` },
  ];
}
