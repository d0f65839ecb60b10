// A file that gets new content whole or not at all: whoever reads it meanwhile has the old one or the new one.
import { randomUUID } from "node:crypto";
import {
  accessSync,
  chmodSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { codeOf } from "./thrown.ts";

/**
 * Throws what the system says; then it is what it was. A link stays one: what it leads to is replaced. `mode`: its permissions from
 * the first byte on, whatever the old one's were; absent: the old one's, or as the system makes files.
 */
export function replaceFile(path: string, text: string, mode?: number): void {
  const old = statSync(path, { throwIfNoEntry: false });
  if (old === undefined || mode !== undefined) putInPlace(path, text, mode);
  else rewrite(realpathSync(path), text, old);
}

/** Where nothing can stand beside it, such as a file that is mounted alone into a container, it is written as it lies there. */
function rewrite(path: string, text: string, old: Stats): void {
  accessSync(path, constants.W_OK);
  try {
    if (isReplaceable(old)) return putInPlace(path, text, old.mode & PERMISSIONS);
  } catch (error) {
    if (!STANDS_ALONE.has(codeOf(error) ?? "")) throw error;
  }
  writeFileSync(path, text);
}

/** Else one in its place would not be the same: it has other names, or another owner, or is no file at all. */
function isReplaceable(old: Stats): boolean {
  return old.isFile() && old.nlink === 1 && old.uid === (process.getuid?.() ?? old.uid);
}

function putInPlace(path: string, text: string, mode: number | undefined): void {
  const draft = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(draft, text, { flag: "wx", ...(mode !== undefined && { mode }) });
    // The mode above is cut down by the umask, never widened.
    if (mode !== undefined) chmodSync(draft, mode);
    renameSync(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}

const PERMISSIONS = 0o7777;
const STANDS_ALONE: ReadonlySet<string> = new Set(["EACCES", "EPERM", "EROFS", "EBUSY", "EXDEV"]);
