// What `mcprules status` is told of a running proxy: its policies, servers, sessions, and what its rules have done so far.
import type { ServerStatus, SessionStatus } from "../../dispatch/observing/status.ts";
import type { Modules, ModuleStatus } from "../modules/create-modules.ts";
import type { PolicyStanding } from "../rules/policy-keeper.ts";
import type { StoreStanding } from "../store/store.ts";
import type { RuleTally, VerdictTally } from "../tally.ts";
import { VERSION } from "../version.ts";
import type { Wing } from "../wing.ts";

/** Times are ISO 8601; what is not there is `null`, so that every field is always there. */
export interface ProxyStatus {
  readonly pid: number;
  readonly version: string;
  readonly since: string;
  readonly settings: string | null;
  readonly store: StoreStatus;
  readonly modules: readonly ModuleSummary[];
  readonly profiles: readonly ProfileStatus[];
}

export interface StoreStatus {
  /** `null`: in the proxy's own memory. */
  readonly address: string | null;
  readonly state: StoreStanding["state"];
  readonly lastError: string | null;
}

export interface ModuleSummary {
  readonly name: string;
  readonly state: "up" | "starting" | "down";
  /** Why it is down. */
  readonly reason: string | null;
  readonly interceptors: readonly string[];
  readonly calls: number;
  readonly failures: number;
  readonly restarts: number;
}

export interface ProfileStatus {
  readonly profile: string | null;
  /** `null`: over stdio. */
  readonly url: string | null;
  readonly policy: PolicyStatus;
  readonly servers: readonly ServerSummary[];
  readonly sessions: readonly SessionSummary[];
  readonly verdicts: VerdictTally;
  /** Those that did something. */
  readonly rules: readonly RuleTally[];
}

export interface PolicyStatus {
  readonly revision: string;
  readonly commit: string | null;
  readonly since: string;
  /** The files hold something that is refused; `error` says why. */
  readonly isStale: boolean;
  readonly lastReload: string | null;
  readonly error: string | null;
  /** The revision that the files hold, where somebody went back to an earlier one. */
  readonly goneBackFrom: string | null;
}

/** One server, over all sessions that have it; one that they share, as it is. */
export interface ServerSummary {
  readonly name: string;
  readonly isShared: boolean;
  readonly states: Readonly<Record<ServerStatus["state"], number>>;
  readonly era: string | null;
  readonly restarts: number;
  readonly lastError: string | null;
}

export interface SessionSummary extends Omit<SessionStatus, "client" | "user" | "since" | "servers"> {
  readonly client: string | null;
  readonly user: string | null;
  readonly since: string;
  readonly servers: readonly (Omit<ServerStatus, "era" | "lastError"> & {
    readonly era: string | null;
    readonly lastError: string | null;
  })[];
}

export interface StatusSource {
  readonly wings: readonly Wing[];
  /** Of each wing. */
  readonly urls: readonly string[];
  readonly store: StoreStanding;
  readonly modules?: Pick<Modules, "list"> | undefined;
  /** The settings file. */
  readonly file: string | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export function proxyStatus({ wings, urls, store, modules, file, since }: StatusSource): ProxyStatus {
  return {
    pid: process.pid,
    version: VERSION,
    since: timeOf(since),
    settings: file ?? null,
    store: { address: store.address ?? null, state: store.state, lastError: store.lastError ?? null },
    modules: modules?.list().map(moduleSummary) ?? [],
    profiles: wings.map((wing, index) => profileStatus(wing, urls[index])),
  };
}

function moduleSummary({ name, state, interceptors, meter }: ModuleStatus): ModuleSummary {
  return {
    name,
    state: state.kind,
    reason: state.kind === "down" ? state.reason : null,
    interceptors: interceptors.map((interceptor) => interceptor.name),
    calls: meter.calls,
    failures: [...meter.failures.values()].reduce((sum, count) => sum + count, 0),
    restarts: meter.restarts,
  };
}

function profileStatus(wing: Wing, url: string | undefined): ProfileStatus {
  const sessions = wing.sessions();
  return {
    profile: wing.profile ?? null,
    url: url ?? null,
    policy: policyStatus(wing.keeper.standing()),
    servers: wing.settings.servers.map(({ name }) => summaryOf(name, sessions, wing.jointServers())),
    sessions: sessions.map(sessionSummary),
    verdicts: wing.log.tally.verdicts(),
    rules: wing.log.tally.rules(),
  };
}

function policyStatus({ revision, since, reload, goneBackFrom }: PolicyStanding): PolicyStatus {
  const [, commit = null] = revision.split("@");
  return {
    revision,
    commit,
    since: timeOf(since),
    isStale: reload?.refusal !== undefined,
    lastReload: reload === undefined ? null : timeOf(reload.at),
    error: reload?.refusal ?? null,
    goneBackFrom: goneBackFrom ?? null,
  };
}

function summaryOf(name: string, sessions: readonly SessionStatus[], joint: readonly ServerStatus[]): ServerSummary {
  const shared = joint.filter((server) => server.name === name);
  const isShared = shared.length > 0;
  const all = isShared ? shared : sessions.flatMap(({ servers }) => servers.filter((server) => server.name === name));
  const states = { asleep: 0, starting: 0, ready: 0, stuck: 0, down: 0 };
  for (const { state } of all) states[state] += 1;
  return {
    name,
    isShared,
    states,
    era: all.findLast(({ era }) => era !== undefined)?.era ?? null,
    restarts: all.reduce((sum, { restarts }) => sum + restarts, 0),
    lastError: all.findLast(({ lastError }) => lastError !== undefined)?.lastError ?? null,
  };
}

function sessionSummary({ client, user, since, servers, ...rest }: SessionStatus): SessionSummary {
  return {
    ...rest,
    client: client ?? null,
    user: user ?? null,
    since: timeOf(since),
    servers: servers.map((server) => ({ ...server, era: server.era ?? null, lastError: server.lastError ?? null })),
  };
}

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
