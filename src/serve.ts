// Puts a proxy together: settings, policy, dispatcher and processes; reloads the policy while it runs.
import { isUtf8 } from "node:buffer";
import { watchFile, unwatchFile } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { Readable, Writable } from "node:stream";
import { createDispatcher } from "./dispatch/dispatcher.ts";
import { createPolicyStore, type PolicyStore } from "./engine/policy-store.ts";
import type { DecisionLog } from "./io/decision-log.ts";
import { createEvaluator, type Evaluator } from "./io/evaluation/evaluator.ts";
import { makeRevision } from "./io/policy-revision.ts";
import { type RulesReading, readRules } from "./io/rules-folder.ts";
import type { RulesRoot } from "./io/rules-tree.ts";
import { watchRules } from "./io/rules-watcher.ts";
import type { Settings } from "./io/settings.ts";
import { Switchboard } from "./io/switchboard.ts";
import { exposuresOf, sayExposure } from "./io/trust.ts";
import { VERSION } from "./io/version.ts";

export interface ProxyOptions {
  readonly settings: Settings;
  /** Files or folders, absolute, in the order that rules count in; besides those of the settings. */
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

/** How long a tree of rules may be in motion when we start. */
const START_PATIENCE_MS = 5000;

/** Never runs without a policy: the servers are started once there is a good first revision. */
export async function startProxy(options: ProxyOptions): Promise<ProxyStart> {
  const { settings, log } = options;
  const roots = [...settings.rules, ...options.rules].map(shownRoot);
  if (roots.length === 0) return { kind: "refused", report: NO_RULES };
  const evaluator = createEvaluator();
  const store = createPolicyStore();
  const context: ReloadContext = { settings, roots, evaluator, store, log };
  const reading = await firstReading(roots);
  const refusal = typeof reading === "string" ? reading : await putInForce(reading, context);
  if (typeof reading === "string" || refusal !== undefined) {
    await evaluator.close();
    return { kind: "refused", report: refusal ?? "" };
  }
  return { kind: "started", proxy: runProxy(options, context, reading) };
}

const NO_RULES = `error: there is no policy
   = help: say where it lies: \`--rules PATH\`, or \`"rules": ["PATH"]\` in the settings`;

interface ReloadContext {
  readonly settings: Settings;
  readonly roots: readonly RulesRoot[];
  readonly evaluator: Evaluator;
  readonly store: PolicyStore;
  readonly log: DecisionLog;
}

function runProxy(options: ProxyOptions, context: ReloadContext, reading: RulesReading): Proxy {
  const { settings, log, input, output } = options;
  const { store, evaluator, roots } = context;
  const { servers, naming, names, limits } = settings;
  const dispatcher = createDispatcher(
    { servers, naming, names, limits: { ...limits, isUtf8 }, proxy: { name: "mcprules", version: VERSION } },
    store,
  );
  const switchboard = new Switchboard({
    handle: (event, now) => dispatcher.handle(event, now),
    servers,
    messageBytes: limits.messageBytes,
    evaluator,
    log,
  });
  let inForce = reading.hash;
  const onReading = async (changed: RulesReading): Promise<void> => {
    if (changed.hash === inForce)
      return log.report("info", `the rules are again as revision ${idInForce(store)}, which is in force`);
    if (await reload(changed, context, switchboard)) inForce = changed.hash;
  };
  const ended = switchboard.openClient({ input, output, user: undefined, profile: undefined });
  const watcher = watchRules(roots, reading, {
    onReading,
    onWaiting: (reason) => log.report("warn", reason),
  });
  const unwatchSettings = watchSettings(settings.file, log);
  return {
    revision: () => idInForce(store),
    ended,
    close: async ({ haste } = { haste: false }) => {
      unwatchSettings();
      await Promise.all([watcher.close(), switchboard.close(haste)]);
      await evaluator.close();
    },
  };
}

/** A text says why there is none. */
async function firstReading(roots: readonly RulesRoot[]): Promise<RulesReading | string> {
  const signal = AbortSignal.timeout(START_PATIENCE_MS);
  let waitedFor = "";
  const onWaiting = (reason: string): void => {
    waitedFor = reason;
  };
  try {
    return await readRules(roots, { quietMs: 10, patienceMs: START_PATIENCE_MS / 2, onWaiting, signal });
  } catch (error) {
    if (!signal.aborted) throw error;
    return `error: the rules cannot be read now: ${waitedFor}`;
  }
}

/** `undefined`: this policy is in force now. A text: why it is refused. */
async function putInForce(reading: RulesReading, context: ReloadContext): Promise<string | undefined> {
  const { settings, roots, evaluator, store, log } = context;
  const exposures = exposedPolicy(reading, settings, roots);
  if (exposures !== undefined) return exposures;
  const servers = settings.servers.map(({ name }) => name);
  const outcome = await makeRevision(reading, { roots, servers, evaluator });
  if (outcome.kind === "refused") return outcome.report;
  if (outcome.warnings !== "") log.report("warn", outcome.warnings);
  store.swap(outcome.revision);
  return undefined;
}

/** All or nothing: what is refused changes nothing. True: it is in force now. */
async function reload(reading: RulesReading, context: ReloadContext, switchboard: Switchboard): Promise<boolean> {
  const { store, log } = context;
  const before = idInForce(store);
  const refusal = await putInForce(reading, context).catch((error: unknown) => `bug in the proxy: ${String(error)}`);
  if (refusal !== undefined) {
    log.report("error", `the changed policy is refused; revision ${before} stays in force\n\n${refusal}`);
    return false;
  }
  switchboard.tell({ kind: "policy-changed" });
  log.report("info", `policy revision ${idInForce(store)} is in force (before: ${before})`);
  return true;
}

function idInForce(store: PolicyStore): string {
  return store.current()?.id ?? "";
}

function exposedPolicy({ tree }: RulesReading, settings: Settings, roots: readonly RulesRoot[]): string | undefined {
  const untrusted = settings.servers.filter(({ name }) => !settings.trustServers.includes(name));
  const ours = settings.file === undefined ? [] : [settings.file, join(dirname(settings.file), "mcprules.lock")];
  const rules = [
    ...roots.map((root) => root.path),
    ...tree.folders,
    ...tree.files.flatMap(({ path, real }) => [path, real]),
  ];
  const exposures = exposuresOf(untrusted, { paths: [...rules, ...ours], folders: tree.folders });
  return exposures.length === 0 ? undefined : exposures.map(sayExposure).join("\n\n");
}

/** A path below the current folder is shown as one would type it. */
function shownRoot(path: string): RulesRoot {
  const short = relative(process.cwd(), path);
  return { path, shown: short === "" || short.startsWith("..") ? path : short };
}

const SETTINGS_LOOK_MS = 2000;

function watchSettings(file: string | undefined, log: DecisionLog): () => void {
  if (file === undefined) return () => undefined;
  const tell = (): void =>
    log.report("warn", `the settings in ${file} changed; they apply when the proxy is started again`);
  watchFile(file, { interval: SETTINGS_LOOK_MS, persistent: false }, tell);
  return () => unwatchFile(file, tell);
}
