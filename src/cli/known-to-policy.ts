// What a policy is checked with besides itself: the settings, and what the servers had when the lock was written.
import { resolve } from "node:path";
import type { CheckContext } from "../inspect/check-policy.ts";
import { lockPlaces } from "../io/lock-file.ts";
import type { TranslationSettings } from "../io/translators/translation-settings.ts";

export interface Known {
  /** Of the settings; empty without any. */
  readonly named: Omit<CheckContext, "now" | "lock">;
  /** Of the settings: who reads which language. */
  readonly translation?: TranslationSettings | undefined;
  /** Where the lock may lie. */
  readonly locks: readonly string[];
}

/** `paths`: of the policy; `config`: of a settings file. A number is the exit code: the reason was told. */
export async function knownToPolicy(paths: readonly string[], config: string | undefined): Promise<Known | number> {
  const rules = paths.map((path) => resolve(path));
  if (config === undefined) return { named: {}, locks: lockPlaces({ settings: undefined, rules }) };
  const [{ readSettings }, { renderProblems }, { sinkNames }, { knownModules }, { knownTranslators }] =
    await Promise.all([
      import("../io/settings/settings-file.ts"),
      import("../io/settings/problem.ts"),
      import("../io/log/log-settings.ts"),
      import("../io/modules/known-modules.ts"),
      import("../io/translators/known-translators.ts"),
    ]);
  const reading = readSettings(config, process.env);
  if (reading.kind === "problems") {
    process.stderr.write(`${renderProblems(reading.problems).trimEnd()}\n`);
    return 1;
  }
  const { file, servers, log, naming, names, modules, translation } = reading.settings;
  const named = {
    servers: servers.map(({ name }) => name),
    sinks: sinkNames(log),
    modules: knownModules(modules),
    translators: knownTranslators(translation),
    naming,
    names,
  };
  return { named, translation, locks: lockPlaces({ settings: file, rules }) };
}
