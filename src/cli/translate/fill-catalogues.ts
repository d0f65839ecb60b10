// `mcprules translate --fill`: what nobody has translated yet a translator of the settings does, and the catalogue says which.
import type { TranslationRequest, TranslationText } from "../../engine/need.ts";
import type { Settings } from "../../io/settings/settings.ts";
import { openTranslation } from "../../io/translators/open-translation.ts";
import { type CatalogueTable, type CatalogueEntry, entriesIn, fillEntry } from "../../io/translators/po-file.ts";
import type { Translation } from "../../io/translators/translation.ts";
import { type CatalogueFolder, catalogueOf, writeCatalogue } from "./catalogue-folder.ts";
import { complainOf } from "../settings-for.ts";
import type { TranslateRequest } from "./translate-request.ts";
import { printJson } from "../print-json.ts";

/** Nobody waits for a message here. */
const PATIENCE_MS = 600_000;

export async function fillCatalogues(
  folder: CatalogueFolder,
  request: TranslateRequest,
  settings: Settings,
): Promise<number> {
  const { translators = [] } = settings.translation ?? {};
  const translator = translators.find(({ name, isDefault }) =>
    request.using === undefined ? isDefault : name === request.using,
  );
  const languages = request.to ?? [...folder.catalogues.keys()];
  if (translator === undefined || settings.translation === undefined)
    return complainOf(sayNoTranslator(request.using), 1);
  if (translator.provider.kind === "sampling") return complainOf(sayClients(translator.name), 1);
  if (languages.length === 0) return complainOf(sayNothing(folder), 1);
  const modules = await openModules(settings);
  const limits = { ...settings.translation.limits, messageMs: PATIENCE_MS };
  const report = (text: string): void => void process.stderr.write(`${text}\n`);
  const translation = openTranslation({ ...settings.translation, limits }, { modules, report });
  const filled: Filled[] = [];
  try {
    for (const language of languages)
      filled.push(await fillOne({ folder, language, translation, using: translator.name }));
  } finally {
    await Promise.all([translation.close(), modules?.close()]);
  }
  if (request.json === true) printJson({ languages: filled });
  else process.stdout.write(`${filled.map((one) => render(one, translator.name)).join("\n")}\n`);
  return filled.every(({ left }) => left === 0) ? 0 : 1;
}

interface Filled {
  readonly language: string;
  readonly filled: number;
  /** Texts that are still empty: the machine gave nothing that could be believed. */
  readonly left: number;
}

interface Job {
  readonly folder: CatalogueFolder;
  readonly language: string;
  readonly translation: Translation;
  readonly using: string;
}

async function fillOne({ folder, language, translation, using }: Job): Promise<Filled> {
  const table = catalogueOf(folder, language);
  const empty = entriesIn(table).filter((entry) => entry.translation === "");
  let filled = 0;
  for (const server of new Set(empty.map(serverOf))) {
    const entries = empty.filter((entry) => serverOf(entry) === server);
    const answer = await translation.answer(requestFor(entries, { server, to: language, using }));
    if (answer.kind === "failed") continue;
    filled += fillEntries(table, entries, answer.texts, using);
  }
  writeCatalogue(folder, `${language}.po`, table);
  return { language, filled, left: empty.length - filled };
}

/** How many there were. */
function fillEntries(
  table: CatalogueTable,
  entries: readonly CatalogueEntry[],
  texts: readonly (string | undefined)[],
  who: string,
): number {
  for (const [index, entry] of entries.entries()) {
    const text = texts[index];
    if (text !== undefined) fillEntry(table, entry, text, who);
  }
  return texts.filter((text) => text !== undefined).length;
}

function requestFor(
  entries: readonly CatalogueEntry[],
  how: Pick<TranslationRequest, "server" | "to" | "using">,
): TranslationRequest {
  const texts = entries.map(({ context, text, about }): TranslationText => ({
    text,
    context,
    about,
    names: namesIn(context),
  }));
  const nobody = { client: undefined, user: undefined, profile: undefined };
  return { ...how, texts, principal: nobody, isList: false, isPersonal: false, rule: "", revision: "" };
}

/** Each speaks its own language. */
function serverOf({ context }: CatalogueEntry): string {
  return context.split("|", 1)[0] ?? "";
}

/** The thing's own; what its arguments are called, the context does not say. */
function namesIn(context: string): readonly string[] {
  const [, kind, name = ""] = context.split("|");
  return kind === "tool" || kind === "prompt" ? [decodeURIComponent(name)] : [];
}

async function openModules({ modules }: Settings) {
  if (modules === undefined) return undefined;
  const { createModules } = await import("../../io/modules/create-modules.ts");
  return createModules(modules, {
    report: (_level, text) => void process.stderr.write(`${text}\n`),
    serverSaid: () => undefined,
  });
}

function render({ language, filled, left }: Filled, name: string): string {
  const rest = left === 0 ? "" : `; ${left} are left as they are`;
  return `${language}: ${filled} texts were translated by ${name}${rest}`;
}

function sayNoTranslator(using: string | undefined): string {
  const what =
    using === undefined
      ? "no translator of the settings is the default"
      : `the settings name no translator \`${using}\``;
  return `error: ${what}\n   = help: \`"translators": { "NAME": { … } }\`, see docs/translation.md`;
}

function sayClients(name: string): string {
  return `error: \`${name}\` is the model of whichever client is served, and there is none here\n   = help: \`--using\` another translator, see docs/translation.md`;
}

function sayNothing({ shown }: CatalogueFolder): string {
  return `error: there is no catalogue in \`${shown}\` to fill\n   = help: \`mcprules translate --extract --to fr\` writes it`;
}
