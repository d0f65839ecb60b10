// What a policy is checked with of the translators: their names, which is the default, and which are not on this machine.
import type { CheckContext } from "../../inspect/check-policy.ts";
import type { TranslationSettings } from "./translation-settings.ts";

type KnownTranslators = NonNullable<CheckContext["translators"]>;

/** Settings without translators have none: to name one is then a mistake. */
export function knownTranslators(settings: Pick<TranslationSettings, "translators"> | undefined): KnownTranslators {
  return settings?.translators.map(({ name, isRemote, isDefault }) => ({ name, isRemote, isDefault })) ?? [];
}
