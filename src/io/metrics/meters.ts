// Everything that is measured, under the names Prometheus finds it by. No label holds what clients or servers make up.
import { Counter, Gauge, Registry } from "prom-client";
import type { PolicyStore, Revision } from "../../engine/policy-store.ts";
import type { PolicyKeeper } from "../rules/policy-keeper.ts";
import type { StoreStanding } from "../store/store.ts";
import { LabelCounts } from "./label-counts.ts";
import { LatencyHistogram } from "./latency-histogram.ts";

/** One face of the proxy, and how its policy stands whenever somebody looks. */
export interface Face {
  /** `undefined`: the proxy has one face. */
  readonly profile: string | undefined;
  readonly servers: readonly string[];
  readonly keeper: Pick<PolicyKeeper, "revision" | "standing" | "reloads">;
  readonly store: Pick<PolicyStore, "history">;
}

export class Meters {
  readonly messages = new LabelCounts<"method" | "kind" | "from" | "verdict">();
  readonly verdicts = new LabelCounts<"rule" | "verdict">();
  readonly approvals = new LabelCounts<"channel" | "outcome">();
  readonly overLimit = new LabelCounts<"rule">();
  readonly answers = new LabelCounts<"outcome">();
  readonly seconds = new LatencyHistogram({
    name: "mcprules_message_seconds",
    help: "Time from a message's arrival until it is decided and on its way: the proxy's own, not the server's.",
  });
  private readonly registry = new Registry();
  private readonly faces: Face[] = [];
  private readonly counted = new WeakMap<Revision, number>();
  private readonly up: Gauge<"server">;
  private readonly restarts: Counter<"server">;
  private readonly open: Gauge;

  /** `dropped`: lines of the log that went nowhere, by sink. */
  constructor(dropped: () => ReadonlyMap<string, number>, store: Pick<StoreStanding, "state">) {
    this.registry.registerMetric(this.seconds);
    this.up = this.gauge("mcprules_servers_up", "Processes and connections of each server that are up.", ["server"]);
    this.restarts = this.counter("mcprules_server_restarts_total", "Servers started again.", ["server"]);
    this.open = this.gauge("mcprules_sessions", "Clients that are connected.", []);
    this.gauge("mcprules_store_up", "1: the store can be reached.", [], (up) => up.set(store.state === "up" ? 1 : 0));
    this.addCounts();
    this.addPolicy();
    this.counter("mcprules_log_dropped_total", "Lines of the log that went nowhere.", ["sink"], (sinks) => {
      sinks.reset();
      for (const [sink, count] of dropped()) sinks.inc({ sink }, count);
    });
  }

  add(face: Face): void {
    this.faces.push(face);
    for (const server of face.servers) {
      this.up.inc({ server }, 0);
      this.restarts.inc({ server }, 0);
    }
  }

  /** What somebody else counts, under names of its own. */
  addTo(register: (registry: Registry) => void): void {
    register(this.registry);
  }

  sessions(by: 1 | -1): void {
    this.open.inc(by);
  }

  serverUp(server: string, by: 1 | -1): void {
    this.up.inc({ server }, by);
  }

  restarted(server: string): void {
    this.restarts.inc({ server });
  }

  /** In the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private addCounts(): void {
    const labels = ["method", "kind", "from", "verdict"] as const;
    this.counter("mcprules_messages_total", "Messages that were decided.", labels, (messages) =>
      this.messages.tell(messages),
    );
    this.counter("mcprules_verdicts_total", "Verdicts of each rule.", ["rule", "verdict"], (verdicts) =>
      this.verdicts.tell(verdicts),
    );
    const asked = "What humans said of messages that rules leave to them.";
    this.counter("mcprules_approvals_total", asked, ["channel", "outcome"], (said) => this.approvals.tell(said));
    this.counter("mcprules_over_limit_total", "Messages that were over a limit of a rule.", ["rule"], (over) =>
      this.overLimit.tell(over),
    );
    this.counter("mcprules_cache_total", "Messages whose answers rules keep.", ["outcome"], (answers) =>
      this.answers.tell(answers),
    );
    const help = "Expressions that were stopped: out of steps, time or memory.";
    this.counter("mcprules_evaluation_overruns_total", help, [], (overruns) => overruns.inc(this.newOverruns()));
  }

  private addPolicy(): void {
    this.gauge("mcprules_policy_stale", "1: changed files are refused.", ["profile"], (stale) => {
      for (const face of this.faces) stale.set(labelsOf(face), isStale(face) ? 1 : 0);
    });
    this.gauge("mcprules_policy_info", "The revision in force.", ["profile", "revision"], (policy) => {
      policy.reset();
      for (const face of this.faces) policy.set({ ...labelsOf(face), revision: face.keeper.revision() }, 1);
    });
    this.counter("mcprules_reloads_total", "Changes of rules.", ["profile", "outcome"], (reloads) => {
      reloads.reset();
      for (const face of this.faces) {
        for (const [outcome, count] of Object.entries(face.keeper.reloads)) {
          reloads.inc({ ...labelsOf(face), outcome }, count);
        }
      }
    });
  }

  private newOverruns(): number {
    let fresh = 0;
    for (const revision of this.faces.flatMap((face) => face.store.history())) {
      const { count } = revision.policy.overruns;
      fresh += count - (this.counted.get(revision) ?? 0);
      this.counted.set(revision, count);
    }
    return fresh;
  }

  private gauge<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect?: (made: Gauge<Label>) => void,
  ): Gauge<Label> {
    const made: Gauge<Label> = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => collect?.(made),
    });
    return made;
  }

  private counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    collect?: (made: Counter<Label>) => void,
  ): Counter<Label> {
    const made: Counter<Label> = new Counter({
      name,
      help,
      labelNames,
      registers: [this.registry],
      collect: () => collect?.(made),
    });
    return made;
  }
}

function labelsOf({ profile }: Face): { readonly profile?: string } {
  return profile === undefined ? {} : { profile };
}

/** What its files hold is refused, and the policy before it is in force. */
function isStale({ keeper }: Face): boolean {
  return keeper.standing().reload?.refusal !== undefined;
}
