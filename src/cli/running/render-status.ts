// How a running proxy stands, for people: the policy first, then servers, sessions, and what the rules did.
import type {
  ModuleSummary,
  PolicyStatus,
  ProfileStatus,
  ProxyStatus,
  ServerSummary,
  SessionSummary,
  StoreStatus,
} from "../../io/control/proxy-status.ts";
import type { RuleTally, VerdictTally } from "../../io/tally.ts";
import { type Paint, printable } from "../paint.ts";

export function renderStatus(status: ProxyStatus, paint: Paint): string {
  const { pid, version, since, settings } = status;
  const head = `${paint.bold(`mcprules ${version}`)}, process ${pid}, since ${since}${settings === null ? "" : `, settings ${settings}`}`;
  const lines = [
    head,
    ...storeLines(status.store, paint),
    ...status.modules.map((module) => moduleLine(module, paint)),
    ...status.profiles.flatMap((profile) => ["", ...profileLines(profile, paint)]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A proxy's own memory is always there. */
function storeLines({ address, state, lastError }: StoreStatus, paint: Paint): readonly string[] {
  if (address === null) return [];
  if (state === "up") return [`store     ${address}: ${paint.green("up")}`];
  return [`store     ${address}: ${paint.red("down")}${lastError === null ? "" : `, ${printable(lastError)}`}`];
}

function moduleLine({ name, state, reason, calls, failures }: ModuleSummary, paint: Paint): string {
  const standing = state === "up" ? paint.green(state) : paint.red(state);
  const why = reason === null ? "" : ` (${printable(reason)})`;
  return `module    ${printable(name)}: ${standing}${why}, ${calls} calls, ${failures} failed`;
}

/** The longest lists are of rules; the rest is in the JSON document. */
const MOST_RULES = 20;
const MOST_SESSIONS = 20;

function profileLines(profile: ProfileStatus, paint: Paint): readonly string[] {
  const { profile: name, url, policy, servers, sessions, verdicts, rules } = profile;
  const title = [name === null ? "" : `profile ${name}`, url ?? "over stdio"].filter((part) => part !== "").join(", ");
  return [
    paint.bold(title),
    ...policyLines(policy, paint),
    ...servers.map((server) => serverLine(server, paint)),
    ...sessions.slice(0, MOST_SESSIONS).map(sessionLine),
    ...andMore(sessions.length - MOST_SESSIONS, "sessions"),
    verdictLine(verdicts, paint),
    ...mostActive(rules).slice(0, MOST_RULES).map(ruleLine),
    ...andMore(rules.length - MOST_RULES, "rules"),
  ];
}

function policyLines(policy: PolicyStatus, paint: Paint): readonly string[] {
  const { revision, since, isStale, lastReload, error, goneBackFrom } = policy;
  const inForce = `policy    ${paint.green(revision)} since ${since}`;
  if (isStale && error !== null) {
    const reason = error
      .trimEnd()
      .split("\n")
      .map((line) => `          ${printable(line)}`);
    return [
      inForce,
      `${paint.red("stale")}     what the files hold since ${lastReload ?? "then"} is refused:`,
      ...reason,
    ];
  }
  if (goneBackFrom === null) return [inForce];
  return [inForce, `${paint.yellow("gone back")} the files hold ${goneBackFrom}; they count again when they change`];
}

function serverLine({ name, isShared, states, era, restarts, lastError }: ServerSummary, paint: Paint): string {
  const known = Object.entries(states).filter(([, count]) => count > 0);
  const standing = known.map(([state, count]) => (count === 1 ? state : `${state} ${count} ×`)).join(", ");
  const parts = [
    states.down + states.stuck > 0 ? paint.red(standing) : standing || "no session",
    isShared ? "shared" : "",
    era ?? "",
    restarts === 0 ? "" : `restarted ${restarts} ×`,
    lastError === null ? "" : `last error: ${printable(lastError)}`,
  ];
  return `server    ${paint.bold(name)}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function sessionLine({ id, client, user, since, inFlight }: SessionSummary): string {
  const who = [client === null ? "" : printable(client), user === null ? "" : `user ${printable(user)}`];
  const parts = [...who, `since ${since}`, inFlight === 0 ? "" : `${inFlight} in flight`];
  return `session   ${id}: ${parts.filter((part) => part !== "").join(", ")}`;
}

function verdictLine({ allow, block, answer, drop }: VerdictTally, paint: Paint): string {
  return `verdicts  ${paint.green(`allow ${allow}`)}, ${paint.red(`block ${block}`)}, answer ${answer}, drop ${drop}`;
}

function ruleLine({ rule, place, decided, changed, shadow, failedOpen }: RuleTally): string {
  const counts = Object.entries({ decided, changed, "in shadow": shadow, "failed open": failedOpen });
  const said = counts.filter(([, count]) => count > 0).map(([what, count]) => `${what} ${count}`);
  return `rule      ${rule}: ${said.join(", ")}${place === null ? "" : ` (${place})`}`;
}

function mostActive(rules: readonly RuleTally[]): readonly RuleTally[] {
  const sum = ({ decided, changed, shadow, failedOpen }: RuleTally): number => decided + changed + shadow + failedOpen;
  return rules.toSorted((one, other) => sum(other) - sum(one));
}

function andMore(count: number, what: string): readonly string[] {
  return count > 0 ? [`          and ${count} more ${what}: \`--json\` shows all`] : [];
}
