// Catalogues of translations: what people wrote down beside the rules, by language, context and text.
import type { JsonValue } from "./json.ts";

export interface Translations {
  readonly catalogues: readonly LanguageCatalogue[];
  /** Where a rule says `to "auto"`; `undefined`: nobody knows what the caller reads, or there is nothing that fits. */
  readonly languageFor: (reader: Reader, using: string | undefined) => string | undefined;
}

/** Who reads what is translated. */
export interface Reader {
  readonly user: { readonly id: string; readonly claims: JsonValue } | undefined;
  readonly client: { readonly name: string } | undefined;
  /** What its door says of it (`Accept-Language`, the locale of the process), the best first. */
  readonly languages?: readonly string[] | undefined;
}

export interface LanguageCatalogue {
  /** A language tag: what its file is called. */
  readonly language: string;
  /** By `catalogueKey`. Only what may be used: nothing empty, nothing fuzzy. */
  readonly texts: ReadonlyMap<string, string>;
}

/** As gettext joins them. Without a context: wherever that text stands. */
export function catalogueKey(context: string, text: string): string {
  return `${context}\u0004${text}`;
}

/** First where it stands, then wherever the same text does. */
export function lookUp(
  { catalogues }: Translations,
  language: string,
  context: string,
  text: string,
): string | undefined {
  const texts = catalogues.find((catalogue) => catalogue.language === language)?.texts;
  return texts?.get(catalogueKey(context, text)) ?? texts?.get(catalogueKey("", text));
}

/** `server|kind|name|/pointer`: where a text stands, as catalogues say it. */
export function textContext(server: string | undefined, kind: string, name: string, pointer: string): string {
  return [server ?? "", kind, name, pointer].map(encoded).join("|");
}

/** A pointer (RFC 6901) to where these steps lead. */
export function pointerTo(steps: readonly (string | number)[]): string {
  return steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function encoded(part: string): string {
  return part.replaceAll("%", "%25").replaceAll("|", "%7C");
}
