// Puts together who translates: the providers that the settings name, with one memory. Loaded where there are some.
import type { Store } from "../store/store.ts";
import type { ModuleAnswer } from "../../engine/need.ts";
import { ChatCompletions } from "./chat-completions.ts";
import { ClientModel } from "./client-model.ts";
import { DeepL } from "./deepl.ts";
import type { HttpOptions } from "./http-post.ts";
import { LibreTranslate } from "./libretranslate.ts";
import { TranslationMemory } from "./memory.ts";
import { type CallModule, ModuleProvider } from "./module-provider.ts";
import type { Provider } from "./provider.ts";
import { type TranslationOutcome, TranslatorTally } from "./tally.ts";
import { Translation } from "./translation.ts";
import type { ProviderSettings, TranslationSettings } from "./translation-settings.ts";
import { Translator } from "./translator.ts";

export interface TranslationWorld {
  /** Absent: there are none. */
  readonly modules: { readonly call: CallModule } | undefined;
  /** Absent, or not shared: each proxy translates for itself. */
  readonly store?: Pick<Store, "recall" | "keep" | "isShared"> | undefined;
  /** For the operator. */
  readonly report: (text: string) => void;
}

const NO_MODULE: ModuleAnswer = { kind: "failed", reason: "down", used: [] };

export function openTranslation(settings: TranslationSettings, world: TranslationWorld): Translation {
  const { report, modules, store } = world;
  const shared = store?.isShared === true ? store : undefined;
  const callModule: CallModule = (call) => modules?.call(call) ?? Promise.resolve(NO_MODULE);
  const tally = new TranslatorTally();
  const memory = TranslationMemory.open(settings.memory, settings.limits, report);
  const translators: Translator[] = [];
  const clientModels: ClientModel[] = [];
  for (const one of settings.translators) {
    const count = (outcome: TranslationOutcome, texts: number): void => tally.count(one.name, outcome, texts);
    if (one.provider.kind === "sampling") clientModels.push(new ClientModel(one, { memory, count }));
    else {
      const provider = providerFor(one.provider, one, callModule);
      translators.push(new Translator(one, provider, { memory, shared, report, count }));
    }
  }
  return new Translation({ settings, translators, clientModels, memory, tally });
}

type AtHand = Exclude<ProviderSettings, { readonly kind: "sampling" }>;

function providerFor(settings: AtHand, options: HttpOptions, callModule: CallModule): Provider {
  switch (settings.kind) {
    case "libretranslate":
      return new LibreTranslate(settings, options);
    case "deepl":
      return new DeepL(settings, options);
    case "openai":
      return new ChatCompletions(settings, options);
    case "module":
      return new ModuleProvider(settings.module, callModule);
  }
}
