// LibreTranslate: texts as HTML with protected spans, an array for an array.
import { writeUnit } from "../../engine/translation/unit.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { type HttpAnswer, type HttpOptions, TranslatorHttp } from "./http-post.ts";
import type { Pack, PackLimits, PackOutcome, Provider } from "./provider.ts";
import type { ProviderSettings } from "./translation-settings.ts";

type Settings = Extract<ProviderSettings, { readonly kind: "libretranslate" }>;

export class LibreTranslate implements Provider {
  readonly limits: PackLimits = { texts: 25, bytes: 100 * 1024 };
  readonly mayDoBetter = false;
  private readonly settings: Settings;
  private readonly http: TranslatorHttp;
  /** What it says of the languages it has, asked once. */
  private known: Promise<HttpAnswer> | undefined;

  constructor(settings: Settings, options: HttpOptions) {
    this.settings = settings;
    this.http = new TranslatorHttp(options);
  }

  async translate({ source, target, texts }: Pack): Promise<PackOutcome> {
    const { url, key } = this.settings;
    const codes = await this.codes();
    const [from, to] = [codeOf(source, codes), codeOf(target, codes)];
    if (from === undefined || to === undefined) {
      return { kind: "refused", reason: `it has no ${from === undefined ? source : target}` };
    }
    const answer = await this.http.post(
      `${url}/translate`,
      {},
      {
        q: texts.map(({ unit }) => writeUnit(unit, escaped, span)),
        // Never `auto`: it decides once for all of them, by the first.
        source: from,
        target: to,
        format: "html",
        alternatives: 0,
        ...(key !== undefined && { api_key: key }),
      },
    );
    return outcomeOf(answer, texts.length);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** `undefined`: it does not tell; then tags go as they are. */
  private async codes(): Promise<readonly string[] | undefined> {
    this.known ??= this.http.get(`${this.settings.url}/languages`);
    const answer = await this.known;
    if (answer.kind === "failed") this.known = undefined;
    return codesIn(answer);
  }
}

function codesIn(answer: HttpAnswer): readonly string[] | undefined {
  if (answer.kind === "failed" || answer.status !== 200 || !isJsonArray(answer.body)) return undefined;
  const codes = answer.body.flatMap((entry) => {
    const code = isJsonObject(entry) ? entry["code"] : undefined;
    return typeof code === "string" ? [code] : [];
  });
  return codes.length === 0 ? undefined : codes;
}

/** `zh-Hant-TW`, `zh-Hant`, `zh`: the first that it has. */
function codeOf(tag: string, codes: readonly string[] | undefined): string | undefined {
  if (codes === undefined) return tag;
  const parts = tag.split("-");
  const candidates = parts.map((_, index) =>
    parts
      .slice(0, parts.length - index)
      .join("-")
      .toLowerCase(),
  );
  return candidates
    .map((candidate) => codes.find((code) => code.toLowerCase() === candidate))
    .find((code) => code !== undefined);
}

function span(index: number): string {
  return `<span translate="no">⟦${index}⟧</span>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function outcomeOf(answer: HttpAnswer, count: number): PackOutcome {
  if (answer.kind === "failed") return { kind: "busy", reason: answer.reason };
  const { status, body, afterMs } = answer;
  if (status === 413 || (status === 400 && /limit|exceed|too (?:long|large|many)/i.test(errorIn(body)))) {
    return { kind: "too-large" };
  }
  if (status === 429 || status >= 500) return { kind: "busy", reason: `it answers with status ${status}`, afterMs };
  const translated = status === 200 && isJsonObject(body) ? body["translatedText"] : undefined;
  if (status !== 200) return { kind: "refused", reason: `it answers with status ${status}` };
  if (!isJsonArray(translated) || translated.length !== count) {
    return { kind: "refused", reason: "its answer is malformed" };
  }
  return { kind: "answered", answers: translated.map(textOf) };
}

function errorIn(body: JsonValue | undefined): string {
  const error = isJsonObject(body) ? body["error"] : undefined;
  return typeof error === "string" ? error : "";
}

const SPAN = /<span translate="?no"?>\s?(⟦\d{1,9}⟧)\s?<\/span>/g;

/** It comes unescaped. Where it does not, nobody knows what `&lt;` means any more, and it is not taken. */
function textOf(answer: JsonValue): string | undefined {
  if (typeof answer !== "string" || /&(?:amp|lt|gt|quot|apos|#\d{1,6}|#x[\da-f]{1,6});/i.test(answer)) return undefined;
  return answer.replaceAll(SPAN, "$1");
}
