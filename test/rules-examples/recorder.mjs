// Stands before a real server: copies what it is sent to a file, and passes everything on untouched.
// node recorder.mjs FILE COMMAND ARGUMENTS…
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [file, command, ...rest] = process.argv.slice(2);
const server = spawn(command, rest, { stdio: ["pipe", "inherit", "inherit"] });

process.stdin.on("data", (chunk) => {
  // Written before it is passed on, so that whoever has the answer finds the question in the file.
  appendFileSync(file, chunk);
  server.stdin.write(chunk);
});
process.stdin.on("end", () => server.stdin.end());
server.stdin.on("error", () => {});
server.on("exit", (code) => process.exit(code ?? 1));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.kill(signal));
