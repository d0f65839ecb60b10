// The model of the client that is served, as a translator: what it is asked, and what of its answer is believed, for its session alone.
import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { AskClient, ClientsWord } from "../../dispatch/event.ts";
import type { TranslationAnswer, TranslationRequest } from "../../engine/need.ts";
import { userIdentity } from "../../engine/gates/user-identity.ts";
import { protectText, type ProtectedText, restoreText, unitsOf } from "../../engine/translation/protected-text.ts";
import { fillTokens, type Unit, writeUnit } from "../../engine/translation/unit.ts";
import { faultOf } from "../../engine/translation/verify-translation.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { Breaker } from "../breaker.ts";
import { answersInText, INSTRUCTION, itemsOf } from "./item-list.ts";
import { isSameLanguage } from "./languages.ts";
import type { TranslationMemory } from "./memory.ts";
import { kindOf } from "./provider.ts";
import { secretSpans, type Span } from "./secret-spans.ts";
import type { TranslationOutcome } from "./tally.ts";
import type { TranslatorSettings } from "./translation-settings.ts";

export interface ClientModelWorld {
  readonly memory: Pick<TranslationMemory, "get" | "keep" | "isRefused" | "refuse">;
  readonly count: (outcome: TranslationOutcome, texts: number) => void;
}

export interface ForClient {
  readonly request: TranslationRequest;
  /** The language of the texts. */
  readonly source: string;
  readonly withinMs: number;
}

/** Of one question: it is one answer, that somebody waits for. What is over waits for the next message. */
const MOST_PIECES = 50;
const MOST_BYTES = 20_000;
/** Besides what a translation of everything takes, for a model that thinks first. */
const SPARE_TOKENS = 1000;
const MOST_SESSIONS = 10_000;

export class ClientModel {
  readonly settings: TranslatorSettings;
  private readonly world: ClientModelWorld;
  private readonly secrets: (text: string) => readonly Span[];
  /** By session: who says nothing is left alone for a while. */
  private readonly breakers = new LRUCache<string, Breaker>({ max: MOST_SESSIONS });

  constructor(settings: TranslatorSettings, world: ClientModelWorld) {
    this.settings = settings;
    this.world = world;
    this.secrets = secretSpans(settings.redact);
  }

  /** `undefined`: there is nothing to be asked, or nobody. */
  ask(asked: ForClient): AskClient | undefined {
    const { request, source, withinMs } = asked;
    const { session, isList, to: target } = request;
    if (session === undefined || isList || isSameLanguage(source, target)) return undefined;
    const texts = this.piecesOf(asked);
    const only = this.missingOf(texts);
    if (only.length === 0 || !this.breakerOf(session).mayAsk(Date.now())) return undefined;
    const text = JSON.stringify(itemsOf({ source, target, texts, glossary: this.glossary(target) }, only));
    const params = {
      messages: [{ role: "user", content: { type: "text", text } }],
      systemPrompt: INSTRUCTION,
      maxTokens: SPARE_TOKENS + Buffer.byteLength(text),
      includeContext: "none",
      modelPreferences: { costPriority: 1 },
    };
    return { kind: "ask-client", about: digestOf(texts.map(({ key }) => key)), params, withinMs };
  }

  /** What of it can be believed is known from then on, but to others. Pieces are numbered by the request alone, whatever is known of them by now. */
  hear(asked: ForClient, word: ClientsWord): TranslationAnswer {
    const { session } = asked.request;
    if (session === undefined || word.kind === "not-asked") return this.answer(asked);
    const pieces = this.piecesOf(asked);
    const missing = this.missingOf(pieces);
    this.count(session, word, missing.length);
    if (word.kind === "silent") return this.answer(asked);
    const answers = answersInText(textIn(word.result), new Set(pieces.keys()));
    const heard = new Map<string, string>();
    for (const index of missing) {
      const piece = pieces[index];
      const answer = answers?.get(index);
      if (piece !== undefined && answer !== undefined && faultOf(piece.unit, answer) === undefined)
        heard.set(piece.key, answer);
      else if (piece !== undefined) this.disbelieve(piece, word);
    }
    if (!word.isOnlyHere) for (const one of heard) this.keep(one);
    return this.answer(asked, heard);
  }

