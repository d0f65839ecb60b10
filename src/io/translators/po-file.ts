// Catalogues as they are written: merged with what people did before, in one order, and without anything that changes by itself.
import { type GetTextTranslation, type GetTextTranslationRecord, type GetTextTranslations, po } from "gettext-parser";
import { isFuzzy } from "./read-catalogues.ts";
import { messageOf } from "../thrown.ts";

/** A text that somebody may translate. */
export interface SourceEntry {
  readonly context: string;
  readonly text: string;
  /** `description of tool search_issues` */
  readonly about: string;
  /** `github:search_issues` */
  readonly reference: string;
}

export interface CatalogueEntry extends SourceEntry {
  /** Empty: nobody has. */
  readonly translation: string;
  readonly isFuzzy: boolean;
}

/** As the parser has it. */
export type CatalogueTable = GetTextTranslations;

export type CatalogueText =
  | { readonly kind: "catalogue"; readonly table: CatalogueTable }
  | { readonly kind: "broken"; readonly reason: string };

export function parseCatalogue(text: string): CatalogueText {
  try {
    return { kind: "catalogue", table: po.parse(text, { validation: true }) };
  } catch (error) {
    return { kind: "broken", reason: messageOf(error) };
  }
}

/** `language` undefined: the template. */
export function emptyCatalogue(language: string | undefined): GetTextTranslations {
  const headers = {
    ...(language !== undefined && { Language: language }),
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
  };
  return { charset: "utf-8", headers, translations: {} };
}

/** In the order they are written. */
export function entriesIn({ translations }: GetTextTranslations): readonly CatalogueEntry[] {
  return entriesOf(translations)
    .toSorted(byPlace)
    .map(({ msgctxt = "", msgid, msgstr, comments }) => ({
      context: msgctxt,
      text: msgid,
      about: comments?.extracted ?? "",
      reference: comments?.reference ?? "",
      translation: msgstr[0] ?? "",
      isFuzzy: isFuzzy(comments?.flag),
    }));
}

/**
 * New texts are empty, unless the same place had another text before: then its translation is kept, as fuzzy. What is
 * gone and was translated is obsolete, and comes back when its text does. `isAsked`: whether all texts of this context
 * were looked for; what was not stays as it is.
 */
export function mergeCatalogue(
  table: GetTextTranslations,
  entries: readonly SourceEntry[],
  isAsked: (context: string) => boolean,
): GetTextTranslations {
  const before = entriesOf(table.translations);
  const obsolete = entriesOf(table.obsolete ?? {});
  const isWanted = new Set(entries.map(keyOf));
  const known = new Map([...obsolete, ...before].map((entry) => [keyOf(asSource(entry)), entry]));
  const left = new Map(
    before.filter((entry) => !isWanted.has(keyOf(asSource(entry)))).map((entry) => [entry.msgctxt ?? "", entry]),
  );
  const merged = entries.map((entry) => mergedEntry(entry, known.get(keyOf(entry)), left.get(entry.context)));
  const replaced = new Set(entries.flatMap((entry) => (known.has(keyOf(entry)) ? [] : [left.get(entry.context)])));
  const others = before.filter((entry) => !isWanted.has(keyOf(asSource(entry))) && !replaced.has(entry));
  const staying = others.filter(({ msgctxt = "" }) => !isAsked(msgctxt));
  const gone = others.filter(({ msgctxt = "", msgstr: [text = ""] }) => isAsked(msgctxt) && text !== "");
  const stillGone = obsolete.filter((entry) => !isWanted.has(keyOf(asSource(entry))));
  const header = table.translations[""]?.[""];
  return {
    ...table,
    translations: recordOf([...(header ? [header] : []), ...merged, ...staying]),
    obsolete: recordOf([...stillGone, ...gone.map(asObsolete)]),
  };
}

/** `who`: the machine that says so. What already has a translation keeps it. */
export function fillEntry(
  table: GetTextTranslations,
  { context, text }: SourceEntry,
  translation: string,
  who: string,
): void {
  const entry = table.translations[context]?.[text];
  if (entry === undefined || (entry.msgstr[0] ?? "") !== "") return;
  entry.msgstr = [translation];
  const said = entry.comments?.translator;
  const lines = [said, `machine: ${who}`].filter((line) => line !== undefined && line !== "");
  entry.comments = { ...entry.comments, translator: lines.join("\n") };
}

/** By context, then by text; nothing in it changes from one run to the next. */
export function catalogueText(table: GetTextTranslations): string {
  return `${po.compile(table, { foldLength: 0, sort: byPlace }).toString("utf8").trimEnd()}\n`;
}

function mergedEntry(
  { context, text, about, reference }: SourceEntry,
  same: GetTextTranslation | undefined,
  other: GetTextTranslation | undefined,
): GetTextTranslation {
  const comments = { extracted: about, reference };
  const msgctxt = context;
  if (same !== undefined)
    return { msgctxt, msgid: text, msgstr: same.msgstr, comments: { ...same.comments, ...comments } };
  const [old = ""] = other?.msgstr ?? [];
  if (other === undefined || old === "") return { msgctxt, msgid: text, msgstr: [""], comments };
  const previous = `msgid ${JSON.stringify(other.msgid)}`;
  return { msgctxt, msgid: text, msgstr: [old], comments: { ...other.comments, ...comments, flag: "fuzzy", previous } };
}

/** Where it stood is no longer so; what people noted beside it stays. */
function asObsolete({ comments = {}, ...entry }: GetTextTranslation): GetTextTranslation {
  const { extracted: _extracted, reference: _reference, ...others } = comments;
  return { ...entry, comments: others };
}

/** Without the header. */
function entriesOf(record: GetTextTranslationRecord): readonly GetTextTranslation[] {
  return Object.values(record)
    .flatMap((entries) => Object.values(entries))
    .filter(({ msgid, msgctxt = "" }) => msgid !== "" || msgctxt !== "");
}

function recordOf(entries: readonly GetTextTranslation[]): GetTextTranslationRecord {
  const record: GetTextTranslationRecord = {};
  for (const entry of entries) {
    const context = entry.msgctxt ?? "";
    record[context] = { ...record[context], [entry.msgid]: entry };
  }
  return record;
}

function asSource({ msgctxt = "", msgid }: GetTextTranslation): Pick<SourceEntry, "context" | "text"> {
  return { context: msgctxt, text: msgid };
}

function keyOf({ context, text }: Pick<SourceEntry, "context" | "text">): string {
  return `${context}\u0004${text}`;
}

function byPlace(one: GetTextTranslation, other: GetTextTranslation): number {
  return compare(one.msgctxt ?? "", other.msgctxt ?? "") || compare(one.msgid, other.msgid);
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
