// From what stands in the settings file to what translators are made with: secrets read, patterns compiled, the memory's place found.
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { isOnThisMachine } from "../safe-url.ts";
import { patternFaults, patternOf } from "../settings/patterns.ts";
import { nearest } from "../../source/nearest.ts";
import { type SettingsFault, type SettingsPath } from "../settings/problem.ts";
import { spokenNameFaults } from "../settings/names.ts";
import { readSecret, secretFaults, type SecretPlaces } from "../settings/secret.ts";
import type {
  LanguagesValue,
  TranslationLimitsValue,
  TranslatorsValue,
  TranslatorValue,
} from "../settings/translators.ts";
import {
  type ProviderSettings,
  SOURCE_LANGUAGE,
  type TranslationSettings,
  type TranslatorSettings,
} from "./translation-settings.ts";

export interface TranslationValue {
  readonly translators: TranslatorsValue;
  readonly languages: LanguagesValue;
  readonly limits: TranslationLimitsValue;
  /** `undefined`: where such things are kept. */
  readonly translationMemory?: string | false | undefined;
  readonly servers: Readonly<Record<string, { readonly language?: string | undefined }>>;
}

/** Only what `translationFaults` found nothing wrong with. `undefined`: nothing is said of translations. */
export function translationOf(value: TranslationValue, places: SecretPlaces): TranslationSettings | undefined {
  const { translators, languages, limits, translationMemory: memory, servers } = value;
  const said = [translators, languages.users, languages.clients].flatMap((part) => Object.keys(part));
  if (said.length === 0 && languages.default === undefined) return undefined;
  return {
    translators: Object.entries(translators).map(([name, one]) => translatorOf(name, one, places)),
    languages: {
      users: new Map(Object.entries(languages.users)),
      clients: new Map(Object.entries(languages.clients)),
      default: languages.default,
    },
    limits,
    memory: memory === false ? undefined : memoryFile(memory, places),
    sources: new Map(Object.entries(servers).map(([name, { language = SOURCE_LANGUAGE }]) => [name, language])),
  };
}

export function translationFaults(
  { translators, modules }: { readonly translators: TranslatorsValue; readonly modules: object },
  places: SecretPlaces,
): readonly SettingsFault[] {
  const [first] = Object.entries(translators).find(([, value]) => value.default) ?? [];
  const entries = Object.entries(translators);
  return [
    ...entries.flatMap(([name, value]) => faultsOf(name, value, value.default && first !== name, places)),
    ...entries.flatMap(([name, value]) => moduleFaults(name, value, Object.keys(modules))),
  ];
}

function moduleFaults(
  name: string,
  { kind, call }: TranslatorValue,
  modules: readonly string[],
): readonly SettingsFault[] {
  if (kind !== "module" || call === undefined || modules.includes(call)) return [];
  const meant = nearest(call, modules);
  const help = meant === undefined ? "name it in `mcprules.modules`" : `did you mean \`${meant}\`?`;
  return [{ at: placeOf(name, "call"), message: `no module is called \`${call}\``, help }];
}

function faultsOf(
  name: string,
  { key, send }: TranslatorValue,
  isSecond: boolean,
  places: SecretPlaces,
): readonly SettingsFault[] {
  return [
    ...spokenNameFaults(name, { what: "translator", after: "using" }, placeOf(name)),
    ...(isSecond ? [{ at: placeOf(name, "default"), ...SECOND }] : []),
    ...secretFaults(key, places, placeOf(name, "key")),
    ...patternFaults(send.redact, placeOf(name, "send", "redact")),
  ];
}

const SECOND = {
  message: "two translators are the default",
  help: "rules without `using` take one of them: say which",
};

function placeOf(name: string, ...fields: readonly string[]): SettingsPath {
  return ["mcprules", "translators", name, ...fields];
}

function translatorOf(name: string, value: TranslatorValue, places: SecretPlaces): TranslatorSettings {
  const provider = providerOf(value, places);
  return {
    name,
    isDefault: value.default,
    provider,
    keep: value.keep,
    glossary: new Map(Object.entries(value.glossary)),
    remember: value.remember,
    redact: patternOf(value.send.redact),
    timeoutMs: value.timeoutMs,
    maxConcurrent: value.maxConcurrent,
    isRemote: isRemote(provider),
  };
}

function providerOf(value: TranslatorValue, places: SecretPlaces): ProviderSettings {
  const reading = value.key && readSecret(value.key, places);
  const key = reading?.kind === "secret" ? reading.text : undefined;
  const url = (value.url ?? "").replace(/\/+$/, "");
  const { kind, model = "", call = "", formality, glossaryIds = {} } = value;
  switch (kind) {
    case "libretranslate":
      return { kind, url, key };
    case "deepl":
      return { kind, url: url === "" ? deeplUrl(key) : url, key: key ?? "", formality, glossaryIds };
    case "openai":
      return { kind, url, key, model };
    case "module":
      return { kind, module: call };
    case "sampling":
      return { kind };
  }
}

/** Where the client's model is, nobody here knows. */
function isRemote(provider: ProviderSettings): boolean {
  if (provider.kind === "sampling") return true;
  return "url" in provider && !isOnThisMachine(provider.url);
}

/** Keys that end so belong to the free host (DeepL API, Authentication). */
function deeplUrl(key: string | undefined): string {
  return key?.endsWith(":fx") === true ? "https://api-free.deepl.com" : "https://api.deepl.com";
}

function memoryFile(given: string | undefined, { folder, environment }: SecretPlaces): string {
  if (given !== undefined) return resolve(folder, given);
  const home = environment["HOME"] ?? homedir();
  return join(environment["XDG_STATE_HOME"] ?? join(home, ".local", "state"), "mcprules", "translations.jsonl");
}
