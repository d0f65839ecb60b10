// Catalogues of translations as they lie beside the rules: PO files, one a language, that translators' tools read and write.
import { basename } from "node:path";
import { po } from "gettext-parser";
import { catalogueKey, type LanguageCatalogue } from "../../mcp/translations.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import { messageOf } from "../thrown.ts";

export interface CatalogueReading {
  readonly catalogues: readonly LanguageCatalogue[];
  /** Not empty: there is no policy to be had from this. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Of one language there may be several, in the order of the files; what the first says counts. */
export function readCatalogues(files: readonly SourceText[]): CatalogueReading {
  const byLanguage = new Map<string, Map<string, string>>();
  const diagnostics: Diagnostic[] = [];
  for (const file of files) {
    const language = languageOf(file.path);
    const reading = language === undefined ? NO_LANGUAGE : entriesOf(file);
    if (language === undefined || "message" in reading) diagnostics.push(diagnosticOf(file, reading));
    else byLanguage.set(language, joined(byLanguage.get(language), reading));
  }
  const catalogues = [...byLanguage].map(([language, texts]) => ({ language, texts }));
  return { catalogues, diagnostics };
}

function joined(known: ReadonlyMap<string, string> | undefined, more: Entries): Map<string, string> {
  return new Map([...more, ...(known ?? [])]);
}

/** `fr.po` is French. */
function languageOf(path: string): string | undefined {
  const name = basename(path, ".po");
  try {
    return Intl.getCanonicalLocales(name.replaceAll("_", "-"))[0];
  } catch {
    return undefined;
  }
}

interface Mistake {
  readonly message: string;
  /** From 1. */
  readonly line: number;
  readonly help: string;
  readonly code: "MR601" | "MR602";
}

const NO_LANGUAGE: Mistake = {
  code: "MR602",
  message: "the name of this catalogue is no language",
  line: 1,
  help: "it is called after its language: `fr.po`, `pt-BR.po`",
};

type Entries = readonly (readonly [key: string, text: string])[];

function entriesOf({ text }: SourceText): Entries | Mistake {
  try {
    const { translations } = po.parse(text, { validation: true });
    return Object.entries(translations).flatMap(([context, entries]) =>
      Object.values(entries).flatMap(({ msgid, msgstr: [translated = ""], comments }) => {
        const isUsable = msgid !== "" && translated !== "" && !isFuzzy(comments?.flag);
        return isUsable ? [[catalogueKey(context, msgid), translated] as const] : [];
      }),
    );
  } catch (error) {
    return mistakeOf(error, text);
  }
}

export function isFuzzy(flags: string | undefined): boolean {
  return flags?.split(",").some((flag) => flag.trim() === "fuzzy") === true;
}

function mistakeOf(error: unknown, text: string): Mistake {
  const said = messageOf(error);
  const [message = said] = said.replace(/^Error parsing PO data: /, "").split(/ at line \d+/, 1);
  const isTwice = /entry "(.*)" in/s.exec(said)?.[1];
  const line = isTwice === undefined ? lineIn(error) : lineOf(text, isTwice);
  const clause =
    isTwice === undefined
      ? `this catalogue cannot be read: ${message.replace(/\.$/, "")}`
      : "a text stands here twice in one context";
  return {
    code: "MR601",
    message: clause,
    line,
    help: "translators' tools write PO files that can be: `msgfmt -c` says more",
  };
}

function lineIn(error: unknown): number {
  const line: unknown = error instanceof Error ? Reflect.get(error, "lineNumber") : undefined;
  return typeof line === "number" && line > 0 ? line : 1;
}

/** Where it stands for the last time. */
function lineOf(text: string, id: string): number {
  const at = text.lastIndexOf(`msgid ${JSON.stringify(id)}`);
  return at === -1 ? 1 : text.slice(0, at).split("\n").length;
}

function diagnosticOf({ path, text }: SourceText, mistake: Entries | Mistake): Diagnostic {
  const { code, message, line, help } = "message" in mistake ? mistake : NO_LANGUAGE;
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const end = start + (lines[line - 1]?.length ?? 0);
  return {
    code,
    severity: "error",
    message,
    span: { file: path, start: Math.min(start, text.length), end: Math.min(end, text.length) },
    help,
  };
}
