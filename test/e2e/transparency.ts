// What is the same with the proxy as without: three real servers at once behind a policy that only says `default allow`.
import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { beforeAll, describe, expect, test } from "vitest";
import { type Asked, call, conversationsAbout, SERVERS, type ServerName, STATIC } from "./conversations.ts";
import { ALLOW_ALL, openFolder } from "./folder.ts";
import { overheard, type Program, referenceServer } from "./programs.ts";
import { connectSdkClient, type ClientEnd, type SdkClient } from "./sdk-client.ts";

/** How server-everything is written in the settings; whatever it is told is also written into the file `heard`, line by line. */
type Hire = (heard: string) => object | Promise<object>;

/** `reach`: starts the proxy with this settings file; where a client finds it. */
export function describeTransparency(
  reach: (config: string) => ClientEnd | Promise<ClientEnd>,
  hire: Hire = (heard) => overheard(referenceServer("everything"), heard),
): void {
  const folder = openFolder();
  const files = folder.at("work/files");
  const roots = [pathToFileURL(files).href];

  const CONVERSATIONS = conversationsAbout(files);

  const PROGRAMS: Readonly<Record<ServerName, Program>> = {
    everything: referenceServer("everything"),
    filesystem: referenceServer("filesystem", files),
    memory: withMemory(referenceServer("memory"), folder.at("work/memory.jsonl")),
  };

  /** Both sides begin with the same files and the same empty memory. */
  function resetWork(): void {
    rmSync(folder.at("work"), { recursive: true, force: true });
    folder.write("work/files/notes.txt", "one\ntwo\nthree\n");
    folder.write("work/files/sub/pixel.png", "not really");
  }

  let proxied: SdkClient;
  let direct: Readonly<Record<ServerName, SdkClient>>;
  let directLists: readonly Listed[];
  let directAnswers: Readonly<Record<ServerName, Heard>>;

  beforeAll(async () => {
    resetWork();
    const [everything, filesystem, memory] = await Promise.all(
      SERVERS.map((name) => connectSdkClient(PROGRAMS[name], { roots })),
    );
    if (!everything || !filesystem || !memory) throw new Error("not all servers are there");
    direct = { everything, filesystem, memory };
    // The reference servers add some of their tools once they know their client.
    await delay(500);
    directLists = await Promise.all(SERVERS.map((name) => lists(direct[name])));
    directAnswers = {
      everything: await converse(everything, CONVERSATIONS.everything),
      filesystem: await converse(filesystem, CONVERSATIONS.filesystem),
      memory: await converse(memory, CONVERSATIONS.memory),
    };

    resetWork();
    folder.write("rules/policy.mcprules", ALLOW_ALL);
    const servers = { ...PROGRAMS, everything: await hire(folder.at("everything.heard")) };
    folder.write("servers.json", JSON.stringify({ mcpServers: servers, mcprules: { rules: ["rules"] } }));
    proxied = await connectSdkClient(await reach(folder.at("servers.json")), { roots });
    await delay(500);
  }, 40_000);

  describe("lists", () => {
    test.each(LISTS)("%s holds what the servers list, in their order, unchanged", async (_method, field) => {
      const expected = directLists.flatMap((listed) => listed[field] ?? []);
      expect(expected.length).toBeGreaterThan(1);
      expect((await lists(proxied))[field]).toEqual(expected);
    });
  });

  describe.each(SERVERS)("each answer of server-%s is the same", (name) => {
    let answers: Heard;
    beforeAll(async () => {
      answers = await converse(proxied, CONVERSATIONS[name]);
    });

    test.each(CONVERSATIONS[name].map((asked, index) => [`${index}: ${titleOf(asked)}`, index] as const))(
      "%s",
      (_title, index) => {
        expect(directAnswers[name].answers[index]).toBeDefined();
        expect(answers.answers[index]).toEqual(directAnswers[name].answers[index]);
      },
    );

    test("and so is each question to the client", () => {
      expect(answers.asked).toEqual(directAnswers[name].asked);
    });
  });

  describe("server-everything beyond questions and answers", () => {
    test("progress comes with the client's own token, as often and in the same order", async () => {
      const { method, params } = call("trigger-long-running-operation", { duration: 0.6, steps: 6 });
      const heard = await Promise.all(
        [direct.everything, proxied].map(async (client) => {
          await client.request(method, { ...params, _meta: { progressToken: "my token" } });
          return client.notified.filter((notification) => notification.method === "notifications/progress").slice(-6);
        }),
      );
      expect(heard[0]?.map((notification) => notification.params)).toEqual(
        [1, 2, 3, 4, 5, 6].map((progress) => ({ progress, total: 6, progressToken: "my token" })),
      );
      expect(heard[1]).toEqual(heard[0]);
    });

    test("a call that is cancelled is cancelled at the server", async () => {
      const { method, params } = call("trigger-long-running-operation", { duration: 4, steps: 4 });
      const over = new AbortController();
      const cancelled = proxied.client.request({ method, params: { ...params } }, ResultSchema, {
        signal: over.signal,
      });
      await delay(300);
      over.abort("no longer needed");
      await expect(cancelled).rejects.toThrow("no longer needed");
      await delay(300);
      const heard = heardBy("everything");
      const forwarded = heard.findLast((message) => message["method"] === method);
      expect(heard.findLast((message) => message["method"] === "notifications/cancelled")).toMatchObject({
        params: { requestId: forwarded?.["id"], reason: "no longer needed" },
      });
    });

    test("log messages come through, at the level that was asked for", async () => {
      await proxied.request("logging/setLevel", { level: "debug" });
      await proxied.request("tools/call", { name: "toggle-simulated-logging", arguments: {} });
      await delay(300);
      await proxied.request("tools/call", { name: "toggle-simulated-logging", arguments: {} });
      const logged = proxied.notified.filter((notification) => notification.method === "notifications/message");
      expect(logged.map(({ params }) => params?.["data"])).toContainEqual(expect.stringMatching(/level.message/));
      expect(heardBy("everything").findLast(({ method }) => method === "logging/setLevel")).toMatchObject({
        params: { level: "debug" },
      });
    });

    test("updates of a resource reach who subscribed to it", async () => {
      const uri = `${STATIC}/features.md`;
      await proxied.request("resources/subscribe", { uri });
      await proxied.request("tools/call", { name: "toggle-subscriber-updates", arguments: {} });
      await delay(500);
      await proxied.request("tools/call", { name: "toggle-subscriber-updates", arguments: {} });
      await proxied.request("resources/unsubscribe", { uri });
      const updated = proxied.notified.filter(({ method }) => method === "notifications/resources/updated");
      expect(updated.map(({ params }) => params?.["uri"])).toEqual([uri]);
    });

    test("that the client's roots changed is told to the servers, which ask again", async () => {
      const before = proxied.asked.length;
      await proxied.client.sendRootsListChanged();
      await delay(400);
      expect(proxied.asked.slice(before)).toContainEqual({ method: "roots/list", params: undefined });
    });
  });

  function heardBy(name: ServerName): readonly Record<string, unknown>[] {
    return folder
      .read(`${name}.heard`)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

/** Without what is different each time anyone asks: dates, times, new identifiers, the port that a server over HTTP was given. */
function timeless(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(
      /"blob":"(UmVz[^"]*)"/g,
      (_blob, base64: string) => `"blob":"${Buffer.from(base64, "base64").toString()}"`,
    )
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replaceAll(/\w{3} \w{3} \d{2} \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4} \([^)]*\)/g, "DATE")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "DATE")
    .replaceAll(/,\\n {2}\\"PORT\\": \\"\d+\\"/g, "")
    .replaceAll(/\d{1,2}:\d\d:\d\d [AP]M/g, "TIME");
  return JSON.parse(text);
}

