// A pack of texts, and each service as the settings would have it.
import { onTestFinished } from "vitest";
import { protectText, unitsOf } from "../../../src/engine/translation/protected-text.ts";
import { ChatCompletions } from "../../../src/io/translators/chat-completions.ts";
import { DeepL } from "../../../src/io/translators/deepl.ts";
import { LibreTranslate } from "../../../src/io/translators/libretranslate.ts";
import type { Pack, Provider } from "../../../src/io/translators/provider.ts";

const OPTIONS = { timeoutMs: 2000, maxConcurrent: 4 };

export function packOf(texts: readonly string[], more: Partial<Pack> = {}): Pack {
  const units = texts.flatMap((text) => unitsOf(protectText(text, { names: [], terms: [] })));
  const about = (index: number): string => (index === 0 ? "title of tool a" : "description of tool a");
  return {
    source: "en",
    target: "fr",
    glossary: {},
    texts: units.map((unit, index) => ({ unit, about: about(index) })),
    ...more,
  };
}

function closing<One extends Provider>(provider: One): One {
  onTestFinished(() => provider.close());
  return provider;
}

export const libre = (url: string, options = OPTIONS) =>
  closing(new LibreTranslate({ kind: "libretranslate", url, key: "k" }, options));
export const deepl = (url: string, options = OPTIONS) =>
  closing(new DeepL({ kind: "deepl", url, key: "k:fx", formality: "prefer_more", glossaryIds: { fr: "g1" } }, options));
export const chat = (url: string, options = OPTIONS) =>
  closing(new ChatCompletions({ kind: "openai", url, key: "k", model: "m" }, options));
