// Which rules files there are below the roots of a policy, in the order that counts, and a fingerprint of how they stand.
import type { BigIntStats, Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { stampOf } from "../file-stamp.ts";
import { codeOf } from "../thrown.ts";
import { reasonOfMissing } from "./missing-path.ts";
import { isNearlyRules } from "./rules-names.ts";

/** A file or folder, as it is to be named in diagnostics, and where it is. */
export interface RulesRoot {
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
}

export interface RulesTree {
  /** Roots as given, in each the files by path, bytewise. */
  readonly files: readonly RulesFile[];
  /** The translations beside them, in the same order. */
  readonly catalogues: readonly RulesFile[];
  /** Real paths of every folder that was looked into. */
  readonly folders: readonly string[];
  /** Files whose names are nearly those of rules. */
  readonly overlooked: readonly RulesRoot[];
  /** Folders that were not looked into, since their names begin with a dot. */
  readonly hidden: readonly RulesRoot[];
  /** What cannot be read, and why: then there is no policy. */
  readonly unreadable: readonly string[];
  /** Changes when a name, size, time or place of anything in the tree does. */
  readonly fingerprint: string;
}

export interface RulesFile {
  readonly shown: string;
  readonly path: string;
  readonly real: string;
  /** Place of its root among the roots, and its path below it: what it is called wherever the policy is mounted. */
  readonly inTree: string;
}

/** `locks`: where the catalogue lock may lie, which is no rule and changes what rules mean. */
export async function walkRules(roots: readonly RulesRoot[], locks: readonly string[] = []): Promise<RulesTree> {
  const found = { files: [], catalogues: [], overlooked: [], hidden: [] };
  const walk: Walk = { ...found, seen: new Set(), folders: [], unreadable: [], stamps: [] };
  for (const [index, root] of roots.entries()) await walkRoot(root, index, walk);
  for (const lock of locks) walk.stamps.push(await stampOf(lock));
  const { stamps, seen: _seen, ...tree } = walk;
  return { ...tree, fingerprint: [...stamps, ...tree.unreadable].join("\n") };
}

interface Walk {
  readonly files: RulesFile[];
  readonly catalogues: RulesFile[];
  readonly overlooked: RulesRoot[];
  readonly hidden: RulesRoot[];
  /** Real paths: what two symbolic links lead to counts once. */
  readonly seen: Set<string>;
  readonly folders: string[];
  readonly unreadable: string[];
  readonly stamps: string[];
}

interface Entry {
  readonly shown: string;
  readonly path: string;
  readonly inTree: string;
}

async function walkRoot({ shown, path }: RulesRoot, index: number, walk: Walk): Promise<void> {
  const stats = await look({ shown, path, inTree: "" }, walk);
  if (stats === undefined) return;
  if (!stats.isDirectory()) {
    await addFile({ shown, path, inTree: `${index}/${basename(path)}` }, stats, walk, walk.files);
    return walkBeside({ shown: dirname(shown), path: dirname(path), inTree: `${index}` }, walk);
  }
  const found: Walk = { ...walk, files: [], catalogues: [] };
  await walkFolder({ shown, path, inTree: `${index}` }, found);
  walk.files.push(...found.files.sort(byPlace));
  walk.catalogues.push(...found.catalogues.sort(byPlace));
}

function byPlace(one: RulesFile, other: RulesFile): number {
  return Buffer.compare(Buffer.from(one.inTree), Buffer.from(other.inTree));
}

/** The folder that catalogues of translations lie in, wherever it is below a root. */
const TRANSLATIONS = "translations";

/** A policy of one file has its translations in the folder beside it. */
async function walkBeside(folder: Entry, walk: Walk): Promise<void> {
  const entry = {
    shown: join(folder.shown, TRANSLATIONS),
    path: join(folder.path, TRANSLATIONS),
    inTree: `${folder.inTree}/${TRANSLATIONS}`,
  };
  const isThere = await stat(entry.path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
  walk.stamps.push(`${entry.path}\0${String(isThere)}`);
  // Rules are only those that were named.
  if (isThere) await walkFolder(entry, { ...walk, files: [], overlooked: [], hidden: [] });
}

async function walkFolder(folder: Entry, walk: Walk): Promise<void> {
  const listing = await attempt(folder, walk, async () => {
    const real = await realpath(folder.path);
    return { real, entries: await readdir(folder.path, { withFileTypes: true }) };
  });
  if (listing === undefined || walk.seen.has(listing.real)) return;
  walk.seen.add(listing.real);
  walk.folders.push(listing.real);
  // Bytewise, so that the same one of two links to a file counts on every machine.
  const entries = listing.entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  for (const entry of entries) {
    if (!passedOver(folder, entry, walk)) await walkEntry(folder, entry, walk);
  }
}

/** Also notes what an author may have meant to count. */
function passedOver(folder: Entry, dirent: Dirent, { overlooked, hidden }: Walk): boolean {
  const { name } = dirent;
  const entry = { shown: join(folder.shown, name), path: join(folder.path, name) };
  if (dirent.isFile() && isNearlyRules(name)) overlooked.push(entry);
  if (!name.startsWith(".")) return false;
  if (dirent.isDirectory()) hidden.push(entry);
  return true;
}

async function walkEntry(folder: Entry, dirent: Dirent, walk: Walk): Promise<void> {
  const { name } = dirent;
  const isRules = name.endsWith(".mcprules");
  const isCatalogue = name.endsWith(".po") && basename(folder.path) === TRANSLATIONS;
  if (!isRules && !isCatalogue && !dirent.isDirectory() && !dirent.isSymbolicLink()) return;
  const entry = { shown: join(folder.shown, name), path: join(folder.path, name), inTree: `${folder.inTree}/${name}` };
  const stats = await look(entry, walk);
  if (stats?.isDirectory() === true) await walkFolder(entry, walk);
  else if (stats !== undefined && isRules) await addFile(entry, stats, walk, walk.files);
  else if (stats !== undefined && isCatalogue) await addFile(entry, stats, walk, walk.catalogues);
}

async function addFile(entry: Entry, stats: BigIntStats, walk: Walk, to: RulesFile[]): Promise<void> {
  // Opening a pipe would wait for ever.
  if (!stats.isFile()) return void walk.unreadable.push(`${entry.shown}: is not a file`);
  const real = await attempt(entry, walk, () => realpath(entry.path));
  if (real === undefined || walk.seen.has(real)) return;
  walk.seen.add(real);
  to.push({ ...entry, real });
}

async function look(entry: Entry, walk: Walk): Promise<BigIntStats | undefined> {
  const stats = await attempt(entry, walk, () => stat(entry.path, { bigint: true }));
  if (stats === undefined) return undefined;
  const { dev, ino, size, mtimeNs, ctimeNs } = stats;
  // A folder's own size and times also change with files that are none of ours.
  const state = stats.isDirectory() ? [dev, ino] : [dev, ino, size, mtimeNs, ctimeNs];
  walk.stamps.push([entry.path, ...state].join("\0"));
  return stats;
}

async function attempt<T>(entry: Entry, walk: Walk, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const reason = reasonOf(error);
    const why = codeOf(error) === "ENOENT" ? await reasonOfMissing(entry, reason) : reason;
    walk.unreadable.push(`${entry.shown}: ${why}`);
    return undefined;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "permission denied",
  ELOOP: "its symbolic links lead in a circle",
  ENOTDIR: "a part of its path is not a folder",
};

export function reasonOf(error: unknown): string {
  const code = codeOf(error) ?? String(error);
  return REASONS[code] ?? code;
}
