// Regular expressions read into a tree: the part of the syntax that JavaScript and RE2 share, and clear words for the rest.
import { RegexReader } from "./regex-reader.ts";
import { DEEPEST_NESTING, LARGEST_PROGRAM, RegexProblem, type RegexNode } from "./regex-tree.ts";

export type ParsedRegex =
  | { readonly kind: "parsed"; readonly node: RegexNode; readonly groups: number }
  | { readonly kind: "problem"; readonly message: string; readonly offset: number };

export function parseRegex(source: string, flags: string): ParsedRegex {
  try {
    return { kind: "parsed", ...parse(source, checkedFlags(source, flags)) };
  } catch (problem) {
    if (!(problem instanceof RegexProblem)) throw problem;
    return { kind: "problem", message: problem.message, offset: problem.offset };
  }
}

function checkedFlags(source: string, flags: string): string {
  const strange = /[^ims]/.exec(flags);
  if (strange)
    throw new RegexProblem(`there is no flag \`${strange[0]}\`; flags are \`i\`, \`m\` and \`s\``, source.length);
  if (new Set(flags).size < flags.length) throw new RegexProblem("a flag stands twice", source.length);
  return flags;
}

function parse(source: string, flags: string): { node: RegexNode; groups: number } {
  const reader = new RegexReader(source, flags);
  const names = new Set<string>();
  let groups = 0;
  let depth = 0;
  const whole = readOptions();
  if (!reader.isAtEnd) throw new RegexProblem("a `)` without its `(`", reader.offset);
  if (sizeOf(whole) > LARGEST_PROGRAM) throw new RegexProblem("too large", 0);
  return { node: whole, groups };

  function readOptions(): RegexNode {
    const options = [readSequence()];
    while (reader.take("|")) options.push(readSequence());
    const [only] = options;
    return options.length === 1 && only ? only : { kind: "either", options };
  }

  function readSequence(): RegexNode {
    const parts: RegexNode[] = [];
    while (!reader.isAtEnd && !reader.sees("|") && !reader.sees(")")) parts.push(readPart());
    const [only] = parts;
    return parts.length === 1 && only ? only : { kind: "sequence", parts };
  }

  function readPart(): RegexNode {
    const start = reader.offset;
    const body = readAtom();
    const repeat = reader.takeRepeat();
    if (!repeat) return body;
    if (body.kind === "assertion") throw new RegexProblem("there is nothing to repeat here", start);
    const node: RegexNode = { kind: "repeat", body, ...repeat };
    if (sizeOf(node) > LARGEST_PROGRAM) throw new RegexProblem("too large once its repeats are written out", start);
    return node;
  }

  function readAtom(): RegexNode {
    const start = reader.offset;
    if (!reader.take("(")) return reader.takeSimple();
    const name = reader.takeGroupStart(start);
    if (name !== undefined && name !== "" && names.has(name)) {
      throw new RegexProblem(`two groups are called \`${name}\``, start);
    }
    if (name !== undefined) {
      groups += 1;
      names.add(name);
    }
    depth += 1;
    if (depth > DEEPEST_NESTING) throw new RegexProblem("groups are nested too deeply", start);
    const body = readOptions();
    depth -= 1;
    if (!reader.take(")")) throw new RegexProblem("a `(` without its `)`", start);
    return name === undefined ? body : { kind: "group", body };
  }
}

function sizeOf(node: RegexNode): number {
  switch (node.kind) {
    case "class":
    case "assertion":
      return 1;
    case "sequence":
      return node.parts.reduce((sum, part) => sum + sizeOf(part), 0);
    case "either":
      return node.options.reduce((sum, option) => sum + sizeOf(option), 1);
    case "group":
      return 2 + sizeOf(node.body);
    case "repeat":
      return 1 + sizeOf(node.body) * Math.max(1, Number.isFinite(node.max) ? node.max : node.min);
  }
}
