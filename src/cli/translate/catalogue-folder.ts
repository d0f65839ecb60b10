// The folder in which the catalogues of a policy lie: read and written, one file a language and a template.
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { replaceFile } from "../../io/replace-file.ts";
import { type CatalogueTable, catalogueText, emptyCatalogue, parseCatalogue } from "../../io/translators/po-file.ts";

export interface CatalogueFolder {
  readonly path: string;
  /** As one would type it. */
  readonly shown: string;
  /** By language. */
  readonly catalogues: ReadonlyMap<string, CatalogueTable>;
}

/** `root`: a file or folder of rules. A text says which catalogue cannot be read, and why. */
export function catalogueFolder(root: string): CatalogueFolder | string {
  const path = join(statSync(root).isDirectory() ? root : dirname(root), "translations");
  const shown = relative(process.cwd(), path);
  const catalogues = new Map<string, CatalogueTable>();
  for (const name of namesIn(path)) {
    const parsed = parseCatalogue(readFileSync(join(path, name), "utf8"));
    if (parsed.kind === "broken") return `\`${join(shown, name)}\` cannot be read: ${parsed.reason}`;
    catalogues.set(name.slice(0, -".po".length), parsed.table);
  }
  return { path, shown, catalogues };
}

export function catalogueOf({ catalogues }: CatalogueFolder, language: string): CatalogueTable {
  const known = catalogues.get(language);
  const empty = emptyCatalogue(language);
  // A file that somebody began by hand may have no header at all.
  return known ? { ...known, charset: empty.charset, headers: { ...known.headers, ...empty.headers } } : empty;
}

/** `name`: with its ending. Whole or not at all, and not when nothing would be other. Whether something is. */
export function writeCatalogue({ path }: CatalogueFolder, name: string, table: CatalogueTable): boolean {
  const file = join(path, name);
  const text = catalogueText(table);
  if (currentText(file) === text) return false;
  mkdirSync(path, { recursive: true });
  replaceFile(file, text);
  return true;
}

function currentText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
      .filter((name) => name.endsWith(".po") && !name.startsWith("."))
      .sort();
  } catch {
    return [];
  }
}
