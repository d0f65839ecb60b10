// `mcprules translate --check`: how much of each language there is, and which translations lost what has to stay.
import { lostIn } from "../../engine/translation/verify-translation.ts";
import { type CatalogueEntry, entriesIn } from "../../io/translators/po-file.ts";
import type { CatalogueFolder } from "./catalogue-folder.ts";
import { complainOf } from "../settings-for.ts";
import type { TranslateRequest } from "./translate-request.ts";
import { printJson } from "../print-json.ts";

interface LanguageReport {
  readonly language: string;
  readonly texts: number;
  readonly translated: number;
  readonly fuzzy: number;
  /** Of 100, rounded down. */
  readonly percent: number;
  readonly faults: readonly Fault[];
}

interface Fault {
  readonly context: string;
  readonly text: string;
  /** Code, placeholders, links and the like of the text. */
  readonly lost: readonly string[];
}

export function checkCatalogues(folder: CatalogueFolder, request: TranslateRequest): number {
  const languages = request.to ?? [...folder.catalogues.keys()];
  const missing = languages.filter((language) => !folder.catalogues.has(language));
  if (languages.length === 0 || missing.length > 0) return complainOf(sayNone(folder, missing), 1);
  const reports = [...folder.catalogues]
    .filter(([language]) => languages.includes(language))
    .map(([language, table]) => reportOn(language, entriesIn(table)));
  if (request.json === true) printJson({ languages: reports });
  else process.stdout.write(`${reports.map((report) => render(report)).join("\n")}\n`);
  const isGood = reports.every(({ faults, percent }) => faults.length === 0 && percent >= (request.failUnder ?? 0));
  return isGood ? 0 : 1;
}

function reportOn(language: string, entries: readonly CatalogueEntry[]): LanguageReport {
  const usable = entries.filter(({ translation, isFuzzy }) => translation !== "" && !isFuzzy);
  const faults = usable.flatMap(({ context, text, translation }) => {
    const lost = lostIn(text, translation);
    return lost.length === 0 ? [] : [{ context, text, lost }];
  });
  const percent = entries.length === 0 ? 100 : Math.floor((100 * usable.length) / entries.length);
  const fuzzy = entries.filter(({ isFuzzy }) => isFuzzy).length;
  return { language, texts: entries.length, translated: usable.length, fuzzy, percent, faults };
}

function render({ language, texts, translated, fuzzy, percent, faults }: LanguageReport): string {
  const fuzzies = fuzzy === 0 ? "" : `, ${fuzzy} fuzzy`;
  const lines = faults.map(
    ({ context, lost }) => `  ${context} has lost ${lost.map((one) => `\`${one}\``).join(", ")}`,
  );
  return [`${language}: ${translated} of ${texts} texts (${percent} %)${fuzzies}`, ...lines].join("\n");
}

function sayNone({ shown }: CatalogueFolder, missing: readonly string[]): string {
  const what = missing.length === 0 ? "no catalogue" : missing.map((language) => `no \`${language}.po\``).join(", ");
  return `error: there is ${what} in \`${shown}\`\n   = help: \`mcprules translate --extract --to fr\` writes it`;
}
