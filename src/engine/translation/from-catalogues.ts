// What catalogues know of the texts that were found: the rest has to be asked for.
import { lookUp, type Translations } from "../../mcp/translations.ts";
import type { FoundText } from "./found-text.ts";

export interface Translated {
  /** One for each that was found; `undefined`: no catalogue has it. */
  readonly texts: readonly (string | undefined)[];
  /** Those that no catalogue has. */
  readonly missing: readonly FoundText[];
}

export function fromCatalogues(
  translations: Translations | undefined,
  language: string,
  found: readonly FoundText[],
): Translated {
  const texts = found.map(({ context, text }) => translations && lookUp(translations, language, context, text));
  return { texts, missing: found.filter((_, index) => texts[index] === undefined) };
}

/** With what was answered for those that were missing, in their order. */
export function withAnswers(
  { texts }: Translated,
  answers: readonly (string | undefined)[],
): readonly (string | undefined)[] {
  const rest = answers.values();
  return texts.map((text) => text ?? rest.next().value);
}
