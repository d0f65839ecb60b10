// server-everything as a process that serves HTTP, and before it one of ours that writes down what it is told.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { getDefaultEnvironment } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll } from "vitest";
import { referenceServer } from "./programs.ts";
import { freePort } from "../free-port.ts";
import { textOfBody } from "../text-of-body.ts";

/** What has to end with the tests. */
const endings: (() => void)[] = [];

// Said while the tests are collected: vitest does not hear an `afterAll` of a running hook.
afterAll(() => {
  for (const end of endings) end();
});

/** Where the proxy finds it. `heard`: a file that gets every message it is told, a line each. */
export async function startRemoteEverything(mode: "streamableHttp" | "sse", heard: string): Promise<string> {
  const port = await freePort();
  await serveEverything(mode, port);
  const ear = createServer((asked, response) => void passOn(asked, response, port, heard));
  ear.listen(0, "127.0.0.1");
  await once(ear, "listening");
  endings.push(() => {
    ear.closeAllConnections();
    ear.close();
  });
  return `http://127.0.0.1:${(ear.address() as AddressInfo).port}/${mode === "sse" ? "sse" : "mcp"}`;
}

/** Resolves once it listens. */
export async function serveEverything(mode: "streamableHttp" | "sse", port: number): Promise<ChildProcess> {
  const { command, args } = referenceServer("everything", mode);
  const env = { ...getDefaultEnvironment(), PORT: String(port) };
  const server = spawn(command, args, { env, stdio: "ignore" });
  endings.push(() => void server.kill());
  await untilItListens(port);
  return server;
}

async function passOn(asked: IncomingMessage, response: ServerResponse, port: number, heard: string): Promise<void> {
  const body = await textOfBody(asked);
  if (body !== "") appendFileSync(heard, `${body}\n`);
  const { method, url: path, headers } = asked;
  const further = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    response.flushHeaders();
    answer.pipe(response);
    answer.on("error", () => response.destroy());
  });
  further.on("error", () => response.destroy());
  response.on("close", () => further.destroy());
  further.end(body);
}

async function untilItListens(port: number): Promise<void> {
  for (const last = Date.now() + 15_000; Date.now() < last; await delay(50)) {
    const trial = request({ host: "127.0.0.1", port, method: "GET", path: "/nothing" });
    const answered = new Promise<boolean>((resolve) => {
      trial.on("response", (answer) => {
        answer.resume();
        resolve(true);
      });
      trial.on("error", () => resolve(false));
    });
    trial.end();
    if (await answered) return;
  }
  throw new Error("server-everything does not listen");
}
