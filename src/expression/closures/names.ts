// The names that an expression binds, found before it is compiled.
import { childrenOf, type JsonataNode } from "../jsonata/jsonata-tree.ts";

/** Names bound by the node in the block or function around it: blocks and functions within it have names of their own. */
export function bindsIn(node: JsonataNode): ReadonlySet<string> {
  const names = new Set<string>();
  collect(node, names);
  return names;
}

export function bindsInAll(nodes: readonly JsonataNode[]): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => [...bindsIn(node)]));
}

function collect(node: JsonataNode, names: Set<string>): void {
  if (node.type === "block" || node.type === "lambda") {
    // What is attached behind a block is evaluated outside of it.
    for (const stage of node.predicate ?? []) if (stage.type === "filter") collect(stage.expr, names);
    return;
  }
  if (node.type === "bind") names.add(node.lhs.value);
  for (const child of childrenOf(node)) collect(child.node, names);
}
