// Notices that the rules changed, by whatever means, and hands over each state they come to rest in.
import type { FSWatcher } from "chokidar";
import { readlink, realpath } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type RulesReading, readRules } from "./rules-folder.ts";
import { type RulesRoot, walkRules } from "./rules-tree.ts";

export interface RulesWatcher {
  close(): Promise<void>;
}

export interface WatchEvents {
  /** Where the catalogue lock may lie, absolute; absent: nowhere. */
  readonly locks?: readonly string[];
  /** The tree holds still and differs from the last one handed over. The next look waits until this is done. */
  readonly onReading: (reading: RulesReading) => Promise<void>;
  /** For people: what a reload has been waiting for since a while. */
  readonly onWaiting: (reason: string) => void;
}

/** A look every so often whatever the operating system tells; it misses changes behind links, on network drives, in containers. */
const LOOK_EVERY_MS = 500;
/** Events come in bunches; this long after the last one of a bunch, at most `LOOK_EVERY_MS` after the first, we look. */
const DEBOUNCE_MS = 40;
/** Two readings this far apart have to agree. */
const QUIET_MS = 60;
/** A second, less what all else of a reload may take. */
const UNFINISHED_MS = 250;
const PATIENCE = { quietMs: QUIET_MS, unfinishedMs: UNFINISHED_MS, patienceMs: 5000 };

/** `first`: what is in force when the watch begins. */
export function watchRules(roots: readonly RulesRoot[], first: RulesReading, events: WatchEvents): RulesWatcher {
  const { locks = [], onWaiting } = events;
  const over = new AbortController();
  const signal = over.signal;
  let last = first;
  let looking: Promise<void> | undefined;
  let shouldLookAgain = false;
  let debounce: NodeJS.Timeout | undefined;

  const look = async (): Promise<void> => {
    const tree = await walkRules(roots, locks);
    if (tree.fingerprint === last.tree.fingerprint) return;
    const reading = await readRules(roots, { ...PATIENCE, locks, onWaiting, signal });
    const isNew = reading.hash !== last.hash;
    last = reading;
    if (isNew) await events.onReading(reading);
    await signs.follow(roots, reading);
  };
  const lookSoon = (): void => {
    if (signal.aborted) return;
    shouldLookAgain = true;
    looking ??= lookWhileAsked().finally(() => (looking = undefined));
  };
  const lookWhileAsked = async (): Promise<void> => {
    while (shouldLookAgain && !signal.aborted) {
      shouldLookAgain = false;
      await look().catch(ignoreAbort);
    }
  };
  const signs = watchSigns(() => {
    debounce ??= setTimeout(() => {
      debounce = undefined;
      lookSoon();
    }, DEBOUNCE_MS).unref();
  });
  const regular = setInterval(lookSoon, LOOK_EVERY_MS).unref();
  void signs.follow(roots, first);
  return {
    close: async () => {
      over.abort();
      clearInterval(regular);
      clearTimeout(debounce);
      await Promise.all([looking, signs.close()]);
    },
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}

interface Signs {
  /** Watches what the tree consists of now, and the folders in which its roots and links stand. */
  follow(roots: readonly RulesRoot[], reading: RulesReading): Promise<void>;
  close(): Promise<void>;
}

/** chokidar only ever says "look again": it forgets what a link leads to once the link has been replaced, so it is set anew each time. */
function watchSigns(onSign: () => void): Signs {
  let watcher: FSWatcher | undefined;
  let isClosed = false;
  return {
    follow: async (roots, reading) => {
      const [chokidar, paths] = await Promise.all([loadChokidar(), watchedPaths(roots, reading)]);
      await watcher?.close();
      if (isClosed || chokidar === undefined) return;
      const isOfInterest = interestIn(paths);
      watcher = chokidar.watch([...paths.folders], {
        depth: 0,
        ignoreInitial: true,
        followSymlinks: false,
        ignored: (path) => !isOfInterest(path),
      });
      watcher.on("all", onSign);
      // The regular look goes on without it, for instance when the system has no watches left.
      watcher.on("error", () => undefined);
    },
    close: async () => {
      isClosed = true;
      await watcher?.close();
    },
  };
}

/** `undefined`: the package was taken away or replaced while we run. The regular look is enough. */
async function loadChokidar() {
  return import("chokidar").catch(() => undefined);
}

interface WatchedPaths {
  /** Everything in these counts. */
  readonly inside: ReadonlySet<string>;
  /** Of what lies beside the rules, only these do. */
  readonly alone: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

function interestIn({ inside, alone, folders }: WatchedPaths): (path: string) => boolean {
  return (path) => folders.has(path) || alone.has(path) || inside.has(dirname(path));
}

async function watchedPaths(roots: readonly RulesRoot[], reading: RulesReading): Promise<WatchedPaths> {
  const links = (await Promise.all(roots.map((root) => linkChain(root.path)))).flat();
  const inside = new Set(reading.tree.folders);
  const alone = new Set([
    ...links,
    ...[...reading.tree.files, ...reading.tree.catalogues].flatMap(({ path, real }) => [path, real]),
  ]);
  return { inside, alone, folders: new Set([...inside, ...[...alone].map((path) => dirname(path))]) };
}

/** `path`, and whatever its last part leads to, link by link, down to the real place. */
async function linkChain(path: string): Promise<readonly string[]> {
  const chain = [path];
  for (let at = path; chain.length < 40; chain.push(at)) {
    const target = await readlink(at).catch(() => undefined);
    if (target === undefined) break;
    at = resolve(dirname(at), target);
  }
  return [...chain, await realpath(path).catch(() => path)];
}
