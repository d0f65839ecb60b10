// A policy of some files, checked with all that is known beside it; what asks the engine is loaded where there is a lock.
import type { CheckContext } from "../../inspect/check-policy.ts";
import { translationsFor } from "../../io/translators/translations-for.ts";
import { compilePolicy, type CompileOutcome } from "../../language/compile-policy.ts";
import type { Translations } from "../../mcp/translations.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Known } from "./known-to-policy.ts";
import type { PolicyFiles } from "./policy-files.ts";

interface CheckedPolicy extends CompileOutcome {
  /** `undefined`: there are none, or they cannot be read. */
  readonly translations: Translations | undefined;
}

/** `known`: what the settings say. */
export async function checkedPolicy(
  { sources, catalogues = [], lock, overlooked = [] }: Extract<PolicyFiles, { readonly kind: "sources" }>,
  { named, translation }: Pick<Known, "named" | "translation">,
): Promise<CheckedPolicy> {
  const context = { ...named, now: Date.now() };
  const outcome = lock === undefined ? compilePolicy(sources, context) : checkedWith(sources, { ...context, lock });
  const { policy, diagnostics } = await outcome;
  const { translations, diagnostics: ofCatalogues } = await translationsFor(catalogues, translation);
  const isSound = ofCatalogues.length === 0;
  return {
    policy: isSound ? policy : undefined,
    translations,
    diagnostics: [...diagnostics, ...ofCatalogues, ...overlooked],
  };
}

/** The names that clients would see are what the engine makes of the policy and the lock, a tenth of what a start costs. */
async function checkedWith(sources: readonly SourceText[], context: CheckContext): Promise<CompileOutcome> {
  const [{ checkPolicy }, { fulfil }, { createEvaluator }] = await Promise.all([
    import("../../inspect/check-policy.ts"),
    import("../../io/answer-needs.ts"),
    import("../../io/evaluation/evaluator.ts"),
  ]);
  const evaluator = createEvaluator();
  try {
    return await fulfil(checkPolicy(sources, context), evaluator);
  } finally {
    await evaluator.close();
  }
}