  /** With what is known, and was heard just now. */
  answer(asked: ForClient, heard: ReadonlyMap<string, string> = NOTHING_HEARD): TranslationAnswer {
    const { request, source } = asked;
    const answers = this.textsOf(request).map(({ text, about }) => {
      const known = unitsOf(text).map((unit) => this.knownOf(unit, this.keyOf({ unit, about }, asked), heard));
      return { isNeeded: known.length > 0, text: known.includes(undefined) ? undefined : restoreText(text, known) };
    });
    const isSame = isSameLanguage(source, request.to);
    return {
      kind: "translated",
      texts: answers.map(({ isNeeded, text }) => (isNeeded && !isSame ? text : undefined)),
      isPartial: !isSame && answers.some(({ isNeeded, text }) => isNeeded && text === undefined),
    };
  }

  /** Who says nothing is left alone, if it is clear who that is. */
  private count(session: string, word: Exclude<ClientsWord, { readonly kind: "not-asked" }>, texts: number): void {
    this.world.count(word.kind === "said" ? "asked" : "failed", texts);
    if (word.isOnlyHere) return;
    if (word.kind === "said") this.breakerOf(session).worked();
    else this.breakerOf(session).failed(Date.now());
  }

  private keep([key, answer]: readonly [string, string]): void {
    this.world.memory.keep({ key, answer, name: this.settings.name }, false);
  }

  private disbelieve({ key }: Piece, { isOnlyHere }: Pick<Said, "isOnlyHere">): void {
    this.world.count("refused", 1);
    if (!isOnlyHere) this.world.memory.refuse(key);
  }

  private knownOf(unit: Unit, key: string, heard: ReadonlyMap<string, string>): string | undefined {
    const known = heard.get(key) ?? this.world.memory.get(key);
    return known === undefined ? undefined : fillTokens(unit, known);
  }

  private textsOf({ texts }: TranslationRequest): readonly ProtectedAbout[] {
    const terms = this.settings.keep;
    return texts.map(({ text, about, names }) => ({
      text: protectText(text, { names, terms, secrets: this.secrets }),
      about,
    }));
  }

  /** Each once. */
  private piecesOf(asked: ForClient): readonly Piece[] {
    const pieces = new Map<string, Piece>();
    for (const { text, about } of this.textsOf(asked.request)) {
      for (const unit of unitsOf(text)) {
        const key = this.keyOf({ unit, about }, asked);
        if (!pieces.has(key)) pieces.set(key, { unit, about, key });
      }
    }
    return [...pieces.values()];
  }

  /** By their place, as many as one question takes. */
  private missingOf(pieces: readonly Piece[]): readonly number[] {
    const { memory } = this.world;
    const missing = [...pieces.entries()].filter(
      ([, { key }]) => memory.get(key) === undefined && !memory.isRefused(key),
    );
    let bytes = 0;
    const fitting = missing.slice(0, MOST_PIECES).filter(([, { unit }]) => {
      bytes += Buffer.byteLength(writeUnit(unit));
      return bytes <= MOST_BYTES;
    });
    return fitting.map(([index]) => index);
  }

  private breakerOf(session: string): Breaker {
    const known = this.breakers.get(session) ?? new Breaker();
    this.breakers.set(session, known);
    return known;
  }

  private glossary(target: string): Readonly<Record<string, string>> {
    return this.settings.glossary.get(target) ?? {};
  }

  /** No client can say what another one reads, or the same one in another session. */
  private keyOf({ unit, about }: Omit<Piece, "key">, { request, source }: ForClient): string {
    const { session, principal, to } = request;
    const owner = [session, principal.user && userIdentity(principal.user), principal.client?.name, principal.profile];
    const { name, keep } = this.settings;
    const all = ["client", name, owner, source, to, this.glossary(to), keep, kindOf(about), writeUnit(unit)];
    return digestOf(all);
  }
}

type Said = Extract<ClientsWord, { readonly kind: "said" }>;

const NOTHING_HEARD: ReadonlyMap<string, string> = new Map();

function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("base64url");
}

interface ProtectedAbout {
  readonly text: ProtectedText;
  readonly about: string;
}

interface Piece {
  readonly unit: Unit;
  readonly about: string;
  readonly key: string;
}

/** Of the result of `sampling/createMessage`: one block, or several. */
function textIn(said: JsonValue): string {
  const content = isJsonObject(said) ? said["content"] : undefined;
  const blocks = isJsonArray(content) ? content : [content];
  return blocks
    .flatMap((block) => (isJsonObject(block) && block["type"] === "text" ? [block["text"]] : []))
    .filter((text) => typeof text === "string")
    .join("");
}
