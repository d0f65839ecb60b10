// Files that nearly are part of a policy: a name that is almost right, or a place that is not looked into.
import type { Dirent } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { join } from "node:path";
import { warning } from "../../language/report.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { isPutThere } from "./rules-names.ts";
import type { RulesRoot, RulesTree } from "./rules-tree.ts";

/** What other programs keep to themselves. */
const NOT_OURS = new Set([".git", ".hg", ".svn", ".jj", ".venv", ".cache", ".npm", ".tox"]);
/** How many entries below folders with a dot are looked at. */
const MOST = 2000;

/** Nobody but the author can tell whether they were to count. */
export async function overlookedFiles(tree: RulesTree): Promise<readonly Diagnostic[]> {
  const known = new Set(tree.files.map(({ real }) => real));
  const hidden: string[] = [];
  const folders = tree.hidden.filter(({ path }) => !NOT_OURS.has(path.slice(path.lastIndexOf("/") + 1)));
  for (let seen = 0; folders.length > 0 && seen < MOST;) {
    const folder = folders.shift();
    if (folder === undefined) break;
    const entries = await readdir(folder.path, { withFileTypes: true }).catch((): Dirent[] => []);
    seen += entries.length;
    for (const entry of entries) {
      const inside = { shown: join(folder.shown, entry.name), path: join(folder.path, entry.name) };
      if (entry.isDirectory()) folders.push(inside);
      // Where a volume is mounted, such a folder holds what links beside it lead to.
      else if (await isOutside(inside, entry, known)) hidden.push(inside.shown);
    }
  }
  return [...tree.overlooked.map(({ shown }) => ofName(shown)), ...hidden.map(ofFolder)];
}

async function isOutside({ path }: RulesRoot, entry: Dirent, known: ReadonlySet<string>): Promise<boolean> {
  if (!entry.isFile() || !entry.name.endsWith(".mcprules") || isPutThere(entry.name)) return false;
  return !known.has(await realpath(path));
}

function ofName(shown: string): Diagnostic {
  const isHidden = shown.endsWith(".mcprules");
  const help = isHidden ? "a name that begins with a dot is passed over" : "rules end in `.mcprules`";
  return warning("MR603", { file: shown, start: 0, end: 0 }, `\`${shown}\` is no part of the policy`, help);
}

function ofFolder(shown: string): Diagnostic {
  const help = "folders whose names begin with a dot are passed over";
  return warning("MR603", { file: shown, start: 0, end: 0 }, `\`${shown}\` is no part of the policy`, help);
}
