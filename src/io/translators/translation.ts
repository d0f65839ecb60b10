// Answers what the engine asks to have translated: in time, with what is known by then, and goes on behind the scenes.
import type { AskClient, ClientsWord } from "../../dispatch/event.ts";
import type { TranslationAnswer, TranslationRequest, TranslationText } from "../../engine/need.ts";
import { protectText, type ProtectedText, restoreText, unitsOf } from "../../engine/translation/protected-text.ts";
import { fillTokens } from "../../engine/translation/unit.ts";
import type { ClientModel, ForClient } from "./client-model.ts";
import { isSameLanguage } from "./languages.ts";
import type { Wanted } from "./job.ts";
import type { TranslationMemory } from "./memory.ts";
import { secretSpans, type Span } from "./secret-spans.ts";
import type { TranslatorTally } from "./tally.ts";
import { SOURCE_LANGUAGE, type TranslationSettings } from "./translation-settings.ts";
import type { Translator } from "./translator.ts";
import { isInTime } from "../in-time.ts";

export interface TranslationOptions {
  readonly settings: Pick<TranslationSettings, "sources" | "limits">;
  readonly translators: readonly Translator[];
  readonly clientModels: readonly ClientModel[];
  readonly memory: Pick<TranslationMemory, "close">;
  readonly tally: TranslatorTally;
}

/** Lists that were handed out too early are made anew at most this often. */
const REFRESH_MS = 10_000;

export class Translation {
  /** For whoever measures. */
  readonly tally: TranslatorTally;
  private readonly settings: TranslationOptions["settings"];
  private readonly translators: readonly Translator[];
  private readonly clientModels: readonly ClientModel[];
  private readonly memory: TranslationOptions["memory"];
  private readonly secrets: ReadonlyMap<Translator, (text: string) => readonly Span[]>;
  private readonly listeners = new Set<() => void>();
  private lastRefresh = -Infinity;
  private refreshing: NodeJS.Timeout | undefined;

  constructor({ settings, translators, clientModels, memory, tally }: TranslationOptions) {
    this.tally = tally;
    this.settings = settings;
    this.memory = memory;
    this.translators = translators;
    this.clientModels = clientModels;
    this.secrets = new Map(translators.map((one) => [one, secretSpans(one.settings.redact)]));
  }

  /** Whoever asks so can put a question to the client that is served, and comes back with what that said: `hear`. */
  async answerOrAsk(request: TranslationRequest): Promise<TranslationAnswer | AskClient> {
    const model = this.clientModelFor(request);
    return model?.ask(this.forClient(request)) ?? this.answer(request);
  }

  /** What has come of the question. */
  async hear(request: TranslationRequest, word: ClientsWord): Promise<TranslationAnswer> {
    return this.clientModelFor(request)?.hear(this.forClient(request), word) ?? this.answer(request);
  }

  /** No client can be asked. */
  async answer(request: TranslationRequest): Promise<TranslationAnswer> {
    const { using, to, isList } = request;
    const translator = this.translators.find(({ settings: { name, isDefault } }) =>
      using === undefined ? isDefault : name === using,
    );
    const source = this.sourceOf(request);
    if (isSameLanguage(source, to)) return { kind: "translated", texts: untouched(request), isPartial: false };
    const model = this.clientModelFor(request);
    if (model !== undefined) return model.answer(this.forClient(request));
    if (translator === undefined) {
      // Without a translator there are the catalogues, and those have been asked.
      if (using === undefined) return { kind: "translated", texts: untouched(request), isPartial: true };
      return { kind: "failed", reason: `there is no translator \`${using}\`` };
    }
    const texts = request.texts.map((text) =>
      this.ask(translator, text, { source, target: to, isPersonal: request.isPersonal }),
    );
    const { listMs, messageMs } = this.settings.limits;
    const isAll = await isInTime(isList ? listMs : messageMs, Promise.all(texts.map((text) => text.settled)));
    if (!isAll && isList) void this.refreshAfter(texts);
    const answers = texts.map((text) => text.now());
    return {
      kind: "translated",
      texts: answers,
      isPartial: answers.some((answer, index) => answer === undefined && texts[index]?.isNeeded),
    };
  }

  /** `onFilled`: what lists were missing has come; those who keep them make them anew. The result ends it. */
  listen(onFilled: () => void): () => void {
    this.listeners.add(onFilled);
    return () => this.listeners.delete(onFilled);
  }

  async close(): Promise<void> {
    clearTimeout(this.refreshing);
    this.listeners.clear();
    await Promise.all(this.translators.map((translator) => translator.close()));
    await this.memory.close();
  }

  private sourceOf({ server }: TranslationRequest): string {
    return this.settings.sources.get(server ?? "") ?? SOURCE_LANGUAGE;
  }

  private clientModelFor({ using }: TranslationRequest): ClientModel | undefined {
    return this.clientModels.find(({ settings }) => settings.name === using);
  }

  private forClient(request: TranslationRequest): ForClient {
    return { request, source: this.sourceOf(request), withinMs: this.settings.limits.messageMs };
  }

  private ask(
    translator: Translator,
    text: TranslationText,
    how: Pick<Wanted, "source" | "target" | "isPersonal">,
  ): AskedText {
    const secrets = this.secrets.get(translator);
    const staying = { names: text.names, terms: translator.settings.keep, ...(secrets && { secrets }) };
    return new AskedText(protectText(text.text, staying), (unit) =>
      translator.translate({ unit, about: text.about, ...how }),
    );
  }

  private async refreshAfter(texts: readonly AskedText[]): Promise<void> {
    const countNow = (): number => texts.filter((text) => text.now() !== undefined).length;
    const before = countNow();
    await Promise.all(texts.map((text) => text.settled));
    if (countNow() > before) this.refreshSoon();
  }

  private refreshSoon(): void {
    const waitMs = Math.max(0, this.lastRefresh + REFRESH_MS - performance.now());
    this.refreshing ??= setTimeout(() => {
      this.refreshing = undefined;
      this.lastRefresh = performance.now();
      for (const onFilled of this.listeners) onFilled();
    }, waitMs).unref();
  }
}

/** A text on its way: in pieces, each of which may come or not. */
class AskedText {
  /** Somebody has to translate something of it. */
  readonly isNeeded: boolean;
  /** When nothing more comes. */
  readonly settled: Promise<void>;
  private readonly text: ProtectedText;
  private readonly answers: (string | undefined)[] = [];

  constructor(text: ProtectedText, translate: (unit: Wanted["unit"]) => Promise<string | undefined>) {
    this.text = text;
    const units = unitsOf(text);
    this.isNeeded = units.length > 0;
    this.settled = Promise.all(
      units.map(async (unit, index) => {
        const answer = await translate(unit);
        this.answers[index] = answer === undefined ? undefined : fillTokens(unit, answer);
      }),
    ).then(() => undefined);
  }

  /** `undefined`: not all of it is there, or there is nothing to translate. Half a text in each language helps nobody. */
  now(): string | undefined {
    const units = unitsOf(this.text);
    if (!this.isNeeded || units.some((_, index) => this.answers[index] === undefined)) return undefined;
    return restoreText(this.text, this.answers);
  }
}

function untouched({ texts }: TranslationRequest): readonly undefined[] {
  return texts.map(() => undefined);
}
