// A real redis-server for tests: on a free port, with a folder of its own, and every means to make it behave badly.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { RedisAddress } from "../../../src/io/store/store-settings.ts";
import { freePort } from "../../free-port.ts";

const isThere = spawnSync("redis-server", ["--version"]).status === 0;

/** Whether tests that need one are left out. CI says that none may be: there, they fail instead. */
export const hasNoRedis = !isThere && process.env["MCPRULES_REDIS"] !== "required";

if (hasNoRedis) {
  process.stderr.write(
    "redis-server is not installed (Debian: apt-get install redis-server): tests with Redis are skipped\n",
  );
}

const running = new Set<ChildProcess>();
const folders: string[] = [];
// Whatever ends these tests.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export class RedisServer {
  readonly port: number;
  private readonly args: readonly string[];
  private readonly folder = mkdtempSync(join(tmpdir(), "mcprules-redis-"));
  private child: ChildProcess | undefined;

  /** `args`: besides those that make it a server of this test alone. */
  static async start(...args: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.start();
    return server;
  }

  private constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.args = args;
    folders.push(this.folder);
  }

  get address(): RedisAddress {
    return {
      host: "127.0.0.1",
      port: this.port,
      isEncrypted: false,
      database: 0,
      user: undefined,
      password: undefined,
    };
  }

  /** With what it had written down before. */
  async start(): Promise<void> {
    if (!isThere) throw new Error("redis-server is not installed");
    const own = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.folder, "--save", ""];
    this.child = spawn("redis-server", [...own, "--appendonly", "yes", "--appendfsync", "always", ...this.args], {
      stdio: "ignore",
    });
    running.add(this.child);
    for (const last = Date.now() + 10_000; Date.now() < last; await delay(10)) if (await listens(this.port)) return;
    await this.kill();
    throw new Error("redis-server does not listen");
  }

  /** As after a crash. */
  async kill(): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }

  /** It takes connections and what is sent on them, and answers nothing until `thaw`. */
  freeze(): void {
    this.child?.kill("SIGSTOP");
  }

  thaw(): void {
    this.child?.kill("SIGCONT");
  }

  /** What `redis-cli` prints. */
  ask(...command: readonly string[]): string {
    return spawnSync("redis-cli", ["-p", String(this.port), ...command], { encoding: "utf8" }).stdout.trim();
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("connect", () => socket.write("PING\r\n"));
    socket.on("data", (data) => {
      socket.destroy();
      resolve(/^(\+PONG|-NOAUTH)/.test(data.toString()));
    });
  });
}
