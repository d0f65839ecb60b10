// The page about hosts: every block of JSON is what that host reads, and leads to the proxy.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { blocksOf, ROOT } from "./page.ts";

const started = { command: z.literal("mcprules"), args: z.array(z.string()).min(1) };
const env = z.record(z.string(), z.string()).optional();
const address = z.literal("http://127.0.0.1:7331/mcp");
const headers = z.record(z.string(), z.string()).optional();

const oneOf = (key: string, entries: z.ZodType, more: z.ZodRawShape = {}): z.ZodType =>
  z.strictObject({ ...more, [key]: z.record(z.string(), entries) });

/** What each host reads, as its own documentation had it in November 2026. */
const HOSTS: Readonly<Record<string, z.ZodType>> = {
  "claude-desktop": oneOf("mcpServers", z.strictObject({ ...started, env })),
  "claude-code": oneOf(
    "mcpServers",
    z.union([z.strictObject({ ...started, env }), z.strictObject({ type: z.literal("http"), url: address, headers })]),
  ),
  cursor: oneOf(
    "mcpServers",
    z.union([z.strictObject({ ...started, env }), z.strictObject({ url: address, headers })]),
  ),
  "vs-code": oneOf(
    "servers",
    z.union([
      z.strictObject({ type: z.literal("stdio"), ...started, env }),
      z.strictObject({ type: z.literal("http"), url: address, headers }),
    ]),
    { inputs: z.array(z.looseObject({ type: z.literal("promptString"), id: z.string() })).optional() },
  ),
  windsurf: oneOf(
    "mcpServers",
    z.union([z.strictObject({ ...started, env }), z.strictObject({ serverUrl: address, headers })]),
  ),
  zed: oneOf(
    "context_servers",
    z.union([z.strictObject({ ...started, env }), z.strictObject({ url: address, headers })]),
  ),
  cline: oneOf(
    "mcpServers",
    z.union([
      z.strictObject({ ...started, env, disabled: z.boolean(), autoApprove: z.array(z.string()) }),
      z.strictObject({ type: z.literal("streamableHttp"), url: address, headers }),
    ]),
  ),
};

const blocks = blocksOf("docs/clients.md").filter(({ words }) => words[0] === "host");

test("every host is shown", () => {
  expect(new Set(blocks.map(({ words }) => words[1]))).toStrictEqual(new Set(Object.keys(HOSTS)));
});

test.each(blocks.map((block) => [block.words[1] ?? "", block.line, block.text] as const))(
  "%s reads the block at line %i",
  (host, _, text) => {
    expect(HOSTS[host]?.safeParse(JSON.parse(text)).error?.issues).toBeUndefined();
  },
);

test("every input that a block names is asked for", () => {
  for (const { text } of blocks) {
    const named = [...text.matchAll(/\$\{input:([^}]+)\}/g)].map(([, id]) => id);
    const asked = [...text.matchAll(/"id": "([^"]+)"/g)].map(([, id]) => id);
    expect(asked).toStrictEqual(named);
  }
});

test("every known difference of the conformance runs is explained, and no other", () => {
  const page = readFileSync(join(ROOT, "docs/transparency.md"), "utf8");
  const rows = [...page.matchAll(/^\| (.+?) \| (`.+?`) \|/gm)];
  const explained = rows.flatMap(([, name, scenarios]) =>
    (scenarios ?? "").split(", ").map((scenario) => `${name}: ${scenario.replaceAll("`", "")}`),
  );
  const path = join(ROOT, "test/conformance/differences.json");
  const known = JSON.parse(readFileSync(path, "utf8")) as readonly { name: string; scenario: string }[];
  expect(new Set(explained)).toStrictEqual(new Set(known.map(({ name, scenario }) => `${name}: ${scenario}`)));
});
