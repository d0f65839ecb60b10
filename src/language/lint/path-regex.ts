// Regular expressions over paths: they see a path as it is written, and a glob sees every reading of it.
import { compileRegex } from "../../expression/regex/regex.ts";
import { sampleOf } from "../../expression/regex/regex-sample.ts";

/** The glob to write instead of a regular expression that lets a path with `..` through; `undefined`: it lets none, or nobody knows. */
export function globInsteadOf(source: string, flags: string): string | undefined {
  const sample = sampleOf(source, flags);
  const compiled = compileRegex(source, flags);
  if (sample === undefined || compiled.kind !== "regex" || !ROOTED.test(sample)) return undefined;
  if (sample.length > LONGEST) return undefined;
  const places = Array.from({ length: sample.length }, (_, index) => index + 1);
  const isClimbed = places.some((at) => compiled.regex.test(`${sample.slice(0, at)}/../${sample.slice(at)}`));
  return isClimbed ? globOf(source) : undefined;
}

/** Longer ones would have to be tried in too many places. */
const LONGEST = 200;

/** What else holds a `/` has no root to be read from, or more parts than a path. */
const ROOTED = /^(?:[/~]|[A-Za-z]:[/\\]|file:)/i;

/** The folders that it begins with. */
function globOf(source: string): string {
  const folders = /^\^?((?:\\?[/.]|[\w ~:-])*\w\\?\/)/.exec(source)?.[1];
  return folders === undefined ? "/what/is/open/**" : `${folders.replaceAll("\\", "")}**`;
}
