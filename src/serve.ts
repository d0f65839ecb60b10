// Puts a proxy together: settings, policy, dispatcher and processes.
import { isUtf8 } from "node:buffer";
import { unwatchFile, watchFile } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import { createPolicyStore } from "./engine/policy-store.ts";
import type { DecisionLog } from "./io/decision-log.ts";
import { createEvaluator } from "./io/evaluation/evaluator.ts";
import { PolicyKeeper } from "./io/policy-keeper.ts";
import type { Settings } from "./io/settings.ts";
import { Switchboard } from "./io/switchboard.ts";
import { VERSION } from "./io/version.ts";

export interface ProxyOptions {
  readonly settings: Settings;
  /** Files or folders, absolute, in the order that rules count in; after those of the settings. */
  readonly rules: readonly string[];
  readonly log: DecisionLog;
  /** Where the client is: what it says, and where what we say goes. */
  readonly input: Readable;
  readonly output: Writable;
}

export type ProxyStart =
  | { readonly kind: "started"; readonly proxy: Proxy }
  /** `report` says why, and what to write. */
  | { readonly kind: "refused"; readonly report: string };

export interface Proxy {
  /** Of the policy in force. */
  revision(): string;
  /** Resolves when the client has left. */
  readonly ended: Promise<void>;
  /** Resolves when no server is left. In haste, they are not given time to end by themselves. */
  close(options?: { readonly haste: boolean }): Promise<void>;
}

/** Never runs without a policy: the servers are started once there is a good first revision. */
export async function startProxy({ settings, rules, log, input, output }: ProxyOptions): Promise<ProxyStart> {
  const evaluator = createEvaluator();
  const store = createPolicyStore();
  const keeper = new PolicyKeeper({ settings, rules: [...settings.rules, ...rules], evaluator, store, log });
  const refusal = await keeper.start();
  if (refusal !== undefined) {
    await evaluator.close();
    return { kind: "refused", report: refusal };
  }
  const { servers, naming, names, limits } = settings;
  const proxy = { name: "mcprules", version: VERSION };
  const dispatcher = createDispatcher({ servers, naming, names, limits: { ...limits, isUtf8 }, proxy }, store);
  const switchboard = new Switchboard({
    handle: (event, now) => dispatcher.handle(event, now),
    servers,
    messageBytes: limits.messageBytes,
    evaluator,
    log,
  });
  const ended = switchboard.openClient({ input, output, user: undefined, profile: undefined });
  const watcher = keeper.watch(() => switchboard.tell({ kind: "policy-changed" }));
  const unwatchSettings = watchSettings(settings.file, log);
  const close = async ({ haste } = { haste: false }): Promise<void> => {
    unwatchSettings();
    await Promise.all([watcher.close(), switchboard.close(haste)]);
    await evaluator.close();
  };
  return { kind: "started", proxy: { revision: () => keeper.revision(), ended, close } };
}

const SETTINGS_LOOK_MS = 2000;

/** A change there is reported, and applied when the proxy is started again; rules need no such thing. */
function watchSettings(file: string | undefined, log: DecisionLog): () => void {
  if (file === undefined) return () => undefined;
  const tell = (): void =>
    log.report("warn", `the settings in ${file} changed; they apply when the proxy is started again`);
  watchFile(file, { interval: SETTINGS_LOOK_MS, persistent: false }, tell);
  return () => unwatchFile(file, tell);
}
