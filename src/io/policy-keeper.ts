// Keeps a policy in force: the first one before anything is served, and every change of its files after it, whole or not at all.
import { dirname, join, relative } from "node:path";
import type { PolicyStore } from "../engine/policy-store.ts";
import type { DecisionLog } from "./decision-log.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";
import { sinkNames } from "./log/log-settings.ts";
import { makeRevision } from "./policy-revision.ts";
import { type RulesReading, readRules } from "./rules-folder.ts";
import type { RulesRoot } from "./rules-tree.ts";
import { type RulesWatcher, watchRules } from "./rules-watcher.ts";
import type { Settings } from "./settings.ts";
import { exposuresOf, sayExposure } from "./trust.ts";

export interface PolicyKeeperOptions {
  readonly settings: Settings;
  /** Files and folders, absolute, in the order that rules count in. */
  readonly rules: readonly string[];
  readonly evaluator: Evaluator;
  readonly store: PolicyStore;
  readonly log: DecisionLog;
}

/** How long a tree of rules may be in motion when we start. */
const START_PATIENCE_MS = 5000;

export class PolicyKeeper {
  private readonly options: PolicyKeeperOptions;
  private readonly roots: readonly RulesRoot[];
  private inForce: RulesReading | undefined;

  constructor(options: PolicyKeeperOptions) {
    this.options = options;
    this.roots = options.rules.map(shownRoot);
  }

  /** `undefined`: there is a policy in force. A text: why not, and what to write. */
  async start(): Promise<string | undefined> {
    if (this.roots.length === 0) return NO_RULES;
    const reading = await firstReading(this.roots);
    return typeof reading === "string" ? reading : this.putInForce(reading);
  }

  /** After a good start. `onChange`: another revision is in force. */
  watch(onChange: () => void): RulesWatcher {
    if (this.inForce === undefined) throw new Error("nothing is in force that could change");
    const { log } = this.options;
    return watchRules(this.roots, this.inForce, {
      onReading: (reading) => this.reload(reading, onChange),
      onWaiting: (reason) => log.report("warn", reason),
    });
  }

  revision(): string {
    return this.options.store.current()?.id ?? "";
  }

  private async reload(reading: RulesReading, onChange: () => void): Promise<void> {
    const { log } = this.options;
    const before = this.revision();
    if (reading.hash === this.inForce?.hash) {
      return log.report("info", `the rules are again as revision ${before}, which is in force`);
    }
    const refusal = await this.putInForce(reading).catch((error: unknown) => `a bug of mcprules: ${String(error)}`);
    if (refusal !== undefined) {
      return log.report("error", `the changed policy is refused; revision ${before} stays in force\n\n${refusal}`);
    }
    onChange();
    log.report("info", `policy revision ${this.revision()} is in force (before: ${before})`);
  }

  private async putInForce(reading: RulesReading): Promise<string | undefined> {
    const { settings, evaluator, store, log } = this.options;
    const exposed = this.exposed(reading);
    if (exposed !== undefined) return exposed;
    const servers = settings.servers.map(({ name }) => name);
    const sinks = sinkNames(settings.log);
    const outcome = await makeRevision(reading, { roots: this.roots, servers, sinks, evaluator });
    if (outcome.kind === "refused") return outcome.report;
    if (outcome.warnings > 0)
      log.report("warn", `the policy has ${outcome.warnings} warnings; \`mcprules check\` shows them`);
    store.swap(outcome.revision);
    this.inForce = reading;
    return undefined;
  }

  /** What comes over MCP must not be able to change the policy, also not one whose links lead elsewhere now. */
  private exposed({ tree }: RulesReading): string | undefined {
    const { servers, trustServers, file } = this.options.settings;
    const untrusted = servers.filter(({ name }) => !trustServers.includes(name));
    const settings = file === undefined ? [] : [file, join(dirname(file), "mcprules.lock")];
    const files = tree.files.flatMap(({ path, real }) => [path, real]);
    const paths = [...this.roots.map((root) => root.path), ...tree.folders, ...files, ...settings];
    const exposures = exposuresOf(untrusted, { paths, folders: tree.folders });
    return exposures.length === 0 ? undefined : exposures.map(sayExposure).join("\n\n");
  }
}

const NO_RULES = `error: there is no policy
   = help: say where it lies: \`--rules PATH\`, or \`"rules": ["PATH"]\` in the settings`;

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

/** A path below the current folder is shown as one would type it. */
function shownRoot(path: string): RulesRoot {
  const short = relative(process.cwd(), path);
  return { path, shown: short === "" || short.startsWith("..") ? path : short };
}
