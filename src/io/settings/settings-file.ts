// The settings file: read, filled in, checked, or all its mistakes with their places.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { moduleFaults, moduleSecrets, modulesOf } from "../modules/read-settings.ts";
import { askingOf } from "./approvals.ts";
import { authFaults, authOf } from "./auth.ts";
import { located, parseDocument } from "./document.ts";
import type { JsonMistake } from "./json-mistake.ts";
import { type Environment, expandDocument } from "./expansion.ts";
import { issueFaults } from "./issues.ts";
import { keyFaults, keysOf } from "./keys.ts";
import { lifeOf } from "./life.ts";
import { listenFaults } from "./listen.ts";
import { logFaults, logOf } from "./log.ts";
import { serverNameFaults } from "./names.ts";
import { type OAuthEntry, oauthFaults, oauthOf } from "./oauth.ts";
import type { SettingsFault, SettingsProblem } from "./problem.ts";
import { profileFaults, profilesOf } from "./profiles.ts";
import { type ServerEntry, settingsSchema, type SettingsValue } from "./schema.ts";
import { filesOfSecrets, type SecretPlaces } from "./secret.ts";
import { storeOf } from "./store.ts";
import type { ServerSettings, Settings } from "./settings.ts";
import { translationFaults, translationOf } from "../translators/read-settings.ts";
import { codeOf } from "../thrown.ts";

export type SettingsReading =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "problems"; readonly problems: readonly SettingsProblem[] };

/** `file` is absolute or relative to the current folder; problems name it as it is given. */
export function readSettings(file: string, environment: Environment): SettingsReading {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const message = `the settings file cannot be read: ${reasonOf(error)}`;
    return broken(file, { place: { line: 1, column: 1 }, message });
  }
  return parseSettings(file, text, environment);
}

export function parseSettings(file: string, text: string, environment: Environment): SettingsReading {
  const reading = parseDocument(text);
  if (reading.kind === "broken") return broken(file, reading.mistake);
  const { document } = reading;
  const expansion = expandDocument(file, document.root, environment);
  const parsed = settingsSchema.safeParse(expansion.value, { reportInput: true, jitless: true });
  const places = { folder: dirname(resolve(file)), environment };
  const faults = parsed.success
    ? [
        ...serverNameFaults(document, parsed.data),
        ...listenFaults(document, parsed.data.mcprules),
        ...sectionFaults(parsed.data, places),
      ]
    : issueFaults(parsed.error.issues, settingsSchema);
  const problems = withoutSequels(
    expansion.problems,
    faults.map((fault) => located(file, document, fault)),
  );
  if (!parsed.success || problems.length > 0) return { kind: "problems", problems };
  return { kind: "settings", settings: settingsOf(resolve(file), parsed.data, places) };
}

/** What could not be filled in is empty, which is no second mistake. */
function withoutSequels(
  unfilled: readonly SettingsProblem[],
  others: readonly SettingsProblem[],
): readonly SettingsProblem[] {
  const places = new Set(unfilled.map(({ path }) => path));
  return [...unfilled, ...others.filter(({ path }) => !places.has(path))];
}

function sectionFaults(value: SettingsValue, places: SecretPlaces): readonly SettingsFault[] {
  const { mcprules } = value;
  const { environment } = places;
  return [
    ...authFaults(mcprules.auth, environment),
    ...logFaults(mcprules.log),
    ...profileFaults(value),
    ...oauthFaults(oauthEntries(value), environment),
    ...keyFaults(mcprules.keys, environment),
    ...moduleFaults(mcprules.modules, places),
    ...translationFaults(mcprules, places),
  ];
}

function oauthEntries({ mcpServers, mcprules }: SettingsValue): readonly OAuthEntry[] {
  return Object.entries(mcprules.servers).map(([name, { oauth }]) => ({ name, entry: mcpServers[name], oauth }));
}

function settingsOf(file: string, { mcpServers, mcprules }: SettingsValue, places: SecretPlaces): Settings {
  const { folder, environment } = places;
  const servers = Object.entries(mcpServers).map(([name, entry]) =>
    serverOf(name, entry, mcprules.servers[name], places),
  );
  const { naming, pin, names, trustServers, listen, auth, keys, log, metrics, traces, approvals, store } = mcprules;
  const { modules: ofModules, translation: ofTranslation, ...limits } = mcprules.limits;
  const modules = modulesOf(mcprules.modules, places);
  const rules = mcprules.rules.map((path) => resolve(folder, path));
  const secrets = [...moduleSecrets(mcprules.modules), ...Object.values(mcprules.translators).map(({ key }) => key)];
  return {
    file,
    servers,
    rules,
    profiles: profilesOf(mcprules.profiles, { servers: servers.map(({ name }) => name), rules, folder }),
    naming,
    pin,
    names,
    trustServers,
    log: logOf(log, folder),
    metrics,
    traces,
    limits,
    listen,
    auth: authOf(auth, environment),
    keys: keysOf(keys, environment),
    modules: modules.length === 0 ? undefined : { modules, ...ofModules },
    translation: translationOf({ ...mcprules, limits: ofTranslation }, places),
    asking: approvals && askingOf(approvals),
    secretFiles: filesOfSecrets(secrets, places),
    store: store && storeOf(store),
  };
}

function serverOf(
  name: string,
  entry: ServerEntry,
  extras: SettingsValue["mcprules"]["servers"][string] | undefined,
  { folder, environment }: SecretPlaces,
): ServerSettings {
  const root = extras?.root;
  const era = extras === undefined || extras.era === "auto" ? {} : { era: extras.era };
  const life = lifeOf(extras);
  const { type, command, args = [], env = {}, cwd = ".", url = "", headers = {} } = entry;
  if (command === undefined) {
    const wire = type === "http" || type === "sse" ? type : "either";
    const lowerCase = Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]);
    const known = { headers: Object.fromEntries(lowerCase) as Record<string, string>, home: undefined };
    const where = root === undefined ? undefined : resolve(folder, root);
    const oauth = oauthOf(extras?.oauth, environment);
    return { kind: "http", name, url, wire, ...known, root: where, life, oauth, ...era };
  }
  const start = resolve(folder, cwd);
  const home = env["HOME"] ?? environment["HOME"] ?? homedir();
  return {
    kind: "process",
    name,
    command,
    args,
    env,
    cwd: start,
    root: resolve(folder, root ?? start),
    home,
    life,
    ...era,
  };
}

function broken(file: string, { place, message, help }: JsonMistake): SettingsReading {
  return {
    kind: "problems",
    problems: [{ file, ...place, path: "", message, ...(help === undefined ? {} : { help }) }],
  };
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return error instanceof TypeError ? "it is not UTF-8" : (code ?? String(error));
}
