// A TypeScript file as the house tests see it: its syntax tree from oxc-parser, every node with its parent and line.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** `path` from the root of the repository, with `/`: `src/engine/judge.ts`. */
export interface SourceText {
  readonly path: string;
  readonly text: string;
}

/** A node of the tree, of whatever type: what it holds is looked at, never trusted. */
export interface Node {
  readonly type: string;
  readonly line: number;
  /** Under which key of the parent it stands: `callee`, `property`; elements of a list have the key of the list. */
  readonly key: string;
  readonly parent: Node | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Every `*.ts` under a folder of the repository, sorted by path. */
export function readSources(folder: string): readonly SourceText[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length).replaceAll("\\", "/"))
    .toSorted()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}

/** All nodes of a file in the order of the text. Throws if it does not parse: a file that is not seen proves nothing. */
export function nodesOf({ path, text }: SourceText): readonly Node[] {
  const { program, errors } = parseSync(path, text, { preserveParens: false });
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors.map((error) => error.message).join("; ")}`);
  const nodes: Node[] = [];
  const lineAt = lineCounter(text);
  collect(program, "program", undefined);
  return nodes;

  function collect(value: unknown, key: string, parent: Node | undefined): void {
    if (Array.isArray(value)) for (const element of value) collect(element, key, parent);
    if (!isTreeNode(value)) return;
    const fields: Readonly<Record<string, unknown>> = { ...value };
    const node = { type: value.type, line: lineAt(value.start), key, parent, fields };
    nodes.push(node);
    for (const [name, child] of Object.entries(fields)) collect(child, name, node);
  }
}

export function textOf(value: unknown, field: string): string | undefined {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
  return typeof found === "string" ? found : undefined;
}

function isTreeNode(value: unknown): value is { readonly type: string; readonly start: number } {
  return (
    typeof value === "object" && value !== null && "type" in value && "start" in value && typeof value.type === "string"
  );
}

/** 1-based line of an offset; offsets come in ascending order nearly always, so the search starts where it stopped. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    if (offset < at) [line, at] = [1, 0];
    for (; at < offset; at += 1) if (text.charCodeAt(at) === 10) line += 1;
    return line;
  };
}
