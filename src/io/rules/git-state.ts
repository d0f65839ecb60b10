// What git says of a rules tree: whether it is at work in it, and which commit stands there.
import { execFile } from "node:child_process";
import { readFile, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** The path of a lock that git holds while it changes the working tree around one of `paths`. */
export async function gitAtWork(paths: readonly string[]): Promise<string | undefined> {
  const folders = new Set(await Promise.all(paths.map(gitFolderOf)));
  for (const folder of folders) {
    const lock = folder === undefined ? undefined : join(folder, "index.lock");
    if (lock !== undefined && (await isThere(lock))) return lock;
  }
  return undefined;
}

/**
 * `1a2b3c4d5e6f`, with `-dirty` when a rules file differs from it; `undefined` outside of git, or without the program.
 * Several roots in several places: each commit once, joined by `+`.
 */
export async function commitOf(roots: readonly string[]): Promise<string | undefined> {
  const commits = await Promise.all(roots.map(commitOfRoot));
  const known = new Set(commits.filter((commit) => commit !== undefined));
  return known.size === 0 ? undefined : [...known].join("+");
}

async function commitOfRoot(root: string): Promise<string | undefined> {
  try {
    const real = await realpath(root);
    const isFolder = (await stat(real)).isDirectory();
    const folder = isFolder ? real : dirname(real);
    if ((await gitFolderOf(folder)) === undefined) return undefined;
    const files = isFolder ? ":(glob)**/*.mcprules" : `:(literal)${basename(real)}`;
    return commitFrom(await git(folder, ["status", ...STATUS, "--", files]));
  } catch {
    return undefined;
  }
}

/** Everything that is not exactly as committed, files that git is told to ignore included. */
const STATUS = ["--porcelain=v2", "--branch", "--untracked-files=all", "--ignored=matching"];

function commitFrom(status: string): string | undefined {
  const lines = status.split("\n").filter((line) => line !== "");
  const commit = /^# branch\.oid ([0-9a-f]{12})/m.exec(status)?.[1];
  if (commit === undefined) return undefined;
  return lines.every((line) => line.startsWith("#")) ? commit : `${commit}-dirty`;
}

/** Never takes a lock, runs no hook and no monitor, and does not look at another repository than the one around `folder`. */
function git(folder: string, args: readonly string[]): Promise<string> {
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const options = {
    cwd: folder,
    timeout: 2000,
    maxBuffer: 4 * 1024 * 1024,
    env: { ...Object.fromEntries(environment), LC_ALL: "C" },
  };
  return new Promise((done, failed) => {
    execFile("git", ["--no-optional-locks", "-c", "core.fsmonitor=false", ...args], options, (error, stdout) => {
      if (error === null) done(stdout);
      else failed(error);
    });
  });
}

/** The `.git` of the repository around `path`; in a linked working tree the folder its `.git` file names. */
async function gitFolderOf(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const candidate = join(folder, ".git");
    const found = await stat(candidate).catch(() => undefined);
    if (found?.isDirectory() === true) return candidate;
    if (found?.isFile() === true) return linkedFolder(folder, await readFile(candidate, "utf8").catch(() => ""));
    if (dirname(folder) === folder) return undefined;
  }
}

function linkedFolder(folder: string, text: string): string | undefined {
  const target = /^gitdir: (.+)$/m.exec(text)?.[1];
  return target === undefined ? undefined : resolve(folder, target.trim());
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
