// From what stands in the settings file to what modules are started with: secrets read, paths made absolute, patterns compiled.
import { resolve } from "node:path";
import { placeAt, type SettingsDocument } from "../settings-document.ts";
import type { ModulesValue, ModuleValue } from "../settings-modules.ts";
import { readSecret, type SecretPlaces, type SecretValue } from "../settings-secret.ts";
import { patternFaults, patternOf } from "../settings-patterns.ts";
import { pathText, type SettingsPath, type SettingsProblem } from "../settings-problem.ts";
import type { Designation, HostSettings, ModuleAuth, ModuleSettings } from "./module-settings.ts";
import { isJsonObject } from "../../mcp/json.ts";

/** Only what `moduleProblems` found nothing wrong with. */
export function modulesOf(modules: ModulesValue, places: SecretPlaces): readonly ModuleSettings[] {
  return Object.entries(modules).map(([name, value]) => moduleOf(name, value, places));
}

export function moduleProblems(
  file: string,
  document: SettingsDocument,
  modules: ModulesValue,
  places: SecretPlaces,
): readonly SettingsProblem[] {
  return Object.entries(modules).flatMap(([name, value]) => {
    const faults = [...nameFaults(name), ...secretFaults(value, places), ...redactFaults(value)];
    return faults.map(({ at, message, help }): SettingsProblem => {
      const path = ["mcprules", "modules", name, ...at];
      const { line, column } = placeAt(document, path);
      return { file, line, column, path: pathText(path), message, help };
    });
  });
}

interface Fault {
  readonly at: SettingsPath;
  readonly message: string;
  readonly help: string;
}

/** As the language reads a name after `call`. */
function nameFaults(name: string): readonly Fault[] {
  if (/^[A-Za-z_]\w*$/.test(name)) return [];
  const message = `\`${name}\` cannot be the name of a module: a letter, then letters, digits and \`_\``;
  return [{ at: [], message, help: "it is what rules write after `call`" }];
}

function secretFaults({ auth }: ModuleValue, places: SecretPlaces): readonly Fault[] {
  const secrets: readonly (readonly [SettingsPath, SecretValue | undefined])[] = [
    [["auth", "bearer"], auth?.bearer],
    [["auth", "hmac", "secret"], auth?.hmac?.secret],
  ];
  const files = Object.entries(auth?.mtls ?? {}).map(([key, path]) => [["auth", "mtls", key], { file: path }] as const);
  return [...secrets, ...files].flatMap(([at, wanted]) => {
    const read = wanted && readSecret(wanted, places);
    return read?.kind === "none" ? [{ at, message: read.message, help: read.help }] : [];
  });
}

function redactFaults({ send }: ModuleValue): readonly Fault[] {
  return patternFaults(send.redact).map(({ index, message, help }) => ({
    at: ["send", "redact", index],
    message,
    help,
  }));
}

function moduleOf(name: string, value: ModuleValue, places: SecretPlaces): ModuleSettings {
  const host = hostOf(value, places);
  const { interceptors, send, config, locked, mode, failOpen, timeoutMs, maxConcurrent, queue } = value;
  const isRemote = host.kind === "http";
  return {
    name,
    host,
    designated: interceptors && new Map(Object.entries(interceptors).map(([key, one]) => [key, designationOf(one)])),
    config: isJsonObject(config) ? config : {},
    locked,
    mode,
    failOpen,
    timeoutMs,
    maxConcurrent,
    queue,
    direction: value.direction,
    isSerial: value.serial,
    mayTell: value.expose === "message",
    mayAsk: value.mayAsk,
    send: {
      drop: send.drop.map((path) => path.split(".")),
      redact: patternOf(send.redact),
      claims: send.claims ?? (isRemote ? [] : undefined),
      request: send.request,
      hidesMeta: isRemote,
    },
    drift: {
      paramsAlone: value.payload === "params",
      sessionId: value.sessionId,
      plural: value.methods === "plural",
    },
  };
}

function hostOf(value: ModuleValue, places: SecretPlaces): HostSettings {
  const { command, args = [], env = {}, cwd = ".", url, headers = {}, auth, module, isolate } = value;
  const { folder } = places;
  if (command !== undefined) return { kind: "process", command, args, env, cwd: resolve(folder, cwd) };
  if (module !== undefined) return { kind: "script", path: resolve(folder, module), isIsolated: isolate };
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([key, text]) => [key.toLowerCase(), text]));
  return { kind: "http", url: url ?? "", headers: lowerCase, auth: authOf(auth, places) };
}

function authOf(auth: ModuleValue["auth"], places: SecretPlaces): ModuleAuth | undefined {
  const read = (wanted: SecretValue): string => {
    const secret = readSecret(wanted, places);
    return secret.kind === "secret" ? secret.text : "";
  };
  if (auth?.bearer !== undefined) return { kind: "bearer", token: read(auth.bearer) };
  if (auth?.hmac !== undefined) return { kind: "hmac", keyId: auth.hmac.keyId, secret: read(auth.hmac.secret) };
  if (auth?.mtls === undefined) return undefined;
  const { cert, key, ca } = auth.mtls;
  return {
    kind: "mtls",
    cert: read({ file: cert }),
    key: read({ file: key }),
    ca: ca === undefined ? ca : read({ file: ca }),
  };
}

function designationOf({
  type,
  hooks,
  priorityHint: hint,
  mode,
  failOpen,
}: NonNullable<ModuleValue["interceptors"]>[string]): Designation {
  const both = typeof hint === "number" ? { request: hint, response: hint } : hint;
  const priority = both && { request: both.request ?? 0, response: both.response ?? 0 };
  return { type, hooks, priority, mode, failOpen };
}
