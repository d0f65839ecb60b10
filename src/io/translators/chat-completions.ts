// Any endpoint that speaks chat completions: a language model gets numbered texts as data and answers JSON.
import { isJsonArray, isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { type HttpAnswer, type HttpOptions, TranslatorHttp } from "./http-post.ts";
import { answersInText, INSTRUCTION, itemsOf } from "./item-list.ts";
import type { Pack, PackLimits, PackOutcome, Provider } from "./provider.ts";
import type { ProviderSettings } from "./translation-settings.ts";

type Settings = Extract<ProviderSettings, { readonly kind: "openai" }>;

const SCHEMA: JsonObject = {
  type: "object",
  properties: {
    items: {
      type: "array",
      items: {
        type: "object",
        properties: { i: { type: "integer" }, t: { type: "string" } },
        required: ["i", "t"],
        additionalProperties: false,
      },
    },
  },
  required: ["items"],
  additionalProperties: false,
};

/** From the strictest to none: an endpoint that refuses one gets the next, from then on. */
const FORMATS: readonly (JsonObject | undefined)[] = [
  { type: "json_schema", json_schema: { name: "t", strict: true, schema: SCHEMA } },
  { type: "json_object" },
  undefined,
];

export class ChatCompletions implements Provider {
  readonly limits: PackLimits = { texts: 20, bytes: 6000 };
  readonly mayDoBetter = true;
  private readonly settings: Settings;
  private readonly http: TranslatorHttp;
  private format = 0;

  constructor(settings: Settings, options: HttpOptions) {
    this.settings = settings;
    this.http = new TranslatorHttp(options);
  }

  async translate(pack: Pack): Promise<PackOutcome> {
    const all = [...pack.texts.keys()];
    const first = await this.ask(pack, all);
    if (first.kind !== "read") return first;
    const missing = all.filter((index) => !first.answers.has(index));
    const second = missing.length === 0 ? undefined : await this.ask(pack, missing);
    const answers = new Map([...first.answers, ...(second?.kind === "read" ? second.answers : [])]);
    return { kind: "answered", answers: all.map((index) => answers.get(index)) };
  }

  close(): Promise<void> {
    return this.http.close();
  }

  private async ask(pack: Pack, only: readonly number[]): Promise<Reading> {
    const { url, key } = this.settings;
    const headers: Readonly<Record<string, string>> = key === undefined ? {} : { authorization: `Bearer ${key}` };
    const tried = this.format;
    const answer = await this.http.post(`${url}/chat/completions`, headers, this.bodyOf(itemsOf(pack, only)));
    const isRefusedFormat = answer.kind === "answer" && (answer.status === 400 || answer.status === 422);
    if (isRefusedFormat && tried < FORMATS.length - 1) {
      this.format = Math.max(this.format, tried + 1);
      return this.ask(pack, only);
    }
    return readingOf(answer, new Set(only));
  }

  private bodyOf(question: JsonObject): JsonObject {
    const format = FORMATS[this.format];
    return {
      model: this.settings.model,
      temperature: 0,
      messages: [
        { role: "system", content: INSTRUCTION },
        { role: "user", content: JSON.stringify(question) },
      ],
      ...(format !== undefined && { response_format: format }),
    };
  }
}

type Reading =
  | { readonly kind: "read"; readonly answers: ReadonlyMap<number, string> }
  | Exclude<PackOutcome, { readonly kind: "answered" }>;

function readingOf(answer: HttpAnswer, asked: ReadonlySet<number>): Reading {
  if (answer.kind === "failed") return { kind: "busy", reason: answer.reason };
  const { status, body, afterMs } = answer;
  if (status === 413) return { kind: "too-large" };
  if (status === 429 || status >= 500) return { kind: "busy", reason: `it answers with status ${status}`, afterMs };
  if (status !== 200) return { kind: "refused", reason: `it answers with status ${status}` };
  const choices = isJsonObject(body) ? body["choices"] : undefined;
  const [choice] = isJsonArray(choices) ? choices : [];
  if (!isJsonObject(choice)) return { kind: "refused", reason: "its answer is malformed" };
  if (choice["finish_reason"] === "length") return { kind: "too-large" };
  const { message } = choice;
  const content = isJsonObject(message) ? message["content"] : undefined;
  const isWhole = choice["finish_reason"] === "stop" && typeof content === "string";
  const answers = isWhole ? answersInText(content, asked) : undefined;
  // Nothing of it is believed: all of it is missing, and asked for again.
  return { kind: "read", answers: answers ?? new Map() };
}
