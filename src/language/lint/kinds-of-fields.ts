// What the name of a field tells of its values: that they are paths, or texts in which signs have a meaning of their own.
import { parsePath } from "../../expression/path.ts";
import type { Written } from "../tree/ast-values.ts";

/** All of them: where one may be something else, nothing is certain. */
export function arePaths(fields: readonly Written[]): boolean {
  return fields.every(({ text }) => {
    const names = namesIn(text);
    return PATHS.has(names.at(-1) ?? "") && !names.includes("patch");
  });
}

/** Globs, commands and templates of another program. */
export function mayBeForeign(fields: readonly Written[]): boolean {
  return fields.some(({ text }) => FOREIGN.has(namesIn(text).at(-1) ?? ""));
}

/** `file_path` and `filePath` are one name. */
function namesIn(path: string): readonly string[] {
  return parsePath(path).steps.flatMap((step) =>
    step.kind === "member" ? [step.key.replaceAll(/[_-]/g, "").toLowerCase()] : [],
  );
}

const PATHS = words(
  "path paths filepath filepaths abspath absolutepath relativepath pathname",
  "file files filename dir dirname directory directories folder folders root roots cwd workdir workingdirectory",
  "uri uris source src destination dest sourcepath targetpath destinationpath outputpath inputpath",
);

const FOREIGN = words(
  "glob globs pattern patterns include includes exclude excludes ignore",
  "template templates command commands cmd script query",
);

function words(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(" ")));
}
