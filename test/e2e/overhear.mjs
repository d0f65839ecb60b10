// Runs a program and writes down what goes into it: overhear.mjs FILE COMMAND ARG…
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [file, command, ...args] = process.argv.slice(2);
const program = spawn(command, args, { stdio: ["pipe", "inherit", "inherit"] });
process.stdin.on("data", (chunk) => {
  appendFileSync(file, chunk);
  program.stdin.write(chunk);
});
process.stdin.on("end", () => program.stdin.end());
program.on("exit", (code) => process.exit(code ?? 1));
