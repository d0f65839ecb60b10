// The settings file: read, filled in, checked, or all its mistakes with their places.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { parseDocument, placeAt, placeOfName, type SettingsDocument } from "./settings-document.ts";
import { type Environment, expandDocument } from "./settings-expansion.ts";
import { problemsOf } from "./settings-issues.ts";
import { nearestWord, pathText, type SettingsPath, type SettingsProblem } from "./settings-problem.ts";
import { askingOf } from "./settings-approvals.ts";
import { authOf, authProblems } from "./settings-auth.ts";
import { keyProblems, keysOf } from "./settings-keys.ts";
import { lifeOf } from "./settings-life.ts";
import { logOf, logProblems } from "./settings-log.ts";
import { type OAuthEntry, oauthOf, oauthProblems } from "./settings-oauth.ts";
import { moduleProblems, modulesOf } from "./modules/read-settings.ts";
import { profileProblems, profilesOf } from "./settings-profiles.ts";
import { storeOf } from "./settings-store.ts";
import { translationOf, translationProblems } from "./translators/read-settings.ts";
import { SERVER_NAME, type ServerSettings, type Settings } from "./settings.ts";
import { type ServerEntry, settingsSchema, type SettingsValue } from "./settings-schema.ts";

export type SettingsReading =
  | { readonly kind: "settings"; readonly settings: Settings }
  | { readonly kind: "problems"; readonly problems: readonly SettingsProblem[] };

/** `file` is absolute or relative to the current folder; problems name it as it is given. */
export function readSettings(file: string, environment: Environment): SettingsReading {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    return broken(file, { line: 1, column: 1 }, `the settings file cannot be read: ${reasonOf(error)}`);
  }
  return parseSettings(file, text, environment);
}

export function parseSettings(file: string, text: string, environment: Environment): SettingsReading {
  const reading = parseDocument(text);
  if (reading.kind === "broken") return broken(file, reading.place, reading.message);
  const { document } = reading;
  const expansion = expandDocument(file, document.root, environment);
  const parsed = settingsSchema.safeParse(expansion.value, { reportInput: true, jitless: true });
  if (!parsed.success) {
    const found = problemsOf(parsed.error.issues, { file, document, schema: settingsSchema });
    return { kind: "problems", problems: [...expansion.problems, ...found] };
  }
  const problems = [
    ...expansion.problems,
    ...nameProblems(file, document, parsed.data),
    ...authProblems(file, document, parsed.data.mcprules.auth, environment),
    ...logProblems(file, document, parsed.data.mcprules.log),
    ...profileProblems(file, document, parsed.data),
    ...oauthProblems(file, document, oauthEntries(parsed.data), environment),
    ...keyProblems(file, document, parsed.data.mcprules.keys, environment),
    ...moduleProblems(file, document, parsed.data.mcprules.modules, { folder: dirname(resolve(file)), environment }),
    ...translationProblems(file, document, parsed.data.mcprules, { folder: dirname(resolve(file)), environment }),
  ];
  if (problems.length > 0) return { kind: "problems", problems };
  return { kind: "settings", settings: settingsOf(resolve(file), parsed.data, environment) };
}

function oauthEntries({ mcpServers, mcprules }: SettingsValue): readonly OAuthEntry[] {
  return Object.entries(mcprules.servers).map(([name, { oauth }]) => ({ name, entry: mcpServers[name], oauth }));
}

function settingsOf(file: string, { mcpServers, mcprules }: SettingsValue, environment: Environment): Settings {
  const folder = dirname(file);
  const servers = Object.entries(mcpServers).map(([name, entry]) =>
    serverOf(name, entry, mcprules.servers[name], { folder, environment }),
  );
  const { naming, pin, names, trustServers, listen, auth, keys, log, metrics, traces, approvals, store } = mcprules;
  const { modules: ofModules, translation: ofTranslation, ...limits } = mcprules.limits;
  const modules = modulesOf(mcprules.modules, { folder, environment });
  const rules = mcprules.rules.map((path) => resolve(folder, path));
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
    translation: translationOf({ ...mcprules, limits: ofTranslation }, { folder, environment }),
    asking: approvals && askingOf(approvals),
    store: store && storeOf(store),
  };
}

interface Whereabouts {
  readonly folder: string;
  readonly environment: Environment;
}

function serverOf(
  name: string,
  entry: ServerEntry,
  extras: SettingsValue["mcprules"]["servers"][string] | undefined,
  { folder, environment }: Whereabouts,
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

function nameProblems(file: string, document: SettingsDocument, value: SettingsValue): readonly SettingsProblem[] {
  const servers = Object.keys(value.mcpServers);
  const declared = declaredServers(document);
  const problem = (path: SettingsPath, message: string, help?: string): SettingsProblem => {
    const place = typeof path.at(-1) === "number" ? placeAt(document, path) : placeOfName(document, path);
    return { file, ...place, path: pathText(path), message, ...(help === undefined ? {} : { help }) };
  };
  const unknown = (name: string, path: SettingsPath) => {
    const meant = nearestWord(name, declared);
    const help = meant === undefined ? undefined : `did you mean \`${meant}\`?`;
    return declared.includes(name) ? [] : [problem(path, `no server is called \`${name}\``, help)];
  };
  return [
    ...(servers.length > 0 ? [] : [problem(["mcpServers"], "no server is named here", "add one, or enable one")]),
    ...servers.filter((name) => !SERVER_NAME.test(name)).map((name) => badName(name, problem)),
    ...Object.keys(value.mcprules.servers).flatMap((name) => unknown(name, ["mcprules", "servers", name])),
    ...Object.entries(value.mcprules.profiles).flatMap(([profile, { servers: own = [] }]) =>
      own.flatMap((name, index) => unknown(name, ["mcprules", "profiles", profile, "servers", index])),
    ),
    ...value.mcprules.trustServers.flatMap((name, index) => unknown(name, ["mcprules", "trustServers", index])),
  ];
}

function badName(name: string, problem: (path: SettingsPath, message: string, help: string) => SettingsProblem) {
  const better = name.replace(/^[^A-Za-z]+/, "").replaceAll(/[^A-Za-z0-9.-]+/g, "-");
  return problem(
    ["mcpServers", name],
    `\`${name}\` cannot be the name of a server: a letter, then letters, digits, \`.\` and \`-\``,
    `call it \`${SERVER_NAME.test(better) ? better : "server"}\``,
  );
}

/** With those that are disabled. */
function declaredServers({ root }: SettingsDocument): readonly string[] {
  if (root.type !== "Object") return [];
  const member = root.members.find(({ name }) => name.type === "String" && name.value === "mcpServers");
  if (member?.value.type !== "Object") return [];
  return member.value.members.flatMap(({ name }) => (name.type === "String" ? [name.value] : []));
}

function broken(
  file: string,
  place: { readonly line: number; readonly column: number },
  message: string,
): SettingsReading {
  return { kind: "problems", problems: [{ file, ...place, path: "", message }] };
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return error instanceof TypeError ? "it is not UTF-8" : String(code ?? error);
}
