// How a policy file begins: `mcprules 1`.
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import { nearest } from "../../source/nearest.ts";
import { spanOfToken } from "../tree/cst.ts";
import type { Token } from "./lexer.ts";
import { parseTokens } from "../grammar/parser.ts";
import { error } from "../report.ts";
import { ITEM_WORDS } from "../words.ts";

export interface FileStart {
  /** The tokens behind it. */
  readonly items: readonly Token[];
  readonly diagnostics: readonly Diagnostic[];
}

export function checkFileStart(tokens: readonly Token[], source: SourceText): FileStart {
  const [first, second] = tokens;
  if (first === undefined) return missing(tokens, { file: source.path, start: 0, end: 0 }, "this file is empty");
  if (parseTokens(tokens.slice(0, 2), "file").kind === "tree") return checkVersion(tokens, second?.image ?? "", source);
  if (first.image === "mcprules") return withoutVersion(tokens, source);
  if (source.text.trimStart().startsWith("{")) {
    const span = { file: source.path, start: first.startOffset, end: first.startOffset + 1 };
    const help = "a settings file goes behind `--config`; a policy begins with `mcprules 1`";
    return { items: [], diagnostics: [error("MR203", span, "this is JSON, and no policy", help)] };
  }
  if (isYaml(first)) {
    return missing([], spanOfToken(first, source.path), "this is YAML, and no policy", YAML_HELP);
  }
  const meant = nearest(first.image, ["mcprules"]) === undefined ? tokens : tokens.slice(1);
  const items = meant !== tokens && second?.isFirstOnLine === false ? tokens.slice(2) : meant;
  return missing(items, spanOfToken(first, source.path), "this file does not begin with `mcprules 1`");
}

const VERSION = "1";
const HELP = "put `mcprules 1` on its first line";
const YAML_HELP =
  'a policy begins with `mcprules 1`; below it stand `default allow`, and rules such as `rule no-deletes when tool delete_* block "No deletes."`';

/** `---`, `- id: …`, `rules:`; but `default:` is a slip. */
function isYaml({ image }: Token): boolean {
  if (/^(?:-|---)$/.test(image)) return true;
  const key = /^([A-Za-z_][\w-]*):$/.exec(image)?.[1];
  return key !== undefined && !ITEMS.has(key) && nearest(key, ["mcprules"]) === undefined;
}

const ITEMS: ReadonlySet<string> = new Set(ITEM_WORDS);

function checkVersion(tokens: readonly Token[], version: string, source: SourceText): FileStart {
  const items = tokens.slice(2);
  const [, token] = tokens;
  if (version === VERSION || token === undefined) return { items, diagnostics: [] };
  const span = spanOfToken(token, source.path);
  const message = `version \`${version}\` of the language is not known here`;
  return { items, diagnostics: [error("MR203", span, message, `this mcprules reads version ${VERSION}`)] };
}

/** `mcprules` with something else, or nothing, beside it. */
function withoutVersion(tokens: readonly Token[], source: SourceText): FileStart {
  const [first, second] = tokens;
  const isWrong = second !== undefined && !second.isFirstOnLine;
  const at = isWrong ? second : first;
  const span = at === undefined ? { file: source.path, start: 0, end: 0 } : spanOfToken(at, source.path);
  const help = second?.image === `${VERSION};` ? "nothing ends a line: write `mcprules 1`" : HELP;
  return missing(tokens.slice(isWrong ? 2 : 1), span, "the version of the language is missing", help);
}

function missing(items: readonly Token[], span: Diagnostic["span"], message: string, help = HELP): FileStart {
  return { items, diagnostics: [error("MR203", span, message, help)] };
}
