// A human approves what a real client wants of a real server: in the client, in both eras, or with `mcprules approve`.
import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { Client as ModernClient, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as LegacyClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as LegacyStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as LegacyHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { afterAll, describe, expect, test } from "vitest";
import { mcprules, runtime } from "./control-scene.ts";
import { openFolder } from "./folder.ts";
import { type HttpProxy, startHttpProxy } from "./http-proxy.ts";
import { eraServer, overheard, proxy } from "./programs.ts";

const POLICY = `mcprules 1

default allow

rule say-it when tools/call echo ask "Say {params.arguments.text}?"

rule ask-it when tools/call who ask "May it ask?"
`;

const folder = openFolder();
let scenes = 0;

interface Scene {
  readonly config: string;
  /** What the server was told, as text. */
  readonly received: () => string;
}

function sceneOf(serverEra: string, mcprulesSection: object = {}): Scene {
  scenes += 1;
  const name = String(scenes);
  folder.write(`${name}/policy.mcprules`, POLICY);
  folder.write(`${name}.received`, "");
  const server = overheard(eraServer(serverEra), folder.at(`${name}.received`));
  const section = { rules: [name], ...mcprulesSection };
  folder.write(`${name}.json`, JSON.stringify({ mcpServers: { eras: server }, mcprules: section }));
  return { config: folder.at(`${name}.json`), received: () => readFileSync(folder.at(`${name}.received`), "utf8") };
}

/** Whoever sits before the client. */
interface Person {
  readonly decides: "approve" | "decline";
  readonly read: string[];
}

interface AnyClient {
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<unknown>;
}

interface Asked {
  readonly message: string;
}

function answerTo({ message }: Asked, person: Person): { action: "accept"; content: Record<string, string> } {
  person.read.push(message);
  return { action: "accept", content: message === "Who?" ? { name: "Ada" } : { decision: person.decides } };
}

type End = { readonly config: string } | { readonly url: string };

async function connectLegacy(end: End, person: Person | undefined): Promise<AnyClient> {
  const capabilities = person === undefined ? {} : { elicitation: {} };
  const client = new LegacyClient({ name: "e2e", version: "1.0.0" }, { capabilities });
  if (person !== undefined) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answerTo(params, person));
  afterAll(() => client.close());
  const { command, args } = proxy("--config", "config" in end ? end.config : "");
  await client.connect(
    "config" in end
      ? new LegacyStdio({ command, args: [...args], stderr: "ignore" })
      : new LegacyHttp(new URL(end.url)),
  );
  return { call: (name, args = {}) => client.callTool({ name, arguments: args }) };
}

async function connectModern(end: End, person: Person | undefined): Promise<AnyClient> {
  const capabilities = person === undefined ? {} : { elicitation: { form: {} } };
  const client = new ModernClient(
    { name: "e2e", version: "1.0.0" },
    { capabilities, versionNegotiation: { mode: "auto" } },
  );
  if (person !== undefined) client.setRequestHandler("elicitation/create", ({ params }) => answerTo(params, person));
  afterAll(() => client.close());
  const { command, args } = proxy("--config", "config" in end ? end.config : "");
  await client.connect(
    "config" in end
      ? new StdioClientTransport({ command, args: [...args], stderr: "ignore" })
      : new StreamableHTTPClientTransport(new URL(end.url)),
  );
  expect(client.getProtocolEra()).toBe("modern");
  return { call: (name, args = {}) => client.callTool({ name, arguments: args }) };
}

const CLIENTS = { "SDK v1, legacy": connectLegacy, "SDK v2, modern": connectModern };
const WAYS = ["stdio", "http"] as const;

describe.each(Object.entries(CLIENTS))("%s", (_client, connect) => {
  describe.each(["legacy", "modern"])("with a %s server", (serverEra) => {
    describe.each(WAYS)("over %s", (way) => {
      async function open(person: Person): Promise<AnyClient & Scene> {
        const scene = sceneOf(serverEra);
        const end = way === "stdio" ? scene : await startHttpProxy("--config", scene.config);
        return { ...scene, ...(await connect(end, person)) };
      }

      test("what is approved in the client is done, and what is declined is not", async () => {
        const person: { decides: "approve" | "decline"; read: string[] } = { decides: "approve", read: [] };
        const { call, received } = await open(person);
        expect(await call("echo", { text: "yes" })).toMatchObject({ content: [{ text: "yes" }] });
        expect(person.read).toEqual(["Say yes?\n\neras · echo · rule say-it"]);
        person.decides = "decline";
        expect(await call("echo", { text: "no" })).toMatchObject({ isError: true });
        expect(received()).toContain('"text":"yes"');
        expect(received()).not.toContain('"text":"no"');
      });

      test("the server asks after the human has approved that it does", async () => {
        const person: Person = { decides: "approve", read: [] };
        const { call } = await open(person);
        expect(JSON.stringify(await call("who"))).toContain("Ada");
        expect(person.read).toEqual(["May it ask?\n\neras · who · rule ask-it", "Who?"]);
      });
    });
  });
});

