// A real server behind OAuth: nobody is served before somebody logs in, then everybody is, and nobody notices when tokens change.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { afterEach, expect, test, vi } from "vitest";
import { readSettings } from "../../src/io/settings/settings-file.ts";
import { logIn } from "../../src/io/upstream/oauth/log-in.ts";
import { startProxy } from "../../src/serve.ts";
import { agree, openIssuer } from "../io/upstream/oauth-server.ts";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { quietLog } from "../io/quiet-log.ts";

const { startModernServer } = (await import(new URL("modern-server.mjs", import.meta.url).href)) as {
  startModernServer(this: void): Promise<{ readonly url: string; close(): Promise<void> }>;
};

const folder = openFolder();
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

async function tools(url: string, program: string): Promise<readonly string[]> {
  const client = new Client({ name: program, version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  closers.push(() => client.close());
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return (await client.listTools()).tools.map(({ name }) => name);
}

test("a login makes a server that wants tokens one like any other", async () => {
  vi.stubEnv("XDG_STATE_HOME", folder.at("state"));
  const server = await startModernServer();
  closers.push(() => server.close());
  const issuer = await openIssuer({ behind: server.url });
  folder.write("policy.mcprules", ALLOW_ALL);
  const mcprules = { listen: { port: 0 }, rules: ["policy.mcprules"], servers: { far: { oauth: {} } } };
  folder.write("mcp.json", JSON.stringify({ mcpServers: { far: { url: issuer.serverUrl } }, mcprules }));
  const reading = readSettings(folder.at("mcp.json"), {});
  if (reading.kind === "problems") throw new Error(JSON.stringify(reading.problems));
  const reports: string[] = [];
  const start = await startProxy({ settings: reading.settings, rules: [], log: quietLog({ reports }), door: "http" });
  if (start.kind === "refused") throw new Error(start.report);
  closers.push(() => start.proxy.close({ haste: true }));
  const url = start.proxy.url ?? "";

  await expect(tools(url, "early")).rejects.toThrow("Version negotiation failed");
  expect(reports.join("\n")).toContain("answered 401: nobody is logged in: `mcprules login far`");

  const [far] = reading.settings.servers;
  if (far?.kind !== "http" || far.oauth === undefined) throw new Error("no such server");
  const login = { server: far, oauth: far.oauth, show: (page: URL) => void agree(page), patienceMs: 5000 };
  expect(await logIn(login)).toMatchObject({ kind: "logged-in" });
  expect(await tools(url, "later")).toContain("mirrored");

  issuer.expire();
  expect(await tools(url, "much later")).toContain("mirrored");
  expect(issuer.asked.map(({ form }) => form["grant_type"])).toContain("refresh_token");
}, 30_000);
