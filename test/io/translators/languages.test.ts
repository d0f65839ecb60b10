// Which language somebody gets.
import { describe, expect, test } from "vitest";
import { acceptedLanguages, speaking } from "../../../src/io/http/accept-language.ts";
import type { Caller } from "../../../src/io/http/caller.ts";
import { localeOf } from "../../../src/io/locale.ts";
import { bestOf, isSameLanguage, wishesOf } from "../../../src/io/translators/languages.ts";
import { makeTranslations } from "../../../src/io/translators/make-translations.ts";
import type { LanguageSettings } from "../../../src/io/translators/translation-settings.ts";
import type { Reader } from "../../../src/mcp/translations.ts";

const SETTINGS: LanguageSettings = {
  users: new Map([["alice", "fr"]]),
  clients: new Map([["desk", "de"]]),
  default: "es",
};

const reader = (more: Partial<Reader>): Reader => ({ user: undefined, client: undefined, ...more });

describe("wishes", () => {
  test.each<readonly [string, Reader, readonly string[]]>([
    [
      "users go before clients",
      reader({ user: { id: "alice", claims: {} }, client: { name: "desk" } }),
      ["fr", "de", "es"],
    ],
    [
      "then what the token claims",
      reader({ user: { id: "bob", claims: { locale: "pt_BR", language: "pt" } } }),
      ["pt-BR", "pt", "es"],
    ],
    [
      "then what the door says",
      reader({ languages: ["it", "ja"], user: { id: "bob", claims: { locale: "pt" } } }),
      ["pt", "it", "ja", "es"],
    ],
    [
      "nonsense is no wish",
      reader({ user: { id: "bob", claims: { locale: "???", language: 7 } }, languages: ["", "EN-gb"] }),
      ["en-GB", "es"],
    ],
    ["claims that are none", reader({ user: { id: "bob", claims: null } }), ["es"]],
  ])("%s", (_, who, wishes) => expect(wishesOf(who, SETTINGS)).toEqual(wishes));

  test("without settings there are none but their own", () =>
    expect(wishesOf(reader({ languages: ["it"] }), undefined)).toEqual(["it"]));
});

test.each([
  [["zh-TW"], ["zh-Hans", "zh-Hant"], "zh-Hant"],
  [["fr-CA"], ["de", "fr"], "fr"],
  [["pt"], ["pt-BR"], "pt-BR"],
  [["it", "de-AT"], ["fr", "de"], "de"],
  [["ca", "fr"], ["es", "fr"], "fr"],
  [["ja"], ["zh-Hans"], undefined],
  [["fr"], [], undefined],
  [[], ["fr"], undefined],
])("of %j, where there are %j, %s is best", (wishes, there, best) => expect(bestOf(wishes, there)).toBe(best));

test.each([
  ["fr-CH, fr;q=0.9, en;q=0.8, *;q=0.5", ["fr-CH", "fr", "en"]],
  ["en;q=0.1, de", ["de", "en"]],
  ["*", []],
  ["", []],
  ["not a header, ;;;", []],
])("Accept-Language %j asks for %j", (header, languages) => expect(acceptedLanguages(header)).toEqual(languages));

test("a caller who asks for languages is the same one each time, and nobody else", () => {
  const caller: Caller = { key: "k", user: undefined, until: Infinity };
  const french = speaking(caller, "fr");
  expect(french).toEqual({ ...caller, languages: ["fr"] });
  expect(speaking(caller, "fr")).toBe(french);
  expect(speaking(caller, "de")).not.toBe(french);
  for (const nothing of [undefined, "", "*", "x".repeat(500)]) expect(speaking(caller, nothing)).toBe(caller);
});

test.each([
  [{ LANG: "fr_CA.UTF-8" }, ["fr-CA"]],
  [{ LC_ALL: "de_DE@euro", LANG: "fr" }, ["de-DE"]],
  [{ LC_MESSAGES: "it", LANG: "fr" }, ["it"]],
  [{ LC_ALL: "", LANG: "fr" }, ["fr"]],
  [{ LANG: "C.UTF-8" }, []],
  [{ LANG: "POSIX" }, []],
  [{}, []],
])("the locale of %j is %j", (environment, languages) => expect(localeOf(environment)).toEqual(languages));

test.each([
  ["en", "en-GB", true],
  ["zh-TW", "zh-Hant", true],
  ["zh-Hans", "zh-Hant", false],
  ["fr", "de", false],
  ["???", "???", false],
])("%s and %s: the same is %s", (one, other, isSame) => expect(isSameLanguage(one, other)).toBe(isSame));

describe("`to auto`", () => {
  const catalogues = [{ language: "fr", texts: new Map() }];
  const french = reader({ languages: ["fr-CA"] });
  const italian = reader({ languages: ["it-IT"] });
  const one = { isDefault: true } as const;

  test("without a translator is what there is a catalogue for", () => {
    const { languageFor } = makeTranslations(catalogues, undefined);
    expect([french, italian, reader({})].map((who) => languageFor(who, undefined))).toEqual([
      "fr",
      undefined,
      undefined,
    ]);
  });

  test("with one is whatever they read; a catalogue that fits is taken", () => {
    const { languageFor } = makeTranslations(catalogues, undefined);
    expect([french, italian, reader({})].map((who) => languageFor(who, "deepl"))).toEqual(["fr", "it-IT", undefined]);
  });

  test("the default translator counts where a rule names none", () => {
    const settings = { languages: SETTINGS, translators: [] };
    expect(makeTranslations([], settings).languageFor(italian, undefined)).toBeUndefined();
    const translator = {
      ...one,
      name: "d",
      provider: { kind: "module", module: "m" },
      keep: [],
      glossary: new Map(),
      remember: "texts",
      redact: undefined,
      timeoutMs: 1,
      maxConcurrent: 1,
      isRemote: false,
    } as const;
    expect(makeTranslations([], { ...settings, translators: [translator] }).languageFor(italian, undefined)).toBe(
      "it-IT",
    );
  });
});
