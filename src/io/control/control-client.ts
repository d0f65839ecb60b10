// Commands to a running proxy, from another process of the same user: found by its socket, asked in one line, answered in lines.
import { createConnection, type Socket } from "node:net";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { controlFolder, SOCKET, socketsIn } from "./control-folder.ts";
import type { ProxyStatus } from "./proxy-status.ts";

export type Found =
  | { readonly kind: "proxy"; readonly path: string }
  /** `reason` is for people, with what to do. */
  | { readonly kind: "none" | "several"; readonly reason: string };

export type FoundAll =
  | { readonly kind: "proxies"; readonly paths: readonly [string, ...string[]] }
  | Extract<Found, { readonly reason: string }>;

type Environment = Readonly<Record<string, string | undefined>>;

/** `pid`: which one, where several run. */
export async function findProxy(environment: Environment, pid: number | undefined): Promise<Found> {
  const found = await findProxies(environment, pid);
  if (found.kind !== "proxies") return found;
  const [path, ...others] = found.paths;
  return others.length === 0 ? { kind: "proxy", path } : { kind: "several", reason: await saySeveral(found.paths) };
}

/** All that run; `pid`: only the one of this process. */
export async function findProxies(environment: Environment, pid: number | undefined): Promise<FoundAll> {
  const folder = controlFolder(environment);
  if (folder === undefined)
    return { kind: "none", reason: "error: this system has no place for the sockets of proxies" };
  const paths = socketsIn(folder).filter((path) => pid === undefined || pidOf(path) === pid);
  const living = await Promise.all(paths.map(isAlive));
  const [path, ...others] = paths.filter((_path, index) => living[index]);
  return path === undefined
    ? { kind: "none", reason: sayNone(folder, pid) }
    : { kind: "proxies", paths: [path, ...others] };
}

/** Each line that comes back, as JSON; resolves when there are no more, or the signal says that it has been long enough. */
export async function ask(
  path: string,
  request: object,
  onLine: (value: unknown) => void,
  signal?: AbortSignal,
): Promise<void> {
  const until = signal === undefined ? {} : { signal };
  const socket = await connect(path, until);
  socket.on("error", () => undefined);
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket, ...until })) onLine(JSON.parse(line));
}

/** How long one of several proxies may keep the others waiting: one that was stopped says nothing. */
const PATIENCE = 5000;

/** The first line that comes back; `undefined`: there is none. */
export async function askOnce(path: string, request: object): Promise<unknown> {
  let answer: unknown;
  const hear = (value: unknown): void => {
    answer ??= value;
  };
  await ask(path, request, hear, AbortSignal.timeout(PATIENCE));
  return answer;
}

/** With what tells them apart. */
async function saySeveral(paths: readonly [string, ...string[]]): Promise<string> {
  const lines = await Promise.all(paths.map(sayWhich));
  return `error: several proxies run\n${lines.join("\n")}\n   = help: say which one: \`--pid ${pidOf(paths[0])}\``;
}

async function sayWhich(path: string): Promise<string> {
  const pid = `  ${pidOf(path)}`;
  try {
    const { settings, profiles } = (await askOnce(path, { command: "status" })) as ProxyStatus;
    const servers = profiles.flatMap((profile) => profile.servers.map(({ name }) => name));
    return `${pid}  ${settings ?? "no settings file"}, for ${[...new Set(servers)].join(", ")}`;
  } catch {
    // It is on its way out, or of another version: its number has to do.
    return pid;
  }
}

/** Of the proxy that has this socket. */
export function pidOf(path: string): number {
  return Number.parseInt(basename(path, SOCKET), 10);
}

function sayNone(folder: string, pid: number | undefined): string {
  const which = pid === undefined ? "no proxy runs" : `no proxy with the process id ${pid} runs`;
  return `error: ${which} for this user, or it cannot be seen from here\n   = help: running ones have their sockets in \`${folder}\``;
}

async function isAlive(path: string): Promise<boolean> {
  try {
    (await connect(path)).destroy();
    return true;
  } catch {
    return false;
  }
}

function connect(path: string, until: { readonly signal?: AbortSignal } = {}): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path, ...until });
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
