// Commands to a running proxy, from another process of the same user: found by its socket, asked in one line, answered in lines.
import { createConnection, type Socket } from "node:net";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { controlFolder, SOCKET, socketsIn } from "./control-folder.ts";

export type Found =
  | { readonly kind: "proxy"; readonly path: string }
  /** `reason` is for people, with what to do. */
  | { readonly kind: "none" | "several"; readonly reason: string };

/** `pid`: which one, where several run. */
export async function findProxy(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number | undefined,
): Promise<Found> {
  const folder = controlFolder(environment);
  if (folder === undefined)
    return { kind: "none", reason: "error: this system has no place for the sockets of proxies" };
  const paths = socketsIn(folder).filter((path) => pid === undefined || pidOf(path) === pid);
  const living = (await Promise.all(paths.map(isAlive))).flatMap((lives, index) => (lives ? [paths[index] ?? ""] : []));
  const [path] = living;
  if (path === undefined) return { kind: "none", reason: sayNone(folder, pid) };
  if (living.length === 1) return { kind: "proxy", path };
  const pids = living.map(pidOf).join(", ");
  return {
    kind: "several",
    reason: `error: several proxies run: ${pids}\n   = help: say which one: \`--pid ${pidOf(path)}\``,
  };
}

/** Each line that comes back, as JSON; resolves when there are no more. */
export async function ask(path: string, request: object, onLine: (value: unknown) => void): Promise<void> {
  const socket = await connect(path);
  socket.on("error", () => undefined);
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) onLine(JSON.parse(line));
}

/** The first line that comes back. */
export async function askOnce(path: string, request: object): Promise<unknown> {
  let answer: unknown;
  await ask(path, request, (value) => {
    answer ??= value;
  });
  return answer;
}

function pidOf(path: string): number {
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

function connect(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once("connect", () => resolve(socket));
    socket.once("error", reject);
  });
}
