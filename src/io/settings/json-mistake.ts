// What is wrong with a text that is not JSON, in an author's words: what the parser met, and what is missing before it.
import { type Token, tokenize } from "@humanwhocodes/momoa";
import { messageOf } from "../thrown.ts";

export interface JsonMistake {
  /** 1-based. */
  readonly place: { readonly line: number; readonly column: number };
  readonly message: string;
  readonly help?: string;
}

/** What the parser calls its tokens, as an author knows them. */
const TOKENS: Readonly<Record<string, string>> = {
  LBrace: "`{`",
  RBrace: "`}`",
  LBracket: "`[`",
  RBracket: "`]`",
  Comma: "`,`",
  Colon: "`:`",
  String: "text",
  Number: "number",
  Boolean: "`true` or `false`",
  Null: "`null`",
};
const VALUE_BEGINS = new Set(["String", "Number", "Boolean", "Null", "LBrace", "LBracket"]);
const VALUE_ENDS = new Set(["String", "Number", "Boolean", "Null", "RBrace", "RBracket"]);
const TOO_EARLY = "the file ends too early";

/** `error`: what the parser threw of `text`. */
export function jsonMistake(error: unknown, text: string): JsonMistake {
  const { line = 1, column = 1, offset = 0 } = Object(error) as { line?: number; column?: number; offset?: number };
  const { what, help } = whatOf(messageOf(error), text, offset);
  const message = what === undefined ? "this is not JSON" : `this is not JSON: ${what}`;
  return { place: { line, column }, message, ...(help === undefined ? {} : { help }) };
}

function whatOf(said: string, text: string, offset: number): { readonly what?: string; readonly help?: string } {
  if (said.startsWith("Unexpected end")) return { what: TOO_EARLY };
  const [, token] = /^Unexpected token (\w+) found/.exec(said) ?? [];
  if (token !== undefined) return { what: atToken(token, text, offset) };
  const [, character] = /^Unexpected character '(.+)' found/su.exec(said) ?? [];
  if (character === undefined) return {};
  const help = /['\p{L}]/u.test(character) ? { help: 'names and texts stand between double quotes: `"…"`' } : {};
  return { what: `unexpected character \`${character}\``, ...help };
}

function atToken(token: string, text: string, offset: number): string {
  // The parser blames the last bracket when nothing follows it.
  if (token.startsWith("L") && /[[{]\s*$/.test(text)) return TOO_EARLY;
  const missing = missingBefore(token, tokenize(text.slice(0, offset), { mode: "jsonc" }));
  const met = TOKENS[token] ?? token;
  return missing === undefined ? `unexpected ${met}` : `\`${missing}\` is missing before this ${met}`;
}

/** `before`: the tokens up to the one that nobody expected. */
function missingBefore(token: string, before: readonly Token[]): "," | ":" | undefined {
  const types = before.map(({ type }) => type).filter((type) => !type.endsWith("Comment"));
  const within = innermost(types);
  const last = types.at(-1) ?? "";
  if (within === undefined || !VALUE_BEGINS.has(token) || !VALUE_ENDS.has(last)) return undefined;
  const isName = last === "String" && within === "LBrace" && /^(?:LBrace|Comma)$/.test(types.at(-2) ?? "");
  return isName ? ":" : ",";
}

/** The bracket that is still open. */
function innermost(types: readonly string[]): string | undefined {
  const open: string[] = [];
  for (const type of types) {
    if (type.startsWith("L")) open.push(type);
    else if (type.startsWith("RB")) open.pop();
  }
  return open.at(-1);
}
