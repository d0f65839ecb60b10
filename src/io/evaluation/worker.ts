// The worker thread: runs expressions in package jsonata, one after the other.
import { parentPort } from "node:worker_threads";
import type { FromWorker, ToWorker } from "./messages.ts";
import { createRunner } from "./run-expression.ts";

const port = parentPort;
if (!port) throw new Error("this runs in a worker thread");

// The package throws what has no stack; of ours, deep ones are what costs most in an expression that runs away.
Error.stackTraceLimit = 0;

const say = (message: FromWorker): void => port.postMessage(message);
const run = await createRunner();
let last: Promise<void> = Promise.resolve();

/** They would share what an expression keeps while it runs, so they never run at once. */
port.on("message", (task: ToWorker) => {
  last = last.then(async () => say({ kind: "answer", id: task.id, answer: await run(task) }));
});
say({ kind: "ready" });
