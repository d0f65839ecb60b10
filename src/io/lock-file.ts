// `mcprules.lock` on disk: where it lies, read with what is wrong with it, and written whole or not at all.
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type CatalogueLock, lockText, readLock } from "../mcp/catalogue-lock.ts";
import type { JsonValue } from "../mcp/json.ts";
import { replaceFile } from "./replace-file.ts";
import { parseDocument, placeAt } from "./settings/document.ts";
import { renderProblems } from "./settings/problem.ts";
import { codeOf } from "./thrown.ts";

const LOCK_FILE = "mcprules.lock";

export interface LockWhereabouts {
  /** The settings file, absolute: then the lock lies beside it, and nowhere else. */
  readonly settings: string | undefined;
  /** Files and folders of rules, absolute: without a settings file the lock lies in such a folder, or beside it. */
  readonly rules: readonly string[];
}

/** Where a lock may lie, absolute, and which of them counts: the first that is there. */
export function lockPlaces({ settings, rules }: LockWhereabouts): readonly string[] {
  if (settings !== undefined) return [join(dirname(settings), LOCK_FILE)];
  const folders = rules.flatMap((path) => (isFolder(path) ? [path, dirname(path)] : [dirname(path)]));
  return [...new Set(folders)].map((folder) => join(folder, LOCK_FILE));
}

export type LockFileReading =
  | { readonly kind: "none" }
  | {
      readonly kind: "lock";
      readonly lock: CatalogueLock;
      /** Absolute. */
      readonly path: string;
      readonly text: string;
    }
  /** `report` says what is wrong, where, and what to do. */
  | { readonly kind: "damaged"; readonly report: string; readonly path: string; readonly text: string };

export function readLockFile(places: readonly string[]): LockFileReading {
  for (const path of places) {
    const text = textOf(path);
    if (text !== undefined) return typeof text === "string" ? readText(path, text) : damaged(path, "", text.reason);
  }
  return { kind: "none" };
}

/** Whoever reads it meanwhile has the old one or the new one. Written only if it says something new. Throws what the system says. */
export function writeLockFile(path: string, lock: CatalogueLock): void {
  const text = lockText(lock);
  if (textOf(path) === text) return;
  replaceFile(path, text);
}

export function digest(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** `undefined`: there is none. */
function textOf(path: string): string | undefined | { readonly reason: string } {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const code = codeOf(error) ?? "";
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    return { reason: error instanceof TypeError ? "it is not UTF-8" : code };
  }
}

function readText(path: string, text: string): LockFileReading {
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    return damaged(path, text, "it is no JSON", brokenAt(text));
  }
  const reading = readLock(value, digest);
  if (reading.kind === "lock") return { kind: "lock", lock: reading.lock, path, text };
  const document = parseDocument(text);
  return damaged(
    path,
    text,
    reading.reason,
    document.kind === "document" ? placeAt(document.document, reading.at) : {},
  );
}

/** A merge that was left half done, most of the time. */
function brokenAt(text: string): { readonly line?: number; readonly column?: number } {
  const reading = parseDocument(text);
  return reading.kind === "broken" ? reading.mistake.place : {};
}

function damaged(
  path: string,
  text: string,
  reason: string,
  { line = 1, column = 1 }: { readonly line?: number; readonly column?: number } = {},
): LockFileReading {
  const file = shownPath(path);
  const message = `the lock cannot be used: ${reason}`;
  const help = "`mcprules lock` writes it anew, from what the servers offer now";
  return { kind: "damaged", report: renderProblems([{ file, line, column, path: "", message, help }]), path, text };
}

/** As one would type it. */
export function shownPath(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}
