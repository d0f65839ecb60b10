// Signs of other pattern languages in quoted texts: here they are letters, and what is to be written instead.
import { kindOfGlob } from "../../expression/glob/glob-kind.ts";
import { folderOf } from "./path-regex.ts";

export interface Sign {
  /** What is a letter here. */
  readonly sign: string;
  readonly help: string;
}

/** In the name of a tool or a server, where hardly anything but letters, digits, `_`, `-` and `.` stands. */
export function signInName(text: string): Sign | undefined {
  const joint = /[^\s|,](\s*[|,]\s*)[^\s|,]/.exec(text)?.[1]?.trim();
  if (text.startsWith("!")) return NEGATION;
  if (isRegex(text)) return { sign: "^", help: `a regular expression stands between slashes: \`/${text}/\`` };
  if (text.includes("%")) return { sign: "%", help: `any text is \`*\`: ${quoted(text.replaceAll("%", "*"))}` };
  const options = optionsOf(text);
  if (options !== undefined) return { sign: "{", help: alternatives(options) };
  return joint === undefined ? undefined : { sign: joint, help: alternatives(text.split(/[|,]/)) };
}

/** In a value, where all of these may be meant as they stand: only those in a place where they make no sense. */
export function signInValue(text: string): Sign | undefined {
  if (/^!(?:[/~]|\*\*\/|\w+:\/\/)/.test(text)) return NEGATION;
  if (/^[/~][^|]*\|\s*[/~]/.test(text)) return { sign: "|", help: alternatives(text.split("|")) };
  if (isRegex(text)) {
    const regex = text.replaceAll("/", "\\/");
    const folder = folderOf(regex, "");
    const isFolder = folder?.isAll === true;
    const help = isFolder ? `write "${folder.glob}"` : `a regular expression stands between slashes: \`/${regex}/\``;
    return { sign: "^", help };
  }
  const home = /^\$(?:HOME\b|\{HOME\})(?=\/)/.exec(text)?.[0];
  if (home !== undefined)
    return { sign: home, help: `the home of the server is \`~\`: ${quoted(text.replace(home, "~"))}` };
  if (kindOfGlob(text) !== "path" && kindOfGlob(text) !== "url") return undefined;
  const options = optionsOf(text);
  if (options !== undefined) return { sign: "{", help: alternatives(options) };
  return /(?:[^/]\[(?:\w-\w)+\])|(?:\[(?:\w-\w)+\][^/])/.test(text)
    ? { sign: "[", help: "one letter is `?`; write the alternatives, or `*`" }
    : undefined;
}

/** `"$home"`, `"${home}/**"`: the name of a `let` where a path begins. Elsewhere a dollar is of the text itself. */
export function letInText(text: string, lets: ReadonlyMap<string, unknown>): Sign | undefined {
  const [, sign = "", plain, braced] = /^(?:[\w+.-]+:\/\/)?(\$(?:(\w+)|\{(\w+)\}))(?=[/\\]|$)/.exec(text) ?? [];
  const name = plain ?? braced ?? "";
  if (!lets.has(name)) return undefined;
  const help =
    sign === text ? `leave the quotes out: \`$${name}\`` : "write the whole pattern into the `let`, and its name here";
  return { sign, help };
}

const NEGATION: Sign = {
  sign: "!",
  help: "a pattern takes nothing out again: that is for `except`, or for a rule of its own",
};

function isRegex(text: string): boolean {
  return text.startsWith("^") && (text.endsWith("$") || /\.[*+]|\\/.test(text));
}

/** `{a,b}`, spelt out; `undefined`: there is no such list in it. */
function optionsOf(text: string): readonly string[] | undefined {
  const found = /^([^{]*)\{([^{},?&#+;][^{},]*(?:,[^{},]+)+)\}([^{]*)$/.exec(text);
  return found?.[2]?.split(",").map((option) => `${found[1] ?? ""}${option.trim()}${found[3] ?? ""}`);
}

function alternatives(texts: readonly string[]): string {
  return `write the alternatives: \`${texts.map((text) => quoted(text.trim())).join(" | ")}\``;
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
