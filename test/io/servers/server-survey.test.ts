// What servers are found to have: real ones, and one of ours with its habits.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Survey, surveyServer } from "../../../src/io/servers/server-survey.ts";
import { parseSettings } from "../../../src/io/settings/settings-file.ts";
import { openFolder } from "../../e2e/folder.ts";
import { type Program, referenceServer } from "../../e2e/programs.ts";
import { serveEverything } from "../../e2e/remote-everything.ts";

const { startModernServer } = (await import(new URL("../../e2e/modern-server.mjs", import.meta.url).href)) as {
  readonly startModernServer: () => Promise<{ readonly url: string; close(): Promise<void> }>;
};

const folder = openFolder();
const OWN: Program = {
  command: process.execPath,
  args: [fileURLToPath(new URL("listing-server.mjs", import.meta.url))],
};

type Entry = Program | { readonly url: string; readonly type: string };

async function survey(entry: Entry, env: Readonly<Record<string, string>> = {}, patienceMs = 10_000): Promise<Survey> {
  const described = "command" in entry ? { ...entry, env } : entry;
  const reading = parseSettings(folder.at("s.json"), JSON.stringify({ mcpServers: { s: described } }), process.env);
  if (reading.kind === "problems") throw new Error(JSON.stringify(reading.problems));
  const [server] = reading.settings.servers;
  if (server === undefined) throw new Error("no server");
  return surveyServer(server, reading.settings, patienceMs);
}

function namesIn(outcome: Survey, kind: "tool" | "prompt" | "resource" | "template" = "tool"): readonly string[] {
  return outcome.kind === "server" ? [...outcome.server.things[kind].keys()] : [outcome.reason];
}

const TOOLS = { TOOLS: JSON.stringify(["a", "b", "c"].map((name) => ({ name, inputSchema: { type: "object" } }))) };

describe("a server", () => {
  test("of the reference ones shows all it has, also what it shows only to those who can do more", async () => {
    const outcome = await survey(referenceServer("everything"));
    expect(outcome).toMatchObject({ kind: "server", server: { name: "mcp-servers/everything" } });
    expect(namesIn(outcome)).toEqual(expect.arrayContaining(["echo", "get-roots-list", "trigger-sampling-request"]));
    expect(namesIn(outcome, "prompt")).toContain("args-prompt");
    expect(namesIn(outcome, "resource").length).toBeGreaterThan(0);
    expect(namesIn(outcome, "template")).toContain("demo://resource/dynamic/text/{resourceId}");
  });

  test("over HTTP is asked as well", async () => {
    const port = 20_000 + (process.pid % 20_000);
    await serveEverything("streamableHttp", port);
    const url = `http://127.0.0.1:${port}/mcp`;
    expect(namesIn(await survey({ type: "http", url }))).toContain("echo");
  });

  test("of the modern era is asked as it wants to be", async () => {
    const modern = await startModernServer();
    const outcome = await survey({ type: "http", url: modern.url });
    await modern.close();
    expect(outcome).toMatchObject({ kind: "server", server: { name: "modern", version: "1.0.0" } });
    expect(namesIn(outcome)).toContain("mirrored");
  });

  test("is listed to the last page", async () => {
    expect(namesIn(await survey(OWN, { ...TOOLS, HABIT: "pages" }))).toStrictEqual(["a", "b", "c"]);
  });

  test("that adds to what it has once it knows its client is listed again", async () => {
    expect(namesIn(await survey(OWN, { ...TOOLS, HABIT: "adds" }))).toStrictEqual(["a", "b", "c"]);
  });

  test("that asks something itself is answered as by somebody who has nothing and wants nothing", async () => {
    const heard = folder.at("heard.jsonl");
    await survey(OWN, { ...TOOLS, HABIT: "asks", HEARD: heard });
    const answers = readFileSync(heard, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly id?: unknown; readonly method?: string })
      .filter(({ id, method }) => typeof id === "string" && method === undefined)
      .sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1));
    expect(answers).toMatchObject([
      { id: "form", result: { action: "decline" } },
      { id: "model", error: { code: -1 } },
      { id: "ping", result: {} },
      { id: "roots", result: { roots: [] } },
    ]);
  });
});

describe("a server that cannot be asked is told of with its reason", () => {
  test.each<readonly [string, Entry, Readonly<Record<string, string>>, string]>([
    [
      "there is none",
      { command: "no-such-command", args: [] },
      {},
      "could not be started: there is no command `no-such-command`",
    ],
    ["it refuses", OWN, { HABIT: "refuses" }, "it refused the handshake: not you"],
    ["it does not list what it has", OWN, { HABIT: "fails" }, "`tools/list` failed: no database"],
    ["it ends while it is asked", OWN, { HABIT: "dies" }, "exited with code 7"],
    ["it says nothing", OWN, { HABIT: "mute" }, "did not say within 1.5 s what it has"],
    ["nobody listens there", { type: "http", url: "http://127.0.0.1:9/mcp" }, {}, ""],
  ])("%s", async (_, entry, env, reason) => {
    const outcome = await survey(entry, env, 1500);
    expect(outcome).toMatchObject({ kind: "failed", reason: expect.stringContaining(reason) });
  });

  test("and with the last it said on stderr", async () => {
    const outcome = await survey({ command: "/bin/sh", args: ["-c", "echo one >&2; echo two >&2; exit 3"] });
    expect(outcome).toStrictEqual({ kind: "failed", reason: "exited with code 3", said: ["one", "two"] });
  });
});
