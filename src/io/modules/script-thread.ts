// A module from a file in a thread of its own, which is ended when it overruns or takes too much memory.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { serverEnvironment } from "../servers/child-process.ts";
import { splitLines } from "../text-lines.ts";
import { messageOf } from "../thrown.ts";
import type { Opener } from "./connection.ts";
import { sayLoadFailure } from "./load-failure.ts";
import type { FromModule, ToModule } from "./script-answers.ts";
import { OVERRUN, type Runner } from "./script-runner.ts";

/** What one module may hold in memory, in megabytes. */
const LIMITS = { maxOldGenerationSizeMb: 128 };
/** After the time it was given, a thread that was told to stop is ended. */
const LAST_WORDS_MS = 100;

/** A text says why it cannot be used. */
export async function openThread(url: URL, opener: Opener): Promise<Runner | string> {
  const thread = new Thread(url.href, opener);
  const outcome = await thread.started;
  if (outcome.kind === "up") return thread;
  return outcome.kind === "ended" ? outcome.reason : sayLoadFailure(outcome.thrown, fileURLToPath(url));
}

type Start =
  | { readonly kind: "up" }
  | { readonly kind: "ended"; readonly reason: string }
  | { readonly kind: "threw"; readonly thrown: unknown };

interface Waiting {
  readonly resolve: (text: string) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

class Thread implements Runner {
  readonly started: Promise<Start>;
  private readonly worker: Worker;
  private readonly opener: Opener;
  private readonly waiting = new Map<number, Waiting>();
  private settleStart: (outcome: Start) => void = () => undefined;
  private isReady = false;
  private isClosed = false;
  private lastId = 0;

  constructor(url: string, opener: Opener) {
    this.opener = opener;
    this.started = new Promise((resolve) => {
      this.settleStart = resolve;
    });
    const env = serverEnvironment({});
    // What it prints would go to the client, in the midst of messages.
    const options = { workerData: { url }, resourceLimits: LIMITS, env, execArgv: [], stdout: true, stderr: true };
    this.worker = new Worker(builtWorker(), options);
    splitLines(this.worker.stdout, opener.events.said);
    splitLines(this.worker.stderr, opener.events.said);
    opener.signal.addEventListener("abort", () => this.end("it is being ended"), { once: true });
    const tooLong = setTimeout(() => this.end("its file did not load in time"), opener.withinMs).unref();
    let reason = "its thread ended";
    this.worker.on("error", (error: unknown) => {
      this.settleStart({ kind: "threw", thrown: error });
      reason = `its thread ended: ${messageOf(error)}`;
    });
    this.worker.on("exit", () => {
      clearTimeout(tooLong);
      this.end(reason);
    });
    // The module can say anything here as well.
    this.worker.on("message", (message: FromModule | null | undefined) => {
      clearTimeout(tooLong);
      if (message) this.hear(message);
    });
  }

  run(method: string, params: string, withinMs: number): Promise<string> {
    if (this.isClosed) return Promise.reject(new Error("its thread ended"));
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.overrun(id), withinMs);
      this.waiting.set(id, { resolve, reject, timer });
      this.tell({ kind: "ask", id, method, params });
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.failAll("it is being ended");
    await this.worker.terminate();
  }

  private hear(message: FromModule): void {
    if (message.kind === "unfit") return this.end(message.reason);
    if (message.kind === "ready") {
      this.isReady = true;
      // Until here it is waited for, and nothing else may hold the process.
      this.worker.unref();
      this.settleStart({ kind: "up" });
      return;
    }
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (waiting === undefined) return this.opener.events.late();
    clearTimeout(waiting.timer);
    waiting.resolve(message.text);
  }

  /** It is told to stop; a thread that does not even hear that is ended, and the others' calls with it. */
  private overrun(id: number): void {
    this.waiting.get(id)?.reject(OVERRUN);
    this.waiting.delete(id);
    this.tell({ kind: "abort", id });
    const heard = this.run("ping", "{}", LAST_WORDS_MS * 10);
    const over = setTimeout(() => this.end("it overran, and was ended"), LAST_WORDS_MS).unref();
    heard.then(
      () => clearTimeout(over),
      () => undefined,
    );
  }

  private end(reason: string): void {
    this.settleStart({ kind: "ended", reason });
    if (this.isClosed) return;
    this.isClosed = true;
    this.failAll(reason);
    void this.worker.terminate();
    if (this.isReady) this.opener.events.ended(reason);
  }

  private failAll(reason: string): void {
    for (const { reject, timer } of this.waiting.values()) {
      clearTimeout(timer);
      reject(new Error(reason));
    }
    this.waiting.clear();
  }

  private tell(message: ToModule): void {
    this.worker.postMessage(message, []);
  }
}

/** Beside this bundle, or in dist/ when this runs from source. */
function builtWorker(): URL {
  const beside = new URL("./module-worker.js", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../../dist/module-worker.js", import.meta.url);
}
