// Puts a proxy together: settings, policy, dispatcher and processes.
import { unwatchFile, watchFile } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import { createPolicyStore } from "./engine/policy-store.ts";
import type { DecisionLog } from "./io/decision-log.ts";
import { dispatchOptionsOf } from "./io/dispatch-options.ts";
import { createEvaluator } from "./io/evaluation/evaluator.ts";
import { PolicyKeeper } from "./io/policy-keeper.ts";
import type { Settings } from "./io/settings.ts";
import { Switchboard } from "./io/switchboard.ts";

export type ProxyOptions = StdioOptions | HttpOptions;

interface CommonOptions {
  readonly settings: Settings;
  /** Files or folders, absolute, in the order that rules count in; after those of the settings. */
  readonly rules: readonly string[];
  readonly log: DecisionLog;
}

export interface StdioOptions extends CommonOptions {
  readonly door?: "stdio";
  /** Where the client is: what it says, and where what we say goes. */
  readonly input: Readable;
  readonly output: Writable;
}

/** Clients come in where `settings.listen` says. */
export interface HttpOptions extends CommonOptions {
  readonly door: "http";
}

export type ProxyStart =
  | { readonly kind: "started"; readonly proxy: Proxy }
  /** `report` says why, and what to write. */
  | { readonly kind: "refused"; readonly report: string };

export interface Proxy {
  /** Of the policy in force. */
  revision(): string;
  /** Where clients find it, over HTTP. */
  readonly url: string | undefined;
  /** Resolves when the client has left, and what it asked is answered; over HTTP, never by itself. */
  readonly ended: Promise<void>;
  /** Resolves when no server is left. In haste, they are not given time to end by themselves. */
  close(options?: { readonly haste: boolean }): Promise<void>;
}

/** Never runs without a policy: the servers are started once there is a good first revision. */
export async function startProxy(options: ProxyOptions): Promise<ProxyStart> {
  const { settings, rules, log } = options;
  const evaluator = createEvaluator();
  const store = createPolicyStore();
  const keeper = new PolicyKeeper({ settings, rules: [...settings.rules, ...rules], evaluator, store, log });
  const refusal = await keeper.start();
  if (refusal !== undefined) {
    await evaluator.close();
    return { kind: "refused", report: refusal };
  }
  const dispatching = dispatchOptionsOf(settings);
  const dispatcher = createDispatcher(dispatching, store);
  const switchboard = new Switchboard({
    handle: (event, now) => dispatcher.handle(event, now),
    servers: settings.servers,
    limits: { ...dispatching.limits, messageBytes: settings.limits.messageBytes },
    evaluator,
    log,
  });
  const door = await openDoorOf(options, switchboard).catch(sayWhyNot);
  if (typeof door === "string") {
    await evaluator.close();
    return { kind: "refused", report: door };
  }
  const watcher = keeper.watch(() => switchboard.tell({ kind: "policy-changed" }));
  const unwatchSettings = watchSettings(settings.file, log);
  const close = async ({ haste } = { haste: false }): Promise<void> => {
    unwatchSettings();
    await Promise.all([watcher.close(), door.close(), switchboard.close(haste)]);
    await evaluator.close();
  };
  const { url, ended } = door;
  return { kind: "started", proxy: { revision: () => keeper.revision(), url, ended, close } };
}

const NEVER = new Promise<void>(() => {});

interface OpenDoor extends Pick<Proxy, "url" | "ended"> {
  close(): Promise<void>;
}

/** What speaks HTTP is loaded where somebody does. */
async function openDoorOf(options: ProxyOptions, switchboard: Switchboard): Promise<OpenDoor> {
  if (options.door !== "http") {
    const { input, output, settings } = options;
    const patienceMs = settings.limits.lastAnswersMs;
    const ended = switchboard.openClient({ input, output, patienceMs, user: undefined, profile: undefined });
    return { url: undefined, ended, close: () => Promise.resolve() };
  }
  const { listen, auth, limits } = options.settings;
  const { openDoor } = await import("./io/http/http-door.ts");
  const { url, close } = await openDoor({
    listen,
    auth,
    limits,
    attach: (who, channel) => switchboard.attach(who, channel),
    report: (level, text) => options.log.report(level, text),
  });
  return { url, ended: NEVER, close };
}

function sayWhyNot(error: unknown): string {
  return `error: the HTTP door cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
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
