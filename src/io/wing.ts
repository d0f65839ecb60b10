// One face of the proxy at work: a policy, the names it gives, the sessions under it, and their servers. Each profile has one of its own.
import { createDispatcher, type Dispatcher } from "../dispatch/dispatcher.ts";
import type { OpenQuestion } from "../dispatch/gates/open-questions.ts";
import type { ServerStatus, SessionStatus } from "../dispatch/observing/status.ts";
import { createPolicyStore } from "../engine/policy-store.ts";
import type { ClientChannel, ClientIdentity, ClientPort } from "./client-port.ts";
import type { DecisionLog } from "./log/decision-log.ts";
import { dispatchOptionsOf } from "./dispatch-options.ts";
import type { Evaluator } from "./evaluation/evaluator.ts";
import type { HeadStart } from "./servers/head-start.ts";
import type { Observation } from "./observation.ts";
import { PolicyKeeper } from "./rules/policy-keeper.ts";
import { replayWarning } from "./replayable-approvals.ts";
import { unsharedWarning } from "./unshared-answers.ts";
import type { RulesWatcher } from "./rules/rules-watcher.ts";
import type { ServerSettings, Settings } from "./settings/settings.ts";
import type { Modules } from "./modules/create-modules.ts";
import type { Store } from "./store/store.ts";
import { type ClientStreams, Switchboard } from "./switchboard.ts";
import type { Translation } from "./translators/translation.ts";
import { watchLog, type WatchedLog } from "./log/watched-log.ts";

export interface WingOptions {
  readonly profile: string | undefined;
  /** With the servers and the rules of this profile. */
  readonly settings: Settings;
  /** All servers that this process starts, for any profile. */
  readonly started: readonly ServerSettings[];
  readonly evaluator: Evaluator;
  /** What is remembered between messages; all profiles have the same. */
  readonly store: Store;
  /** Absent: the settings name none. */
  readonly modules?: Modules | undefined;
  /** Absent: nobody translates. */
  readonly translation?: Translation | undefined;
  readonly log: DecisionLog;
  /** Absent: nothing is measured, and nothing traced. */
  readonly observation?: Observation;
  /** Servers that run already; absent: none does. */
  readonly headStart?: HeadStart | undefined;
}

export class Wing {
  readonly profile: string | undefined;
  readonly settings: Settings;
  readonly keeper: PolicyKeeper;
  readonly log: WatchedLog;
  private readonly dispatcher: Dispatcher;
  private readonly switchboard: Switchboard;
  /** Translations that come late no longer concern it. */
  private readonly unlisten: (() => void) | undefined;
  private watcher: RulesWatcher | undefined;

  /** A text says why there is no policy, and what to write. Nothing is started before somebody comes. */
  static async open(options: WingOptions): Promise<Wing | string> {
    const { profile, settings, started, evaluator, observation } = options;
    const log = watchLog(options.log, profile);
    const store = createPolicyStore();
    const keeper = new PolicyKeeper({ settings, started, rules: settings.rules, evaluator, store, log });
    const refusal = await keeper.start();
    if (refusal !== undefined) return refusal;
    const first = store.current();
    const warnings =
      first === undefined ? [] : [replayWarning, unsharedWarning].map((of) => of(settings, first.policy.policy));
    for (const warning of warnings) if (warning !== undefined) log.report("warn", warning);
    const dispatching = {
      ...dispatchOptionsOf(settings, profile),
      logsMessages: log.wantsMessages,
      tracing: observation?.tracing,
      sharesStore: options.store.isShared,
    };
    const dispatcher = createDispatcher(dispatching, store);
    const handle: Dispatcher["handle"] = (event, now, arrived) => dispatcher.handle(event, now, arrived);
    const face = { profile, servers: settings.servers.map(({ name }) => name), keeper, store };
    const switchboard = new Switchboard({
      handle: observation?.metered(handle, face) ?? handle,
      servers: settings.servers,
      limits: { ...dispatching.limits, messageBytes: settings.limits.messageBytes },
      evaluator,
      store: options.store,
      modules: options.modules,
      translation: options.translation,
      headStart: options.headStart,
      // What a server writes there may be anything.
      log: { ...log, serverSaid: (server, text) => log.serverSaid(server, dispatcher.masked(server, text)) },
    });
    const renew = (): void => {
      store.renew();
      switchboard.tell({ kind: "policy-changed" });
    };
    // What a module made of a list is not what it would make of it now.
    options.modules?.onRenewed(() => {
      for (const { policy } of store.history()) policy.listAnswers.clear();
      renew();
    });
    const unlisten = options.translation?.listen(renew);
    return new Wing(options, { keeper, log, dispatcher, switchboard, unlisten });
  }

  private constructor(
    { profile, settings }: WingOptions,
    parts: {
      readonly keeper: PolicyKeeper;
      readonly log: WatchedLog;
      readonly dispatcher: Dispatcher;
      readonly switchboard: Switchboard;
      readonly unlisten: (() => void) | undefined;
    },
  ) {
    this.profile = profile;
    this.settings = settings;
    this.keeper = parts.keeper;
    this.log = parts.log;
    this.dispatcher = parts.dispatcher;
    this.switchboard = parts.switchboard;
    this.unlisten = parts.unlisten;
  }

  /** From now on changes of the rules count. */
  watch(): void {
    this.watcher ??= this.keeper.watch(() => this.switchboard.tell({ kind: "policy-changed" }));
  }

  /** Resolves when this client is gone. */
  openClient(streams: Omit<ClientStreams, "profile">): Promise<void> {
    return this.switchboard.openClient({ ...streams, profile: this.profile });
  }

  /** A client that came through some door. */
  attach({ user, languages }: Pick<ClientIdentity, "user" | "languages">, channel: ClientChannel): ClientPort {
    return this.switchboard.attach({ user, languages, profile: this.profile }, channel);
  }

  sessions(): readonly SessionStatus[] {
    return this.dispatcher.status();
  }

  /** What waits for somebody at the machine to approve it, oldest first. */
  questions(): readonly OpenQuestion[] {
    return this.dispatcher.questions();
  }

  /** `by`: who says so. */
  decide(question: string, approves: boolean, by: string): void {
    this.switchboard.tell({ kind: "question-decided", question, approves, by });
  }

  /** Servers that the sessions share, whether there are any sessions or not. */
  jointServers(): readonly ServerStatus[] {
    return this.dispatcher.jointStatus();
  }

  /** Resolves when no server of its is left. */
  async close(haste: boolean): Promise<void> {
    this.unlisten?.();
    await Promise.all([this.watcher?.close(), this.switchboard.close(haste)]);
  }
}
