// The worker thread: runs expressions in package jsonata, one after the other.
import { parentPort } from "node:worker_threads";
import { localTime } from "../../expression/jsonata/own-functions.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import { createRunner } from "./run-expression.ts";

const port = parentPort;
if (!port) throw new Error("this runs in a worker thread");

// The package throws what has no stack; of ours, deep ones are what costs most in an expression that runs away.
Error.stackTraceLimit = 0;

const say = (message: FromWorker): void => port.postMessage(message);
const run = await createRunner();
let last: Promise<void> = Promise.resolve();
let hasZones = false;

/** What Node knows of time zones is loaded when one is first asked for: 16 ms, but seconds from a disk that is busy. */
function loadZones(): void {
  say({ kind: "starting" });
  localTime("UTC", 0);
  hasZones = true;
  say({ kind: "ready" });
}

async function answer(task: ToWorker): Promise<void> {
  if (!hasZones && task.source.includes("$local")) loadZones();
  say({ kind: "answer", id: task.id, answer: await run(task) });
}

/** They would share what an expression keeps while it runs, so they never run at once. */
port.on("message", (task: ToWorker) => {
  last = last.then(() => answer(task));
});
say({ kind: "ready" });
