// DeepL: texts as XML whose protected tags are left alone.
import { writeUnit } from "../../engine/translation/unit.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { type HttpAnswer, type HttpOptions, TranslatorHttp } from "./http-post.ts";
import { kindOf, type Pack, type PackLimits, type PackOutcome, type Provider } from "./provider.ts";
import type { ProviderSettings } from "./translation-settings.ts";

type Settings = Extract<ProviderSettings, { readonly kind: "deepl" }>;

export class DeepL implements Provider {
  /** It takes 50 and 128 KiB, with all that stands around the texts. */
  readonly limits: PackLimits = { texts: 50, bytes: 100 * 1024 };
  readonly mayDoBetter = false;
  private readonly settings: Settings;
  private readonly http: TranslatorHttp;

  constructor(settings: Settings, options: HttpOptions) {
    this.settings = settings;
    this.http = new TranslatorHttp(options);
  }

  async translate(pack: Pack): Promise<PackOutcome> {
    const { url, key } = this.settings;
    const headers = { authorization: `DeepL-Auth-Key ${key}` };
    const answer = await this.http.post(`${url}/v2/translate`, headers, this.bodyOf(pack));
    return outcomeOf(answer, pack.texts.length);
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private bodyOf({ source, target, texts }: Pack): JsonObject {
    const { formality, glossaryIds } = this.settings;
    const glossary = glossaryIds[target];
    return {
      text: texts.map(({ unit }) => writeUnit(unit, escaped, (index) => `<x>${index}</x>`)),
      source_lang: sourceCode(source),
      target_lang: targetCode(target),
      context: [...new Set(texts.map(({ about }) => kindOf(about)))].join(", "),
      preserve_formatting: true,
      split_sentences: "nonewlines",
      tag_handling: "xml",
      tag_handling_version: "v2",
      ignore_tags: ["x"],
      ...(glossary !== undefined && { glossary_id: glossary }),
      ...(formality !== undefined && { formality }),
    };
  }
}

function sourceCode(tag: string): string {
  return (tag.split("-", 1)[0] ?? tag).toUpperCase();
}

/** English and Portuguese are named with a country. */
function targetCode(tag: string): string {
  const code = tag.toUpperCase();
  return { EN: "EN-US", PT: "PT-PT" }[code] ?? code;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function outcomeOf(answer: HttpAnswer, count: number): PackOutcome {
  if (answer.kind === "failed") return { kind: "busy", reason: answer.reason };
  const { status, body, afterMs } = answer;
  if (status === 413) return { kind: "too-large" };
  if (status === 456) return { kind: "refused", reason: "its quota is used up", isForGood: true };
  if (status === 429 || status >= 500) return { kind: "busy", reason: `it answers with status ${status}`, afterMs };
  if (status !== 200) return { kind: "refused", reason: `it answers with status ${status}` };
  const translations = isJsonObject(body) ? body["translations"] : undefined;
  if (!isJsonArray(translations) || translations.length !== count) {
    return { kind: "refused", reason: "its answer is malformed" };
  }
  return { kind: "answered", answers: translations.map(textOf) };
}

function textOf(entry: JsonValue): string | undefined {
  const text = isJsonObject(entry) ? entry["text"] : undefined;
  if (typeof text !== "string") return undefined;
  return text.replaceAll(/<x>\s?(\d{1,9})\s?<\/x>/g, "⟦$1⟧").replaceAll(/&(amp|lt|gt|quot|apos|#\d{1,6});/g, unescaped);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(entity: string, name: string): string {
  if (!name.startsWith("#")) return ENTITIES[name] ?? entity;
  const code = Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
