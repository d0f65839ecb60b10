// From what stands in the settings file to what modules are started with: secrets read, paths made absolute, patterns compiled.
import { resolve } from "node:path";
import type { ModulesValue, ModuleValue } from "../settings/modules.ts";
import { spokenNameFaults } from "../settings/names.ts";
import { readSecret, secretFaults, type SecretPlaces, type SecretValue } from "../settings/secret.ts";
import { patternFaults, patternOf } from "../settings/patterns.ts";
import type { SettingsFault, SettingsPath } from "../settings/problem.ts";
import type { Designation, HostSettings, ModuleAuth, ModuleSettings } from "./module-settings.ts";
import { isJsonObject } from "../../mcp/json.ts";

/** Only what `moduleFaults` found nothing wrong with. */
export function modulesOf(modules: ModulesValue, places: SecretPlaces): readonly ModuleSettings[] {
  return Object.entries(modules).map(([name, value]) => moduleOf(name, value, places));
}

export function moduleFaults(modules: ModulesValue, places: SecretPlaces): readonly SettingsFault[] {
  return Object.entries(modules).flatMap(([name, value]) => faultsOf(name, value, places));
}

/** What modules know the proxy by. */
export function moduleSecrets(modules: ModulesValue): readonly (SecretValue | undefined)[] {
  const ways = Object.values(modules).map(({ auth }) => auth);
  const certificates = ways.flatMap((auth) => Object.values(auth?.mtls ?? {}));
  return [...ways.flatMap((auth) => [auth?.bearer, auth?.hmac?.secret]), ...certificates.map((file) => ({ file }))];
}

function faultsOf(name: string, { auth, send }: ModuleValue, places: SecretPlaces): readonly SettingsFault[] {
  const at = ["mcprules", "modules", name];
  return [
    ...spokenNameFaults(name, { what: "module", after: "call" }, at),
    ...authFaults(auth, places, [...at, "auth"]),
    ...patternFaults(send.redact, [...at, "send", "redact"]),
  ];
}

function authFaults(auth: ModuleValue["auth"], places: SecretPlaces, at: SettingsPath): readonly SettingsFault[] {
  return [
    ...secretFaults(auth?.bearer, places, [...at, "bearer"]),
    ...secretFaults(auth?.hmac?.secret, places, [...at, "hmac", "secret"]),
    ...Object.entries(auth?.mtls ?? {}).flatMap(([key, file]) => secretFaults({ file }, places, [...at, "mtls", key])),
  ];
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
