// Whether a regular expression can only match the whole of a text: on every way from its first to its last character.
import { parseRegex } from "./regex-syntax.ts";
import type { RegexNode } from "./regex-tree.ts";

/** With `m`, `^` and `$` stand for a line, and a text may have several. */
export function matchesWholeOnly(source: string, flags: string): boolean {
  const parsed = parseRegex(source, flags);
  return (
    parsed.kind === "parsed" && !flags.includes("m") && isBound(parsed.node, "start") && isBound(parsed.node, "end")
  );
}

function isBound(node: RegexNode, edge: "start" | "end"): boolean {
  switch (node.kind) {
    case "assertion":
      return node.asserts === edge;
    case "either":
      return node.options.every((option) => isBound(option, edge));
    case "group":
      return isBound(node.body, edge);
    case "repeat":
      return node.min > 0 && isBound(node.body, edge);
    case "sequence": {
      const outermost = edge === "start" ? node.parts[0] : node.parts.at(-1);
      return outermost !== undefined && isBound(outermost, edge);
    }
    case "class":
      return false;
  }
}
