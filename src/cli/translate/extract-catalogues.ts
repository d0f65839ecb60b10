// `mcprules translate --extract`: the texts of servers and of the policy, written into the catalogues without losing what people did.
import type { Settings } from "../../io/settings/settings.ts";
import {
  type CatalogueEntry,
  emptyCatalogue,
  entriesIn,
  mergeCatalogue,
  type SourceEntry,
} from "../../io/translators/po-file.ts";
import { type CatalogueFolder, catalogueOf, writeCatalogue } from "./catalogue-folder.ts";
import { complainOf } from "../settings-for.ts";
import { type Extracted, textsOfLog, textsOfPolicy, textsOfServers } from "./extracted-texts.ts";
import { loadPolicy } from "../policy/load-policy.ts";
import type { TranslateRequest } from "./translate-request.ts";
import { lockPlaces } from "../../io/lock-file.ts";
import { printJson } from "../print-json.ts";

export interface ExtractFrom {
  readonly settings: Settings;
  /** Absolute. */
  readonly rules: readonly string[];
}

export async function extractCatalogues(
  folder: CatalogueFolder,
  request: TranslateRequest,
  { settings, rules }: ExtractFrom,
): Promise<number> {
  const languages = request.to ?? [...folder.catalogues.keys()];
  if (languages.length === 0) return complainOf(sayNoLanguage(folder), 2);
  const loaded = await loadPolicy(
    { paths: rules, known: { named: {}, locks: lockPlaces({ settings: settings.file, rules }) } },
    "errors",
  );
  if (loaded.kind === "none") return 1;
  await loaded.close();
  const { policy } = loaded.revision.policy;
  const found =
    request.fromLog === undefined
      ? await textsOfServers(settings)
      : textsOfLog(request.fromLog, { settings, rules, policy });
  if (typeof found === "string") return complainOf(`error: ${found}`, 1);
  for (const line of found.failures) process.stderr.write(`${line}\n`);
  const entries = sorted([...found.entries, ...textsOfPolicy(policy)]);
  const written = languages.map((language) => mergeOne(folder, language, entries, found));
  writeCatalogue(
    folder,
    "source.pot",
    mergeCatalogue(emptyCatalogue(undefined), entries, () => true),
  );
  if (request.json === true) printJson({ texts: entries.length, languages: written });
  else process.stdout.write(`${[`${entries.length} texts in ${folder.shown}`, ...written.map(render)].join("\n")}\n`);
  return found.failures.length === 0 ? 0 : 1;
}

interface Written {
  readonly language: string;
  /** Nobody has translated them yet. */
  readonly empty: number;
  /** Their source has changed since. */
  readonly fuzzy: number;
  readonly isChanged: boolean;
}

/** Servers that could not be asked, and messages, which come as they like, keep what they have. */
function mergeOne(
  folder: CatalogueFolder,
  language: string,
  entries: readonly SourceEntry[],
  { asked }: Extracted,
): Written {
  const isAsked = (context: string): boolean => {
    const [server = "", kind] = context.split("|");
    return context !== "" && kind !== "message" && (server === "policy" ? kind === "rule" : asked.has(server));
  };
  const table = mergeCatalogue(catalogueOf(folder, language), entries, isAsked);
  const after = entriesIn(table);
  const isEmpty = ({ translation }: CatalogueEntry): boolean => translation === "";
  const isChanged = writeCatalogue(folder, `${language}.po`, table);
  return {
    language,
    empty: after.filter(isEmpty).length,
    fuzzy: after.filter(({ isFuzzy }) => isFuzzy).length,
    isChanged,
  };
}

/** Of texts that stand in one place, such as lines of two errors, each once. */
function sorted(entries: readonly SourceEntry[]): readonly SourceEntry[] {
  return [...new Map(entries.map((entry) => [`${entry.context}\u0004${entry.text}`, entry])).values()];
}

function render({ language, empty, fuzzy, isChanged }: Written): string {
  const fuzzies = fuzzy === 0 ? "" : `, ${fuzzy} fuzzy`;
  return `${language}.po: ${empty} to translate${fuzzies}${isChanged ? "" : " (as before)"}`;
}

function sayNoLanguage({ shown }: CatalogueFolder): string {
  return `error: there is no catalogue in \`${shown}\` yet\n   = help: say which languages: \`--to fr,de\``;
}
