// The names that an expression binds itself, and where they hold.
import type { JsonataNode } from "./jsonata-tree.ts";

/** Blocks, functions and paths have names of their own; a name holds before its value, since functions call themselves. */
export function namesWithin(node: JsonataNode, bound: Set<string>): Set<string> {
  if (node.type === "bind") bound.add(node.lhs.value);
  for (const name of [node.focus, node.index]) if (name !== undefined) bound.add(name);
  for (const stage of node.stages ?? []) if (stage.type === "index") bound.add(stage.value);
  if (node.type === "block" || node.type === "path") return new Set(bound);
  return node.type === "lambda" ? new Set([...bound, ...node.arguments.map(({ value }) => value)]) : bound;
}