describe("mcprules approvals", () => {
  const inQueue = { approvals: { channels: ["queue"] } };

  async function waiting({
    process: { pid },
  }: HttpProxy): Promise<readonly { readonly id: string; readonly text: string }[]> {
    for (let tries = 0; tries < 100; tries += 1) {
      const { stdout } = mcprules("approvals", "--json", "--pid", String(pid));
      const found = JSON.parse(stdout) as readonly { readonly id: string; readonly text: string }[];
      if (found.length > 0) return found;
      await delay(50);
    }
    throw new Error("nothing waits");
  }

  test.each(Object.entries(CLIENTS))("%s: whoever runs the proxy approves and declines", async (_client, connect) => {
    expect(runtime.at(".")).toBe(process.env["XDG_RUNTIME_DIR"]);
    const scene = sceneOf("legacy", inQueue);
    const running = await startHttpProxy("--config", scene.config);
    const pid = String(running.process.pid);
    const { call } = await connect(running, undefined);
    const yes = call("echo", { text: "yes" });
    const [first] = await waiting(running);
    expect(first?.text).toBe("Say yes?\n\neras · echo · rule say-it");
    expect(mcprules("approvals", "--pid", pid).stdout).toContain(`${first?.id ?? "?"}  tools/call`);
    await expect.poll(() => running.stderr()).toContain(`mcprules approve ${first?.id ?? "?"}`);
    expect(mcprules("approve", "ffffffff", "--pid", pid)).toMatchObject({ status: 1 });
    expect(mcprules("approve", first?.id ?? "", "--pid", pid).stdout).toContain("approved");
    expect(await yes).toMatchObject({ content: [{ text: "yes" }] });
    const no = call("echo", { text: "no" });
    const [second] = await waiting(running);
    expect(mcprules("approvals", "decline", (second?.id ?? "").slice(0, 6), "--pid", pid).stdout).toContain("declined");
    expect(await no).toMatchObject({ isError: true });
    expect(scene.received()).not.toContain('"text":"no"');
    expect(mcprules("approvals", "list", "--pid", pid).stdout).toBe("Nothing waits for approval.\n");
    await expect.poll(() => running.stderr()).toContain(`"by":"${userInfo().username}"`);
  });

  test("several proxies: all that waits is listed, and found by its id wherever it waits", async () => {
    const [one, other] = [sceneOf("legacy", inQueue), sceneOf("legacy", inQueue)];
    const proxies = [
      await startHttpProxy("--config", one.config),
      await startHttpProxy("--config", other.config),
    ] as const;
    const [first, second] = [await connectLegacy(proxies[0], undefined), await connectModern(proxies[1], undefined)];
    const yes = first.call("echo", { text: "one" });
    const [here] = await waiting(proxies[0]);
    const no = second.call("echo", { text: "other" });
    const [there] = await waiting(proxies[1]);
    const ids = [here?.id ?? "?", there?.id ?? "?"];
    const listed = JSON.parse(mcprules("approvals", "--json").stdout) as readonly { readonly id: string }[];
    expect(listed.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
    expect(mcprules("approve", "ffffffff")).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("nothing waits"),
    });
    const empty = mcprules("approve", "");
    expect(empty).toMatchObject({ status: 2, stderr: expect.stringContaining("an empty id is none") });
    expect(mcprules("decline", there?.id ?? "").stdout).toContain("declined");
    expect(mcprules("approve", here?.id ?? "").stdout).toContain("approved");
    expect(await yes).toMatchObject({ content: [{ text: "one" }] });
    expect(await no).toMatchObject({ isError: true });
    expect(mcprules("approvals").stdout).toBe("Nothing waits for approval.\n");
  });
});
