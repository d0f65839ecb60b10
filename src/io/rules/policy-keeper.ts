// Keeps a policy in force: the first one before anything is served, and every change of its files after it, whole or not at all.
import { relative } from "node:path";
import type { PolicyStore } from "../../engine/policy-store.ts";
import type { DecisionLog } from "../log/decision-log.ts";
import type { Evaluator } from "../evaluation/evaluator.ts";
import { lockPlaces } from "../lock-file.ts";
import { overlookedFiles } from "./overlooked.ts";
import { PastRevisions } from "./past-revisions.ts";
import { policyPlaces } from "./policy-places.ts";
import { type RulesReading, readRules } from "./rules-folder.ts";
import type { RulesRoot } from "./rules-tree.ts";
import { type RulesWatcher, watchRules } from "./rules-watcher.ts";
import type { ServerSettings, Settings } from "../settings/settings.ts";
import { exposuresOf, sayExposure } from "./trust.ts";

export interface PolicyKeeperOptions {
  /** With the servers that the policy is for. */
  readonly settings: Settings;
  /** All that this process starts: none of them may reach the policy. */
  readonly started: readonly ServerSettings[];
  /** Files and folders, absolute, in the order that rules count in. */
  readonly rules: readonly string[];
  readonly evaluator: Evaluator;
  readonly store: PolicyStore;
  readonly log: DecisionLog;
}

/** How the policy stands, for people who ask. Times are milliseconds since 1970. */
export interface PolicyStanding {
  readonly revision: string;
  readonly since: number;
  /** The last time its files changed, and why what they hold is refused, if it is. */
  readonly reload: { readonly at: number; readonly refusal: string | undefined } | undefined;
  /** The revision that the files hold, where somebody went back to an earlier one. */
  readonly goneBackFrom: string | undefined;
}

/** A text says why nothing was done. */
export type Rollback = { readonly from: string; readonly to: string } | string;

/** How long a tree of rules may be in motion when we start. */
const START_PATIENCE_MS = 5000;

export class PolicyKeeper {
  private readonly options: PolicyKeeperOptions;
  private readonly roots: readonly RulesRoot[];
  /** Where the catalogue lock may lie. */
  private readonly locks: readonly string[];
  private first: RulesReading | undefined;
  private readonly past = new PastRevisions();
  private reloaded: PolicyStanding["reload"];
  private goneBackFrom: string | undefined;
  /** Changes of the files, since the start. */
  readonly reloads = { applied: 0, refused: 0 };
  private onChange: () => void = () => undefined;

  constructor(options: PolicyKeeperOptions) {
    this.options = options;
    this.roots = options.rules.map(shownRoot);
    this.locks = lockPlaces({ settings: options.settings.file, rules: options.rules });
  }

  /** `undefined`: there is a policy in force. A text: why not, and what to write. */
  async start(): Promise<string | undefined> {
    if (this.roots.length === 0) return NO_RULES;
    // What makes a policy of the rules is half of the program: it is loaded while they are watched for holding still.
    const [reading] = await Promise.all([firstReading(this.roots, this.locks), import("./policy-revision.ts")]);
    if (typeof reading === "string") return reading;
    this.first = reading;
    const refusal = await this.putInForce(reading);
    if (refusal === undefined) await this.sayOverlooked(reading);
    return refusal;
  }

  private async sayOverlooked({ tree }: RulesReading): Promise<void> {
    for (const { message, help = "" } of await overlookedFiles(tree))
      this.options.log.report("warn", `${message}: ${help}`);
  }

  /** After a good start. `onChange`: another revision is in force. */
  watch(onChange: () => void): RulesWatcher {
    if (this.first === undefined) throw new Error("nothing is in force that could change");
    const { log } = this.options;
    this.onChange = onChange;
    return watchRules(this.roots, this.first, {
      locks: this.locks,
      onReading: (reading) => this.reload(reading),
      onWaiting: (reason) => log.report("warn", reason),
    });
  }

  revision(): string {
    return this.options.store.current()?.id ?? "";
  }

  standing(): PolicyStanding {
    const { reloaded: reload, goneBackFrom } = this;
    return { revision: this.revision(), since: this.past.current?.since ?? 0, reload, goneBackFrom };
  }

  /** To an earlier revision, the one before unless `wanted` says which, until the files change again. */
  rollback(wanted: string | undefined): Rollback {
    const { store, log } = this.options;
    const from = this.revision();
    const found = this.past.back(wanted, Date.now());
    if (typeof found === "string") return found;
    store.swap(found.revision);
    const to = this.revision();
    this.goneBackFrom ??= from;
    if (this.goneBackFrom === to) this.goneBackFrom = undefined;
    this.onChange();
    log.report("warn", `policy revision ${to} is in force again, until the files change (before: ${from})`);
    return { from, to };
  }

  private async reload(reading: RulesReading): Promise<void> {
    const { log } = this.options;
    const before = this.revision();
    const at = Date.now();
    this.goneBackFrom = undefined;
    if (reading.hash === this.past.current?.hash) {
      this.reloaded = { at, refusal: undefined };
      return log.report("info", `the rules are again as revision ${before}, which is in force`);
    }
    const refusal = await this.putInForce(reading).catch((error: unknown) => `a bug of mcprules: ${String(error)}`);
    this.reloaded = { at, refusal };
    this.reloads[refusal === undefined ? "applied" : "refused"] += 1;
    if (refusal !== undefined) {
      return log.report("error", `the changed policy is refused; revision ${before} stays in force\n\n${refusal}`);
    }
    this.onChange();
    log.report("info", `policy revision ${this.revision()} is in force (before: ${before})`);
  }

  private async putInForce(reading: RulesReading): Promise<string | undefined> {
    const { settings, evaluator, store, log } = this.options;
    const exposed = this.exposed(reading);
    if (exposed !== undefined) return exposed;
    const { makeRevision } = await import("./policy-revision.ts");
    const outcome = await makeRevision(reading, { roots: this.roots, settings, evaluator });
    if (outcome.kind === "refused") return outcome.report;
    if (outcome.warnings > 0)
      log.report("warn", `the policy has ${outcome.warnings} warnings; \`mcprules check\` shows them`);
    store.swap(outcome.revision);
    this.past.add({ revision: outcome.revision, hash: reading.hash, since: Date.now() });
    return undefined;
  }

  /** What comes over MCP must not be able to change the policy, also not one whose links lead elsewhere now. */
  private exposed({ tree }: RulesReading): string | undefined {
    const { settings, rules, started } = this.options;
    const untrusted = started.filter(({ name }) => !settings.trustServers.includes(name));
    const known = policyPlaces(settings, rules);
    const files = [...tree.files, ...tree.catalogues].flatMap(({ path, real }) => [path, real]);
    const paths = [...known.paths, ...tree.folders, ...files];
    const exposures = exposuresOf(untrusted, { paths, folders: [...known.folders, ...tree.folders] });
    return exposures.length === 0 ? undefined : exposures.map(sayExposure).join("\n\n");
  }
}

const NO_RULES = `error: there is no policy
   = help: say where it lies: \`--rules PATH\`, or \`"rules": ["PATH"]\` in the settings`;

/** A text says why there is none. */
async function firstReading(roots: readonly RulesRoot[], locks: readonly string[]): Promise<RulesReading | string> {
  const signal = AbortSignal.timeout(START_PATIENCE_MS);
  let waitedFor = "";
  const onWaiting = (reason: string): void => {
    waitedFor = reason;
  };
  try {
    return await readRules(roots, { locks, quietMs: 10, patienceMs: START_PATIENCE_MS / 2, onWaiting, signal });
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
