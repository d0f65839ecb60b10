// What the settings say of translations: who translates, who reads what, and what is remembered.
import type { Pattern } from "../../expression/pattern.ts";

export interface TranslationSettings {
  /** In the order of the file. */
  readonly translators: readonly TranslatorSettings[];
  readonly languages: LanguageSettings;
  /** The language that each server speaks, by its name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly limits: TranslationLimits;
  /** Absolute; `undefined`: nothing is kept on disk. */
  readonly memory: string | undefined;
}

/** Language tags. */
export interface LanguageSettings {
  readonly users: ReadonlyMap<string, string>;
  readonly clients: ReadonlyMap<string, string>;
  readonly default: string | undefined;
}

export interface TranslationLimits {
  /** How long a list waits for what is not known yet. */
  readonly listMs: number;
  /** How long any other message does. */
  readonly messageMs: number;
  readonly memoryEntries: number;
  readonly memoryBytes: number;
  /** The file is written anew when it has grown so large. */
  readonly fileBytes: number;
}

export interface TranslatorSettings {
  readonly name: string;
  /** Where a rule names none. */
  readonly isDefault: boolean;
  readonly provider: ProviderSettings;
  /** Terms that stay as they are. */
  readonly keep: readonly string[];
  /** By language: how terms are to be translated. */
  readonly glossary: ReadonlyMap<string, Glossary>;
  /** What of its answers is kept on disk: none, those that hold nobody's data, all. */
  readonly remember: "none" | "texts" | "all";
  /** What never leaves. */
  readonly redact: Pattern | undefined;
  /** Of one request. */
  readonly timeoutMs: number;
  /** Requests at a time. */
  readonly maxConcurrent: number;
  /** It is not on this machine. */
  readonly isRemote: boolean;
}

export type Glossary = Readonly<Record<string, string>>;

export type ProviderSettings =
  | { readonly kind: "libretranslate"; readonly url: string; readonly key: string | undefined }
  | {
      readonly kind: "deepl";
      readonly url: string;
      readonly key: string;
      readonly formality: string | undefined;
      /** By language. */
      readonly glossaryIds: Readonly<Record<string, string>>;
    }
  /** Any endpoint that speaks chat completions. */
  | { readonly kind: "openai"; readonly url: string; readonly key: string | undefined; readonly model: string }
  /** A mutator among the modules. */
  | { readonly kind: "module"; readonly module: string }
  /** The model of the client that is served. */
  | { readonly kind: "sampling" };

export const SOURCE_LANGUAGE = "en";
