// A page of the docs, read for what it promises: its policies, settings, commands and outputs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface Block {
  /** `mcprules`, `json`, `console`, `sh`, or empty. */
  readonly language: string;
  /** The words after the language: a file name, `host`, `error`. */
  readonly words: readonly string[];
  readonly text: string;
  /** Of the opening fence, from 1. */
  readonly line: number;
}

export interface Command {
  /** After `$ `. */
  readonly line: string;
  readonly output: string;
}

export function blocksOf(page: string): readonly Block[] {
  const blocks: Block[] = [];
  let open:
    | { readonly indent: string; readonly info: string; readonly line: number; readonly lines: string[] }
    | undefined;
  for (const [index, line] of readFileSync(join(ROOT, page), "utf8").split("\n").entries()) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (!fence) {
      open?.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    } else if (open) {
      const [language = "", ...words] = open.info.split(" ");
      blocks.push({ language, words, line: open.line, text: `${open.lines.join("\n")}\n` });
      open = undefined;
    } else {
      open = { indent: fence[1] ?? "", info: fence[2] ?? "", line: index + 1, lines: [] };
    }
  }
  return blocks;
}

/** The name of the file that a block shows, if it shows one. */
export function fileOf(block: Block): string | undefined {
  return block.words.find((word) => word.includes("."));
}

export function commandsOf(block: Block): readonly Command[] {
  return block.text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf("\n");
      return { line: part.slice(0, end), output: part.slice(end + 1) };
    });
}
