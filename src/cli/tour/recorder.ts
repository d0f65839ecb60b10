// Stands before a real server and notes each message, both ways, before it passes it on.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { exit, stdin, stdout } from "node:process";
import type { Readable, Writable } from "node:stream";
import type { JsonValue } from "../../mcp/json.ts";

export interface Recorded {
  readonly to: "server" | "client";
  readonly message: JsonValue;
}

export function recordServer([file = "", command = "", ...args]: readonly string[]): void {
  const server = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  copy(stdin, server.stdin, (line) => note(file, "server", line));
  copy(server.stdout, stdout, (line) => note(file, "client", line));
  server.on("exit", (code) => exit(code ?? 1));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => server.kill(signal));
}

/** Whole lines are noted before the bytes they end with go on: whoever has the answer finds the question in the file. */
function copy(from: Readable, to: Writable, onLine: (line: string) => void): void {
  let rest = "";
  to.on("error", () => undefined);
  from.setEncoding("utf8");
  from.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    to.write(text);
  });
  from.on("end", () => to.end());
}

function note(file: string, to: Recorded["to"], line: string): void {
  if (line.trim() === "") return;
  appendFileSync(file, `{"to":"${to}","message":${line}}\n`);
}
