// The translations of a policy. What reads catalogues is loaded where there are some, or somebody who translates.
import type { Translations } from "../../mcp/translations.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { TranslationSettings } from "./translation-settings.ts";

export interface TranslationsOfPolicy {
  /** `undefined`: there are none. */
  readonly translations: Translations | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** `settings`: undefined where nobody has any. */
export async function translationsFor(
  files: readonly SourceText[],
  settings: Pick<TranslationSettings, "languages" | "translators"> | undefined,
): Promise<TranslationsOfPolicy> {
  if (files.length === 0 && (settings?.translators.length ?? 0) === 0)
    return { translations: undefined, diagnostics: [] };
  const [{ readCatalogues }, { makeTranslations }] = await Promise.all([
    import("./read-catalogues.ts"),
    import("./make-translations.ts"),
  ]);
  const { catalogues, diagnostics } = readCatalogues(files);
  return { translations: makeTranslations(catalogues, settings), diagnostics };
}
