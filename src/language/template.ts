// Reasons and log lines with `{fields}` in them: `{{` is a brace, `{params.arguments.to}` a value of the message.
import { parsePath } from "../expression/path.ts";
import type { Template } from "./compiled-policy.ts";

export type ReadTemplate =
  | { readonly kind: "template"; readonly template: Template }
  /** The piece of the text that cannot be read. */
  | { readonly kind: "mistake"; readonly piece: string };

export function readTemplate(text: string): ReadTemplate {
  const pieces: Template[number][] = [];
  let literal = "";
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const [image = "", field] = PIECE.exec(text) ?? [];
    if (image === "") return { kind: "mistake", piece: text.slice(at).replace(/\}.*$/s, "}") };
    at += image.length;
    if (field === undefined) {
      literal += image === "{{" ? "{" : image;
      continue;
    }
    if (literal !== "") pieces.push({ kind: "text", text: literal });
    literal = "";
    pieces.push({ kind: "field", path: parsePath(field) });
  }
  if (literal !== "") pieces.push({ kind: "text", text: literal });
  return { kind: "template", template: pieces };
}

const PIECE =
  /\{\{|\{([A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_-]*|\[(?:[0-9]+|\*|"(?:[^"\\]|\\["\\/bfnrt]|\\u[0-9A-Fa-f]{4})*")\])*)\}|[^{]+/y;
