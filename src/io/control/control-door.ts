// The local socket of a running proxy: commands of the same user come in, one JSON line each, and answers go out, one JSON line each.
import { unlinkSync } from "node:fs";
import { createConnection, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { makeControlFolder, SOCKET, socketsIn } from "./control-folder.ts";
import { codeOf, messageOf } from "../thrown.ts";

/** What a command line asks: `{"command": "status"}`, and whatever the command needs. */
export type ControlRequest = Readonly<Record<string, unknown>>;

export interface ControlConnection {
  /** One line, an object. */
  readonly answer: (value: object) => void;
  /** For a stream of lines that never makes anybody wait. */
  readonly socket: Socket;
}

/** Answers one request. A connection carries one, and ends when this is done. */
export type ControlHandler = (request: ControlRequest, connection: ControlConnection) => Promise<void> | void;

export interface ControlDoor {
  readonly path: string;
  readonly close: () => Promise<void>;
}

/** Longer than any command is; whoever says more is no command of ours. */
const LONGEST = 64 * 1024;
/** The kernel takes no longer path (unix(7)); macOS takes a little less. */
const LONGEST_PATH = 100;

export type ControlHandlers = Readonly<Record<string, ControlHandler>>;

/** `load`: the commands, which most proxies are never given. Rejects with the reason. Sockets that dead proxies left behind are taken away. */
export async function openControlDoor(folder: string, load: () => Promise<ControlHandlers>): Promise<ControlDoor> {
  makeControlFolder(folder);
  await Promise.all(socketsIn(folder).map(removeIfDead));
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => open.delete(socket));
    serve(socket, load);
  });
  const path = await listen(server, folder);
  server.unref();
  return {
    path,
    close: () => {
      for (const socket of open) socket.destroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

/** One socket a process; where several see one folder and their processes have the same number, the later takes the next name. */
async function listen(server: Server, folder: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? String(process.pid) : `${process.pid}-${count}`;
    const path = join(folder, `${name}${SOCKET}`);
    if (Buffer.byteLength(path) > LONGEST_PATH) throw new Error(`\`${path}\` is too long a path for a socket`);
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(path, () => {
          server.off("error", reject);
          resolve();
        });
      });
      return path;
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE" || count > 100) throw error;
    }
  }
}

/** Whoever answers lives; whoever may not be asked is not ours to judge. */
function removeIfDead(path: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", (error) => {
      if (codeOf(error) === "ECONNREFUSED") unlinkQuietly(path);
      resolve();
    });
  });
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Another proxy that has just started was faster.
  }
}

function serve(socket: Socket, load: () => Promise<ControlHandlers>): void {
  const answer = (value: object): void => {
    socket.write(`${JSON.stringify(value)}\n`);
  };
  let said = 0;
  socket.on("data", (chunk: Buffer) => {
    said += chunk.length;
    if (said > LONGEST) socket.destroy();
  });
  createInterface({ input: socket }).once("line", (line) => {
    const request = requestIn(line);
    if (request === undefined) answer({ error: "this is no JSON object" });
    const done = request === undefined ? Promise.resolve() : run(load, request, { answer, socket });
    void done.catch((error: unknown) => answer({ error: messageOf(error) })).finally(() => socket.end());
  });
}

async function run(
  load: () => Promise<ControlHandlers>,
  request: ControlRequest,
  connection: ControlConnection,
): Promise<void> {
  const { command } = request;
  const handlers = await load();
  const handler = typeof command === "string" && Object.hasOwn(handlers, command) ? handlers[command] : undefined;
  if (handler === undefined) throw new Error(`there is no command \`${String(command)}\` here`);
  await handler(request, connection);
}

function requestIn(line: string): ControlRequest | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as ControlRequest) : undefined;
  } catch {
    return undefined;
  }
}
