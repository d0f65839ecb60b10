// Translations: the sections `translators`, `languages` and `limits.translation` of the settings, what may stand there, and what is wrong with it.
import * as z from "zod";
import { type EntryFault, refuse } from "./entry-faults.ts";
import { isSafeUrl } from "../safe-url.ts";
import { serverFaults } from "./server-faults.ts";
import { secretField } from "./secret.ts";

const MEBIBYTE = 1024 * 1024;

/** As browsers and catalogues write them. */
export const languageField = z.string().refine(isLanguageTag, {
  error: () => "must be a language tag such as `fr`, `pt-BR` or `zh-Hant`",
});

/** Something for each language. */
function byLanguage<Value extends z.ZodType>(value: Value) {
  return z.record(z.string(), value).check((entry) => {
    const others = Object.keys(entry.value).filter((tag) => !isLanguageTag(tag));
    refuse(
      entry,
      others.map((tag) => ({ path: [tag], message: "is no language tag such as `fr`" })),
    );
  });
}

const translator = z
  .strictObject({
    kind: z.enum(["libretranslate", "deepl", "openai", "module", "sampling"], {
      error: () => "must be `libretranslate`, `deepl`, `openai`, `module` or `sampling`",
    }),
    url: z.string().min(1).optional(),
    key: secretField.optional(),
    model: z.string().min(1).optional(),
    formality: z.enum(["default", "more", "less", "prefer_more", "prefer_less"]).optional(),
    glossaryIds: byLanguage(z.string().min(1)).optional(),
    call: z.string().min(1).optional(),
    default: z.boolean().default(false),
    keep: z.array(z.string().min(1)).max(1000).default([]),
    glossary: byLanguage(z.record(z.string().min(1), z.string().min(1))).default({}),
    remember: z.enum(["none", "texts", "all"]).default("texts"),
    send: z.strictObject({ redact: z.array(z.string().min(1)).default([]) }).prefault({}),
    timeoutMs: z.int().min(1).max(600_000).default(30_000),
    maxConcurrent: z.int().min(1).max(64).default(4),
  })
  .check((entry) => {
    refuse(entry, faultsOf(entry.value));
  });

export type TranslatorValue = z.output<typeof translator>;

export const translatorsSchema = z.record(z.string(), translator).default({});
export type TranslatorsValue = z.output<typeof translatorsSchema>;

export const languagesSchema = z
  .strictObject({
    users: z.record(z.string(), languageField).default({}),
    clients: z.record(z.string(), languageField).default({}),
    default: languageField.optional(),
  })
  .prefault({});
export type LanguagesValue = z.output<typeof languagesSchema>;

/** A path, or `false`: nothing is kept on disk. */
export const translationMemoryField = z.union([z.string().min(1), z.literal(false)], {
  error: () => "must be the path of a file, or `false`",
});

/** The section `limits.translation`. */
export const translationLimits = z
  .strictObject({
    listMs: z.int().min(0).max(60_000).default(150),
    messageMs: z.int().min(0).max(60_000).default(1500),
    memoryEntries: z.int().min(1).max(10_000_000).default(20_000),
    memoryBytes: z
      .int()
      .min(65_536)
      .max(4096 * MEBIBYTE)
      .default(32 * MEBIBYTE),
    fileBytes: z
      .int()
      .min(65_536)
      .max(4096 * MEBIBYTE)
      .default(64 * MEBIBYTE),
  })
  .prefault({});
export type TranslationLimitsValue = z.output<typeof translationLimits>;

function isLanguageTag(text: string): boolean {
  try {
    const [tag = ""] = Intl.getCanonicalLocales(text);
    // The grammar of tags also admits `french`, and no such language is registered.
    return /^(?:[a-z]{2,3}|x)(?:-|$)/.test(tag);
  } catch {
    return false;
  }
}

type Field = "url" | "key" | "model" | "formality" | "glossaryIds" | "call";

const FIELDS: Readonly<Record<TranslatorValue["kind"], Readonly<Partial<Record<Field, "needed" | "may">>>>> = {
  libretranslate: { url: "needed", key: "may" },
  deepl: { url: "may", key: "needed", formality: "may", glossaryIds: "may" },
  openai: { url: "needed", key: "may", model: "needed" },
  module: { call: "needed" },
  sampling: {},
};

const ALL_FIELDS: readonly Field[] = ["url", "key", "model", "formality", "glossaryIds", "call"];

function faultsOf(value: TranslatorValue): readonly EntryFault[] {
  const wanted = FIELDS[value.kind];
  const faults = ALL_FIELDS.flatMap((field): readonly EntryFault[] => {
    const isThere = value[field] !== undefined;
    if (isThere && wanted[field] === undefined) return [{ path: [field], message: `is not for \`${value.kind}\`` }];
    if (isThere || wanted[field] !== "needed") return [];
    return [{ path: [], message: `must have a \`${field}\`: it is a \`${value.kind}\`` }];
  });
  const takesTerms = value.kind === "openai" || value.kind === "module" || value.kind === "sampling";
  const isWasted = !takesTerms && Object.keys(value.glossary).length > 0;
  const glossary = { path: ["glossary"], message: `is not for \`${value.kind}\`` };
  // Whoever happens to be served must not be everybody's translator by accident.
  const isDefault = value.kind === "sampling" && value.default;
  const byName = {
    path: ["default"],
    message: "is not for `sampling`: it is asked where a rule says `using` its name",
  };
  const wasted = [...(isWasted ? [glossary] : []), ...(isDefault ? [byName] : [])];
  return [...faults, ...wasted, ...(value.url === undefined ? [] : addressFaults(value.url))];
}

function addressFaults(url: string): readonly EntryFault[] {
  const wrong = serverFaults({ url });
  if (wrong.length > 0 || isSafeUrl(url)) return wrong;
  return [{ path: ["url"], message: "must be `https`, or on this machine: texts go there" }];
}
