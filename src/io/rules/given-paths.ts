// What of an argument may be a path: as it is written, and as a shell, or the program itself, reads it.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

export interface GivenPath {
  readonly written: string;
  /** Absolute. */
  readonly path: string;
}

/** Whom the argument is given to. */
export interface Receiver {
  readonly cwd: string;
  /** What `~` stands for. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Any argument may be a path, as may a part of one (`--allow=/home`, `/home:/data`) and a word of one (`sh -c "serve ~"`). */
export function pathsGiven(argument: string, receiver: Receiver): readonly GivenPath[] {
  return [argument, ...wordsOf(argument)].flatMap(partsOf).flatMap((written) =>
    readingsOf(written, receiver)
      .filter((reading) => reading !== "" && !reading.includes("\0"))
      .map((reading) => ({ written, path: resolve(receiver.cwd, reading) })),
  );
}

/** As a shell parts them. `//` begins a comment of a program more often than it is the root of all files. */
function wordsOf(argument: string): readonly string[] {
  if (!/\s/.test(argument)) return [];
  // A bracket belongs to `$(…)` or `(…)`, one of `${NAME}` to the name.
  const words = argument.split(/[\s"'`;&|<>]+/).map((word) => word.replaceAll(/^\$?\(+|\)+$/g, ""));
  return words.filter((word) => word !== "//");
}

function partsOf(word: string): readonly string[] {
  if (word.startsWith("file://")) return filePath(word);
  return [...new Set([word, ...word.split(/[=:,;]/)])];
}

function filePath(url: string): readonly string[] {
  try {
    return [fileURLToPath(url)];
  } catch {
    return [];
  }
}

function readingsOf(written: string, receiver: Receiver): readonly string[] {
  const filled = written.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (_whole, braced: string | undefined, bare: string | undefined) => variable(braced ?? bare ?? "", receiver),
  );
  return [...new Set([written, /^~(?:\/|$)/.test(filled) ? `${receiver.home}${filled.slice(1)}` : filled])];
}

function variable(name: string, { cwd, home, env }: Receiver): string {
  if (name === "HOME") return home;
  return name === "PWD" ? cwd : (env[name] ?? "");
}
