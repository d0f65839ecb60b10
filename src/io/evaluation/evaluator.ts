// Evaluates expressions in a worker thread that is ended when one runs away, and started again for the others.
import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import type { Evaluation, EvaluationAnswer } from "../../expression/jsonata/evaluation.ts";
import { LONGEST_MS } from "../../expression/jsonata/jsonata-limits.ts";
import type { FromWorker, ToWorker } from "./messages.ts";

export interface Evaluator {
  /** Never rejects. */
  evaluate(evaluation: Evaluation): Promise<EvaluationAnswer>;
  /** Ends the worker; what still waits fails. */
  close(): Promise<void>;
}

/** `worker`: the bundle of `worker.ts`; by default the one beside this bundle, or in dist/ when this runs from source. */
export function createEvaluator({ worker }: { readonly worker?: URL } = {}): Evaluator {
  return new WorkerEvaluator(worker ?? builtWorker());
}

function builtWorker(): URL {
  const beside = new URL("./evaluation-worker.js", import.meta.url);
  return existsSync(beside) ? beside : new URL("../../../dist/evaluation-worker.js", import.meta.url);
}

interface Waiting {
  readonly task: ToWorker;
  readonly resolve: (answer: EvaluationAnswer) => void;
}

/** Expressions need little; one that builds more is ended by V8 before it hurts anybody. */
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };

const LONGEST_START_MS = 15_000;

/** One worker, one expression at a time, first come first served: the oldest one is the one that runs. */
class WorkerEvaluator implements Evaluator {
  readonly #url: URL;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #isReady = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(url: URL) {
    this.#url = url;
  }

  evaluate({ expression, input, bindings, now }: Evaluation): Promise<EvaluationAnswer> {
    if (this.#isClosed) return Promise.resolve({ kind: "failed", reason: "the proxy is closing" });
    this.#lastId += 1;
    const task: ToWorker = { id: this.#lastId, source: expression.source, input, bindings, now };
    return new Promise((resolve) => {
      this.#waiting.set(task.id, { task, resolve });
      if (this.#worker) this.#send(task);
      else this.#start();
      this.#watch();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = this.#forget();
    this.#failAll("the proxy is closing");
    await worker?.terminate();
  }

  /** Hands it everything that waits, in order. */
  #start(): void {
    const worker = new Worker(this.#url, { resourceLimits: RESOURCE_LIMITS, env: {}, execArgv: [], stdin: false });
    this.#worker = worker;
    worker.on("message", (message: FromWorker) => {
      if (worker === this.#worker) this.#receive(message);
    });
    // It ends by itself when it runs out of memory; `exit` follows every `error`.
    let reason = "the evaluation of expressions ended";
    worker.on("error", (error) => {
      reason = `the evaluation of expressions ended: ${error.message}`;
    });
    worker.on("exit", () => {
      if (worker === this.#worker) this.#replace(reason);
    });
    for (const { task } of this.#waiting.values()) this.#send(task);
  }

  #send(task: ToWorker): void {
    try {
      this.#worker?.postMessage(task);
      this.#worker?.ref();
    } catch (error) {
      this.#settle(task.id, { kind: "failed", reason: `the message cannot be handed over: ${String(error)}` });
    }
  }

  #receive(message: FromWorker): void {
    this.#stopClock();
    if (message.kind === "answer") this.#settle(message.id, message.answer);
    else this.#isReady = message.kind === "ready";
    this.#watch();
  }

  #settle(id: number, answer: EvaluationAnswer): void {
    this.#waiting.get(id)?.resolve(answer);
    this.#waiting.delete(id);
    // A worker that has nothing to do keeps no process alive.
    if (this.#waiting.size === 0) this.#worker?.unref();
  }

  /** The clock of the oldest runs while the worker does, and a longer one while that starts. */
  #watch(): void {
    const [oldest] = this.#waiting.keys();
    if (oldest === undefined || this.#timer) return;
    const timer = setTimeout(
      () => {
        // If this thread was kept busy itself, the answer may lie there already: it is read first.
        setImmediate(() => {
          if (timer === this.#timer) this.#overrun();
        });
      },
      this.#isReady ? LONGEST_MS : LONGEST_START_MS,
    );
    this.#timer = timer;
  }

  #stopClock(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #overrun(): void {
    const worker = this.#worker;
    this.#replace(this.#isReady ? `the expression took longer than ${LONGEST_MS} ms` : "no worker could be started");
    void worker?.terminate();
  }

  /** The oldest is the one it died of; the others go to a new worker. One that never came up would not come up again. */
  #replace(reason: string): void {
    const cameUp = this.#isReady;
    this.#forget();
    const [oldest] = this.#waiting.keys();
    if (!cameUp) this.#failAll(reason);
    else if (oldest !== undefined) this.#settle(oldest, { kind: "failed", reason, isOverrun: true });
    if (this.#waiting.size > 0) this.#start();
    this.#watch();
  }

  #forget(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#isReady = false;
    this.#stopClock();
    return worker;
  }

  #failAll(reason: string): void {
    for (const { resolve } of this.#waiting.values()) resolve({ kind: "failed", reason });
    this.#waiting.clear();
  }
}
