// A client that speaks lines of bytes: it sends what no SDK would, and sees every line that comes back.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "vitest";
import type { Program } from "./programs.ts";

export interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface RawClient {
  readonly process: ChildProcessWithoutNullStreams;
  /** Everything that came, in order; a batch is an array. */
  readonly received: readonly (Message | readonly Message[])[];
  /** A line as it is, or a message. */
  send(line: string | object): void;
  /** The first one that fits, also of those that came already; fails after 15 s. */
  until(fits: (message: Message) => boolean): Promise<Message>;
  reply(id: unknown): Promise<Message>;
  /** Sends it with an id of its own, and waits for the reply. */
  request(method: string, params?: object): Promise<Message>;
  call(name: string, args?: object): Promise<Message>;
  stderr(): string;
  /** The exit code, or the signal. */
  readonly exit: Promise<number | NodeJS.Signals>;
}

function spawnRawClient({ command, args }: Program, folder: string): RawClient {
  const process = spawn(command, args, { cwd: folder, stdio: "pipe" });
  afterAll(() => process.kill("SIGKILL"));
  const received: (Message | readonly Message[])[] = [];
  createInterface({ input: process.stdout }).on("line", (line) => received.push(JSON.parse(line) as Message));
  const errors: Buffer[] = [];
  process.stderr.on("data", (chunk: Buffer) => errors.push(chunk));
  process.stdin.on("error", () => undefined);
  const stderr = (): string => Buffer.concat(errors).toString();
  const exit = once(process, "close").then(([code, signal]: (number | NodeJS.Signals | null)[]) => code ?? signal ?? 0);
  let lastId = 0;
  const send = (line: string | object): void => {
    process.stdin.write(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
  };
  const until = async (fits: (message: Message) => boolean): Promise<Message> => {
    for (const last = Date.now() + 15_000; Date.now() < last; await delay(5)) {
      const found = received.find((message): message is Message => !Array.isArray(message) && fits(message as Message));
      if (found !== undefined) return found;
    }
    throw new Error(`did not come; came: ${JSON.stringify(received).slice(-2000)}\n${stderr().slice(-2000)}`);
  };
  const reply = (id: unknown): Promise<Message> =>
    until((message) => message.id === id && message.method === undefined);
  const request = (method: string, params?: object): Promise<Message> => {
    lastId += 1;
    send({ jsonrpc: "2.0", id: `own-${lastId}`, method, params });
    return reply(`own-${lastId}`);
  };
  const call = (name: string, args: object = {}): Promise<Message> => request("tools/call", { name, arguments: args });
  return { process, received, send, until, reply, request, call, stderr, exit };
}

/** Connected: the handshake is done. */
export async function openRawClient(
  program: Program,
  folder: string,
  protocolVersion = "2025-11-25",
): Promise<RawClient> {
  const client = spawnRawClient(program, folder);
  await client.request("initialize", { protocolVersion, capabilities: {}, clientInfo: { name: "raw", version: "1" } });
  client.send({ jsonrpc: "2.0", method: "notifications/initialized" });
  await client.request("tools/list");
  return client;
}

/** The text of a tool's result. */
export function textOf({ result }: Message): string {
  const [first] = (result?.["content"] ?? []) as readonly { readonly text?: string }[];
  return first?.text ?? "";
}
