// The thread that an ES module runs in: asked in JSON text, and answering in JSON text.
import { parentPort, workerData } from "node:worker_threads";
import { answerer, type FromModule, misfitOf, type ToModule } from "./script-answers.ts";

const port = parentPort;
const { url } = workerData as { readonly url: string };
if (port === null) throw new Error("this is a worker's own code");
const exported: unknown = await import(url);
const misfit = misfitOf(exported);
const answer = answerer(exported);
const running = new Map<number, AbortController>();

port.on("message", (message: ToModule) => {
  if (message.kind === "abort") running.get(message.id)?.abort();
  else void run(message);
});
tell(misfit === undefined ? { kind: "ready" } : { kind: "unfit", reason: misfit });

async function run(asked: Extract<ToModule, { kind: "ask" }>): Promise<void> {
  const controller = new AbortController();
  running.set(asked.id, controller);
  tell({ kind: "answer", id: asked.id, text: await answer(asked, controller.signal) });
  running.delete(asked.id);
}

function tell(message: FromModule): void {
  port?.postMessage(message);
}
