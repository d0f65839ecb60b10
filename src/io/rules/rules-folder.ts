// Reading the whole tree of a policy as it stood at one moment: again and again, until two readings agree.
import { createHash, type Hash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { SourceText } from "../../source/source-text.ts";
import { gitAtWork } from "./git-state.ts";
import { type LockFileReading, readLockFile } from "../lock-file.ts";
import { reasonOf, type RulesFile, type RulesRoot, type RulesTree, walkRules } from "./rules-tree.ts";

export interface RulesReading {
  readonly sources: readonly SourceText[];
  /** PO files of translations. */
  readonly catalogues: readonly SourceText[];
  /** What cannot be read, and why. Not empty: there is no policy to be had from this. */
  readonly unreadable: readonly string[];
  /** What the servers had when somebody last wrote it down. */
  readonly lock: LockFileReading;
  /** Of names and contents, those of the lock included, 64 hexadecimal digits; the same wherever the tree lies. */
  readonly hash: string;
  readonly tree: RulesTree;
}

export interface Patience {
  /** Where the catalogue lock may lie, absolute; absent: nowhere. */
  readonly locks?: readonly string[];
  /** Between two readings that have to agree. */
  readonly quietMs: number;
  /** How long a tree has to hold still in which a file ends without a line end, or is empty: its writer may be at work. */
  readonly unfinishedMs?: number;
  /** After this long without agreement, `onWaiting` is called, once, with what is waited for. */
  readonly patienceMs: number;
  readonly onWaiting: (reason: string) => void;
  readonly signal?: AbortSignal;
}

/** Goes on until the tree holds still; only `signal` ends it earlier, by rejecting. */
export async function readRules(roots: readonly RulesRoot[], patience: Patience): Promise<RulesReading> {
  const started = performance.now();
  let hasTold = false;
  let before = await readOnce(roots, patience);
  let stillSince = performance.now();
  for (;;) {
    await delay(patience.quietMs, undefined, { signal: patience.signal });
    const after = await readOnce(roots, patience);
    const lock = await gitAtWork([...roots.map((root) => root.path), ...after.tree.folders]);
    if (!isSame(before, after)) stillSince = performance.now();
    else if (lock === undefined && isStillEnough(after, stillSince, patience)) return after;
    before = after;
    if (hasTold || performance.now() - started < patience.patienceMs) continue;
    hasTold = true;
    const why = lock === undefined ? "the rules keep changing" : `git is at work: \`${lock}\` exists`;
    patience.onWaiting(`${why}; waiting until they hold still`);
  }
}

function isSame(one: RulesReading, other: RulesReading): boolean {
  return one.hash === other.hash && one.tree.fingerprint === other.tree.fingerprint;
}

function isStillEnough(reading: RulesReading, since: number, { unfinishedMs = 0 }: Patience): boolean {
  const texts = [...reading.sources, ...reading.catalogues];
  return performance.now() - since >= unfinishedMs || texts.every(({ text }) => text.endsWith("\n"));
}

/** A policy is text; what is larger than this is something else, 16 MiB. */
const LARGEST = 16 * 1024 * 1024;

async function readOnce(roots: readonly RulesRoot[], { locks = [] }: Patience): Promise<RulesReading> {
  const tree = await walkRules(roots, locks);
  const lock = readLockFile(locks);
  const hash = createHash("sha256");
  const unreadable = [...tree.unreadable];
  const sources = await readTexts(tree.files, hash, unreadable);
  const catalogues = await readTexts(tree.catalogues, hash, unreadable);
  for (const line of unreadable) hash.update(line);
  if (lock.kind !== "none") hash.update(`lock ${Buffer.byteLength(lock.text)} `).update(lock.text);
  return { sources, catalogues, unreadable, lock, hash: hash.digest("hex"), tree };
}

async function readTexts(
  files: readonly RulesFile[],
  hash: Hash,
  unreadable: string[],
): Promise<readonly SourceText[]> {
  const texts: SourceText[] = [];
  for (const { shown, path, inTree } of files) {
    try {
      const bytes = await readFile(path);
      // Lengths first, or a file could be taken for the end of one and the start of another.
      hash.update(`${Buffer.byteLength(inTree)} ${bytes.length} ${inTree}`).update(bytes);
      if (bytes.length > LARGEST) unreadable.push(`${shown}: is larger than ${LARGEST} bytes`);
      else texts.push({ path: shown, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) });
    } catch (error) {
      unreadable.push(`${shown}: ${error instanceof TypeError ? "is not UTF-8" : reasonOf(error)}`);
    }
  }
  return texts;
}
