// The built proxy as a process that serves HTTP on a free port.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll } from "vitest";
import { proxy } from "./programs.ts";

export interface HttpProxy {
  readonly url: string;
  readonly process: ChildProcess;
  readonly stderr: () => string;
}

const started: ChildProcess[] = [];

// Said while the tests are collected: vitest does not hear an `afterAll` of a running hook.
afterAll(() => {
  for (const process of started) process.kill();
});

export function startHttpProxy(...args: readonly string[]): Promise<HttpProxy> {
  return startWithNode([], args);
}

/** `nodeArguments`: what Node is told before it is told of the proxy. */
export async function startWithNode(nodeArguments: readonly string[], args: readonly string[]): Promise<HttpProxy> {
  const { command, args: own } = proxy("--http", "127.0.0.1:0", ...args);
  const process = spawn(command, [...nodeArguments, ...own], { stdio: ["ignore", "ignore", "pipe"] });
  started.push(process);
  let said = "";
  process.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  for (const last = Date.now() + 15_000; Date.now() < last; await delay(20)) {
    const url = /MCP clients find it at (http:[^"]+)"/.exec(said)?.[1];
    if (url !== undefined) return { url, process, stderr: () => said };
    if (process.exitCode !== null) break;
  }
  throw new Error(`the proxy does not listen:\n${said}`);
}
