// What a policy finds without asking anybody, and for whom: its catalogues, and the languages of the settings.
import type { LanguageCatalogue, Translations } from "../../mcp/translations.ts";
import { bestOf, wishesOf } from "./languages.ts";
import type { TranslationSettings } from "./translation-settings.ts";

type Said = Pick<TranslationSettings, "languages" | "translators">;

/** A translator can do any language; without one it has to be one that there is a catalogue for. */
export function makeTranslations(catalogues: readonly LanguageCatalogue[], settings: Said | undefined): Translations {
  const there = catalogues.map(({ language }) => language);
  const hasDefault = settings?.translators.some(({ isDefault }) => isDefault) === true;
  return {
    catalogues,
    languageFor: (reader, using) => {
      const wishes = wishesOf(reader, settings?.languages);
      if (using === undefined && !hasDefault) return bestOf(wishes, there);
      const [first] = wishes;
      return first === undefined ? undefined : (bestOf([first], there) ?? first);
    },
  };
}
