// The longest text that stands in every match of a regular expression: where it is missing, nothing has to be tried.
import type { RegexClass, RegexNode } from "./regex-tree.ts";

/** Case counts. Empty: there is none. */
export function wordOf(node: RegexNode): string {
  return runsOf(node).reduce((longest, run) => (run.length > longest.length ? run : longest));
}

/** Never empty. The first run may go on with what stands before the node, the last with what comes after it. */
type Runs = readonly [string, ...string[]];

const GAP: Runs = ["", ""];

function runsOf(node: RegexNode): Runs {
  switch (node.kind) {
    case "class":
      return runsOfClass(node);
    case "assertion":
      return [""];
    case "group":
      return runsOf(node.body);
    case "sequence":
      return runsInOrder(node.parts);
    case "either":
      return GAP;
    case "repeat":
      return node.min === 0 ? GAP : ["", ...runsOf(node.body), ""];
  }
}

function runsOfClass({ set, properties, isNegated }: RegexClass): Runs {
  const [only] = set;
  const isOne = only !== undefined && set.length === 1 && only[0] === only[1];
  return isOne && properties.length === 0 && !isNegated ? [String.fromCodePoint(only[0])] : GAP;
}

function runsInOrder(parts: readonly RegexNode[]): Runs {
  const runs: [string, ...string[]] = [""];
  for (const part of parts) {
    const [first, ...others] = runsOf(part);
    runs[runs.length - 1] += first;
    runs.push(...others);
  }
  return runs;
}
