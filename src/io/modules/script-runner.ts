// What runs a module from a file: its own thread, or, trusted and fast, this one.
import { fileURLToPath } from "node:url";
import { sayLoadFailure } from "./load-failure.ts";
import { answerer, misfitOf } from "./script-answers.ts";

export interface Runner {
  /** Resolves with the text of a message; rejects with why there is none. */
  run(method: string, params: string, withinMs: number): Promise<string>;
  close(): Promise<void>;
}

/** What `run` rejects with then. */
export const OVERRUN = new Error("it did not answer in time");

/** A text says why it cannot be used. */
export async function openHere(url: URL): Promise<Runner | string> {
  let exported: unknown;
  try {
    exported = await import(url.href);
  } catch (error) {
    return sayLoadFailure(error, fileURLToPath(url));
  }
  const misfit = misfitOf(exported);
  if (misfit !== undefined) return misfit;
  const answer = answerer(exported);
  return {
    run: (method, params, withinMs) =>
      new Promise((resolve, reject) => {
        const controller = new AbortController();
        const timer = setTimeout(() => {
          controller.abort();
          reject(OVERRUN);
        }, withinMs);
        const answered = answer({ kind: "ask", id: 1, method, params }, controller.signal);
        void answered.finally(() => clearTimeout(timer)).then(resolve);
      }),
    close: () => Promise.resolve(),
  };
}