interface Heard {
  readonly answers: readonly unknown[];
  readonly asked: readonly unknown[];
}

async function converse(client: SdkClient, conversation: readonly Asked[]): Promise<Heard> {
  const before = client.asked.length;
  const answers: unknown[] = [];
  for (const { method, params } of conversation) answers.push(timeless(await client.request(method, params)));
  return { answers, asked: client.asked.slice(before) };
}

const LISTS = [
  ["tools/list", "tools"],
  ["prompts/list", "prompts"],
  ["resources/list", "resources"],
  ["resources/templates/list", "resourceTemplates"],
] as const;

type Listed = Readonly<Record<string, readonly unknown[]>>;

/** By list; a server that has none of a kind counts as one with an empty list. */
async function lists(client: SdkClient): Promise<Listed> {
  const entries = LISTS.map(async ([method, field]): Promise<[string, readonly unknown[]]> => {
    const answer = (await client.request(method)) as { readonly result?: Listed };
    return [field, answer.result?.[field] ?? []];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function withMemory({ command, args }: Program, file: string): Program {
  return { command: "/usr/bin/env", args: [`MEMORY_FILE_PATH=${file}`, command, ...args] };
}

function titleOf({ method, params }: Asked): string {
  return `${method} ${JSON.stringify(params ?? {}).slice(0, 80)}`;
}
