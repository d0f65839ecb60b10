// What a policy is checked with besides itself: the settings, and what the servers had when the lock was written.
import { relative, resolve } from "node:path";
import type { CheckContext } from "../../inspect/check-policy.ts";
import { lockPlaces } from "../../io/lock-file.ts";
import { principalsOf } from "../../io/settings/principals.ts";
import type { Settings } from "../../io/settings/settings.ts";
import type { TranslationSettings } from "../../io/translators/translation-settings.ts";

export interface Known {
  /** Of the settings; empty without any. */
  readonly named: Omit<CheckContext, "now" | "lock">;
  /** Of the settings: who reads which language. */
  readonly translation?: TranslationSettings | undefined;
  /** The file, absolute; absent: there is none. */
  readonly settings?: string | undefined;
  /** Where the lock may lie. */
  readonly locks: readonly string[];
}

/** `paths`: of the policy, as given; none: those of the settings file `config`. A number is the exit code: the reason was told. */
export async function policiesMeant(
  paths: readonly string[],
  config: string | undefined,
): Promise<readonly KnownPolicy[] | number> {
  if (paths.length === 0 && config !== undefined) return policiesOf(config);
  const known = await knownToPolicy(paths, config);
  return typeof known === "number" ? known : [{ profile: undefined, paths, known }];
}

/** `paths`: of the policy; `config`: of a settings file. A number is the exit code: the reason was told. */
async function knownToPolicy(paths: readonly string[], config: string | undefined): Promise<Known | number> {
  if (config === undefined) return { named: {}, locks: lockPlaces({ settings: undefined, rules: resolved(paths) }) };
  const settings = await settingsIn(config);
  return typeof settings === "number" ? settings : knownIn(settings, paths);
}

/** The policy of the settings, or one for each of their profiles. */
export interface KnownPolicy {
  /** Absent: the settings have none, or paths were given. */
  readonly profile: string | undefined;
  /** As people see them. */
  readonly paths: readonly string[];
  readonly known: Known;
}

async function policiesOf(config: string): Promise<readonly KnownPolicy[] | number> {
  const settings = await settingsIn(config);
  if (typeof settings === "number") return settings;
  const { profilesFor } = await import("../../io/profiles.ts");
  const choice = profilesFor(settings, undefined, false);
  const faces = choice.kind === "profiles" ? choice.profiles : [];
  if (faces.some(({ settings: { rules } }) => rules.length === 0)) {
    process.stderr.write(
      `error: ${config} says nowhere where the rules lie\n   = help: say so in \`rules\`, or give their path\n`,
    );
    return 1;
  }
  return Promise.all(
    faces.map(async ({ name: profile, settings: own }) => {
      const paths = own.rules.map(shown);
      return { profile, paths, known: await knownIn(own, paths) };
    }),
  );
}

/** As short as it can be said from here. */
function shown(path: string): string {
  const short = relative(process.cwd(), path);
  if (short.startsWith("..")) return path;
  return short === "" ? "." : short;
}

function resolved(paths: readonly string[]): readonly string[] {
  return paths.map((path) => resolve(path));
}

async function settingsIn(config: string): Promise<Settings | number> {
  const [{ readSettings }, { renderProblems }] = await Promise.all([
    import("../../io/settings/settings-file.ts"),
    import("../../io/settings/problem.ts"),
  ]);
  const reading = readSettings(config, process.env);
  if (reading.kind === "settings") return reading.settings;
  process.stderr.write(`${renderProblems(reading.problems).trimEnd()}\n`);
  return 1;
}

async function knownIn(settings: Settings, paths: readonly string[]): Promise<Known> {
  const [{ sinkNames }, { knownModules }, { knownTranslators }] = await Promise.all([
    import("../../io/log/log-settings.ts"),
    import("../../io/modules/known-modules.ts"),
    import("../../io/translators/known-translators.ts"),
  ]);
  const { file, servers, log, naming, names, modules, translation } = settings;
  const named = {
    servers: servers.map(({ name }) => name),
    sinks: sinkNames(log),
    modules: knownModules(modules),
    translators: knownTranslators(translation),
    ...principalsOf(settings),
    naming,
    names,
  };
  return { named, translation, settings: file, locks: lockPlaces({ settings: file, rules: resolved(paths) }) };
}
