// Which language somebody reads: what the settings say of people and clients, then what they say of themselves.
import { match } from "@formatjs/intl-localematcher";
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Reader } from "../../mcp/translations.ts";
import { canonical } from "../locale.ts";
import type { LanguageSettings } from "./translation-settings.ts";

/** The best first; empty: nobody knows. */
export function wishesOf(
  { user, client, languages = [] }: Reader,
  settings: LanguageSettings | undefined,
): readonly string[] {
  const ofUser = user && settings?.users.get(user.id);
  const ofClient = client && settings?.clients.get(client.name);
  const wishes = [ofUser, ofClient, ...claimed(user?.claims), ...languages, settings?.default];
  return [...new Set(wishes.flatMap((wish) => canonical(wish)))];
}

/** The one of `there` that fits best: `zh-TW` gets `zh-Hant`, `fr-CA` gets `fr`. `undefined`: none is the same language. */
export function bestOf(wishes: readonly string[], there: readonly string[]): string | undefined {
  if (there.length === 0) return undefined;
  return wishes
    .map((wish) => ({ wish, best: match([wish], there, UNKNOWN) }))
    .find(({ wish, best }) => best !== UNKNOWN && isSameLanguage(wish, best))?.best;
}

const UNKNOWN = "und";

/** With what they most likely stand for: `zh-TW` is `zh-Hant`, and `fr-CA` is `fr`. */
export function isSameLanguage(one: string, other: string): boolean {
  const [left, right] = [one, other].map(scriptOf);
  return left !== undefined && left === right;
}

function scriptOf(tag: string): string | undefined {
  const [known] = canonical(tag);
  if (known === undefined) return undefined;
  const { language, script } = new Intl.Locale(known).maximize();
  return `${language}-${script ?? ""}`;
}

/** OpenID Connect has `locale`; some issuers write `language`. */
function claimed(claims: JsonValue | undefined): readonly (string | undefined)[] {
  if (!isJsonObject(claims)) return [];
  return [claims["locale"], claims["language"]].map((claim) =>
    typeof claim === "string" ? claim.replaceAll("_", "-") : undefined,
  );
}
