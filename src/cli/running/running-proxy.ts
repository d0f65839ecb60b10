// What proxies that run answer, for commands that are about one of them, or about all.
import { ask, askOnce, findProxies, findProxy, pidOf } from "../../io/control/control-client.ts";
import { complainOf } from "../settings-for.ts";
import { messageOf } from "../../io/thrown.ts";

export interface RunningRequest {
  /** Of the proxy, where several run. */
  readonly pid?: number;
}

/** `onAnswer` gets each line that is no error; `onFound`, before that, the process id of the one that is asked. The exit code. */
export async function askRunning(
  { pid }: RunningRequest,
  request: object,
  onAnswer: (answer: unknown) => void,
  onFound: (pid: number) => void = () => undefined,
): Promise<number> {
  let refusal: string | undefined;
  try {
    const found = await findProxy(process.env, pid);
    if (found.kind !== "proxy") return complainOf(found.reason, found.kind === "several" ? 2 : 1);
    onFound(pidOf(found.path));
    await ask(found.path, request, (answer) => {
      const { error } = Object(answer) as { readonly error?: unknown };
      if (typeof error === "string" && !("pid" in Object(answer))) refusal = error;
      else onAnswer(answer);
    });
  } catch (error) {
    return complainOf(`error: the proxy cannot be asked: ${messageOf(error)}`, 1);
  }
  return refusal === undefined ? 0 : complainOf(`error: ${refusal}`, 1);
}

/** An answer, and the socket of the proxy that gave it. */
export interface Told {
  readonly path: string;
  readonly answer: object;
}

interface AllTold {
  readonly told: readonly Told[];
  /** 1 where one could not be asked, which is said already. */
  readonly code: number;
}

/** Each proxy that runs; with `pid`, that one. */
export async function askAll({ pid }: RunningRequest, request: object): Promise<AllTold> {
  const told: Told[] = [];
  let code = 0;
  try {
    const found = await findProxies(process.env, pid);
    if (found.kind !== "proxies") return { told, code: complainOf(found.reason, 1) };
    const answers = await Promise.all(found.paths.map((path) => askOne(path, request)));
    for (const [index, path] of found.paths.entries()) {
      const answer = answers[index];
      if (typeof answer === "object") told.push({ path, answer });
      else code = complainOf(`error: the proxy at \`${path}\` cannot be asked: ${answer ?? ""}`, 1);
    }
  } catch (error) {
    code = complainOf(`error: no proxy can be asked: ${messageOf(error)}`, 1);
  }
  return { told, code };
}

/** By its socket. A text: why there is no answer. */
export async function askOne(path: string, request: object): Promise<object | string> {
  try {
    const answer = await askOnce(path, request);
    const { error } = Object(answer) as { readonly error?: unknown };
    if (typeof error === "string") return error;
    return typeof answer === "object" && answer !== null ? answer : "it gives no answer";
  } catch (error) {
    return messageOf(error);
  }
}
