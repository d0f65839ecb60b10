// `mcprules translate`: which of its jobs is asked for, and where the catalogues are.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "../../io/settings/settings.ts";
import { catalogueFolder, type CatalogueFolder } from "./catalogue-folder.ts";
import { complainOf, settingsFor } from "../settings-for.ts";
import type { TranslateRequest } from "./translate-request.ts";

/** The exit code: 0 all is well, 1 something is missing or failed, 2 wrong usage. */
export async function translate(request: TranslateRequest): Promise<number> {
  const jobs = [request.extract, request.fill, request.check, request.forget].filter(Boolean);
  if (jobs.length !== 1) return complainOf(WHICH, 2);
  // To check them, nothing but the catalogues is needed.
  const needsSettings = request.check !== true || request.rules === undefined;
  const settings = needsSettings ? await settingsFor(request, USAGE) : undefined;
  if (typeof settings === "number") return settings;
  if (request.forget !== undefined) return forgetTranslator(request.forget, settings);
  const rules = request.rules?.map((path) => resolve(path)) ?? settings?.rules ?? [];
  const [root] = rules;
  if (root === undefined || !existsSync(root)) return complainOf(sayNoRules(root), 2);
  const folder = catalogueFolder(root);
  if (typeof folder === "string") return complainOf(`error: ${folder}`, 1);
  return doJob(request, { settings, rules, folder });
}

interface Place {
  readonly settings: Settings | undefined;
  readonly rules: readonly string[];
  readonly folder: CatalogueFolder;
}

async function doJob(request: TranslateRequest, { settings, rules, folder }: Place): Promise<number> {
  if (request.check === true || settings === undefined) {
    const { checkCatalogues } = await import("./check-catalogues.ts");
    return checkCatalogues(folder, request);
  }
  if (request.extract === true) {
    const { extractCatalogues } = await import("./extract-catalogues.ts");
    return extractCatalogues(folder, request, { settings, rules });
  }
  const { fillCatalogues } = await import("./fill-catalogues.ts");
  return fillCatalogues(folder, request, settings);
}

async function forgetTranslator(name: string, settings: Settings | undefined): Promise<number> {
  const translation = settings?.translation;
  if (translation?.translators.some((one) => one.name === name) !== true)
    return complainOf(`error: the settings name no translator \`${name}\``, 1);
  if (translation.memory === undefined)
    return complainOf("error: nothing is kept on disk: `translationMemory` is `false`", 1);
  const { forget } = await import("../../io/translators/memory.ts");
  const gone = await forget(translation.memory, name);
  process.stdout.write(
    `${gone} translations of ${name} are forgotten; a proxy that runs has them until it is started again.\n`,
  );
  return 0;
}

const USAGE = "mcprules translate --extract --rules rules/ -- COMMAND ARG…";

const WHICH = `error: say what is to be done
   = help: one of \`--extract\`, \`--fill\`, \`--check\` and \`--forget NAME\``;

function sayNoRules(root: string | undefined): string {
  const what = root === undefined ? "it is not said where the policy lies" : `there is no \`${root}\``;
  return `error: ${what}\n   = help: \`--rules PATH\`, or \`"rules": ["PATH"]\` in the settings: catalogues lie beside the rules`;
}
