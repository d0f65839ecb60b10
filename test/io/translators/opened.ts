// Translation as a proxy has it, with one translator, and requests as the engine makes them.
import { onTestFinished } from "vitest";
import type { TranslationRequest } from "../../../src/engine/need.ts";
import { openTranslation, type TranslationWorld } from "../../../src/io/translators/open-translation.ts";
import type { Translation } from "../../../src/io/translators/translation.ts";
import type {
  ProviderSettings,
  TranslationSettings,
  TranslatorSettings,
} from "../../../src/io/translators/translation-settings.ts";

export const LIMITS = { listMs: 150, messageMs: 1500, memoryEntries: 20_000, memoryBytes: 2 ** 25, fileBytes: 2 ** 26 };

function translator(provider: ProviderSettings, more: Partial<TranslatorSettings> = {}): TranslatorSettings {
  return {
    name: "one",
    isDefault: true,
    provider,
    keep: [],
    glossary: new Map(),
    remember: "texts",
    redact: undefined,
    timeoutMs: 2000,
    maxConcurrent: 4,
    isRemote: false,
    ...more,
  };
}

export const deepl = (url: string, more?: Partial<TranslatorSettings>): TranslatorSettings =>
  translator({ kind: "deepl", url, key: "k", formality: undefined, glossaryIds: {} }, more);
export const chat = (url: string): TranslatorSettings =>
  translator({ kind: "openai", url, key: undefined, model: "m" });
export const libre = (url: string): TranslatorSettings => translator({ kind: "libretranslate", url, key: undefined });
/** Of whichever client is served; named `one`, as the others. */
export const model = (more?: Partial<TranslatorSettings>): TranslatorSettings =>
  translator({ kind: "sampling" }, { isDefault: false, isRemote: true, ...more });

interface Opened {
  readonly translation: Translation;
  readonly reports: readonly string[];
}

export function open(
  one: TranslatorSettings,
  more: Partial<TranslationSettings> = {},
  store?: TranslationWorld["store"],
): Opened {
  const reports: string[] = [];
  const settings: TranslationSettings = {
    translators: [one],
    languages: { users: new Map(), clients: new Map(), default: undefined },
    sources: new Map([["german", "de"]]),
    limits: LIMITS,
    memory: undefined,
    ...more,
  };
  const translation = openTranslation(settings, {
    modules: undefined,
    store,
    report: (text) => reports.push(text),
  });
  onTestFinished(() => translation.close());
  return { translation, reports };
}

export function request(texts: readonly string[], more: Partial<TranslationRequest> = {}): TranslationRequest {
  return {
    texts: texts.map((text) => ({ text, context: "", about: "description of tool a", names: [] })),
    to: "fr",
    using: undefined,
    server: "s",
    principal: { client: undefined, user: undefined, profile: undefined },
    isList: false,
    isPersonal: false,
    rule: "r",
    revision: "1",
    ...more,
  };
}
