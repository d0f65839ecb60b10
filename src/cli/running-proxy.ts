// One answer of a proxy that runs, for commands that are about it.
import { ask, findProxy } from "../io/control/control-client.ts";
import { complainOf } from "./settings-for.ts";

export interface RunningRequest {
  /** Of the proxy, where several run. */
  readonly pid?: number;
}

/** `onAnswer` gets each line that is no error. The exit code. */
export async function askRunning(
  { pid }: RunningRequest,
  request: object,
  onAnswer: (answer: unknown) => void,
): Promise<number> {
  let refusal: string | undefined;
  try {
    const found = await findProxy(process.env, pid);
    if (found.kind !== "proxy") return complainOf(found.reason, found.kind === "several" ? 2 : 1);
    await ask(found.path, request, (answer) => {
      const { error } = Object(answer) as { readonly error?: unknown };
      if (typeof error === "string" && !("pid" in Object(answer))) refusal = error;
      else onAnswer(answer);
    });
  } catch (error) {
    return complainOf(`error: the proxy cannot be asked: ${error instanceof Error ? error.message : String(error)}`, 1);
  }
  return refusal === undefined ? 0 : complainOf(`error: ${refusal}`, 1);
}
