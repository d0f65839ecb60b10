// Regular expressions over paths: they see a path as it is written, and a glob sees every reading of it.
import { compileRegex } from "../../expression/regex/regex.ts";
import { sampleOf } from "../../expression/regex/regex-sample.ts";

export interface Folder {
  readonly glob: string;
  /** The regular expression asks for nothing else. */
  readonly isAll: boolean;
}

/** The folder of a regular expression that lets a path with `..` out of it; `undefined`: it lets none, or nobody knows. */
export function folderOf(source: string, flags: string): Folder | undefined {
  const sample = sampleOf(source, flags);
  const compiled = compileRegex(source, flags);
  if (sample === undefined || compiled.kind !== "regex" || !isRooted(sample)) return undefined;
  if (sample.length > LONGEST) return undefined;
  const places = Array.from({ length: sample.length }, (_, index) => index + 1);
  const isClimbed = places.some((at) => compiled.regex.test(`${sample.slice(0, at)}/../${sample.slice(at)}`));
  const [whole, folder = ""] = FOLDER.exec(source) ?? [];
  if (!isClimbed || whole === undefined || isEither(source)) return undefined;
  const rest = source.slice(whole.length);
  return { glob: `${folder.replaceAll("\\", "")}**`, isAll: /^(?:\.[*+]\$?)?$/.test(rest) };
}

/** Longer ones would have to be tried in too many places. */
const LONGEST = 200;

/** What else holds a `/` has no root to be read from, or more parts than a path. */
const ROOTED = /^(?:[/~]|[A-Za-z]:[/\\]|file:)/i;

/** A blank, brackets and `//` are of commands, expressions and addresses. */
function isRooted(sample: string): boolean {
  return ROOTED.test(sample) && !/[\s[(]|\/\//.test(sample.replace(/^file:\/\//i, ""));
}

/** The folders that it begins with, letter by letter. */
const FOLDER = /^\^?((?:\\?[/.]|[\w~:-])*\w\\?\/)(?![?*+{])/;

function isEither(source: string): boolean {
  return source.replaceAll(/\([^()]*\)|\[[^\]]*\]/g, "").includes("|");
}
