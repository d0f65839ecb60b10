// A proxy in this process in front of a small real server, with the settings a test gives it; and a client that asks it things.
import { PassThrough } from "node:stream";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";
import { openDecisionLog } from "../../src/io/log/decision-log.ts";
import { readSettings } from "../../src/io/settings/settings-file.ts";
import { renderProblems } from "../../src/io/settings/problem.ts";
import { type Proxy, startProxy } from "../../src/serve.ts";
import { type Folder, openFolder } from "./folder.ts";
import { overheard, ownServer } from "./programs.ts";

export interface Reply {
  readonly id?: unknown;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Observed {
  readonly folder: Folder;
  readonly proxy: Proxy;
  readonly request: (method: string, params?: object) => Promise<Reply>;
  readonly call: (name: string, args?: object, meta?: object) => Promise<Reply>;
  /** What the server was told, as it came there. */
  readonly received: () => readonly Readonly<Record<string, unknown>>[];
  /** The client leaves, and the proxy and its log end. */
  readonly end: () => Promise<void>;
}

const running: (() => Promise<void>)[] = [];
afterEach(() => Promise.all(running.splice(0).map((end) => end())));

/** `mcprules`: the section of that name, but rules. `tools`: the server's, if not its own. Throws what is refused. */
export async function observe(
  policy: string,
  mcprules: object,
  folder = openFolder(),
  tools: readonly string[] = [],
): Promise<Observed> {
  folder.write("rules/policy.mcprules", `mcprules 1\n${policy}`);
  folder.write("received", "");
  const own = overheard(ownServer(...tools), folder.at("received"));
  folder.write("servers.json", JSON.stringify({ mcpServers: { own }, mcprules: { rules: ["rules"], ...mcprules } }));
  const reading = readSettings(folder.at("servers.json"), process.env);
  if (reading.kind === "problems") throw new Error(renderProblems(reading.problems));
  const { settings } = reading;
  const log = await openDecisionLog(settings.log);
  const [input, output] = [new PassThrough(), new PassThrough()];
  const started = await startProxy({ settings, rules: [], log, input, output });
  if (started.kind === "refused") throw new Error(started.report);
  const { proxy } = started;
  let isOver = false;
  const end = async (): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await proxy.close({ haste: true });
    await log.close();
  };
  running.push(end);
  const request = await shakeHands(input, output);
  return {
    folder,
    proxy,
    request,
    call: (name, args = {}, meta) => request("tools/call", { name, arguments: args, ...(meta && { _meta: meta }) }),
    received: () =>
      folder
        .read("received")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>),
    end,
  };
}

async function shakeHands(input: PassThrough, output: PassThrough): Promise<Observed["request"]> {
  const waiting = new Map<unknown, (reply: Reply) => void>();
  createInterface({ input: output }).on("line", (line) => {
    const reply = JSON.parse(line) as Reply;
    waiting.get(reply.id)?.(reply);
  });
  let last = 0;
  const request = (method: string, params: object = {}): Promise<Reply> => {
    last += 1;
    const id = last;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  };
  const clientInfo = { name: "raw", version: "1" };
  await request("initialize", { protocolVersion: "2025-11-25", capabilities: {}, clientInfo });
  input.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  await request("tools/list");
  return request;
}
