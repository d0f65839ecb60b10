// What an expression looks at by name: members of the context it starts from, and of what is bound besides.
import { namesWithin } from "./bound-names.ts";
import { childrenOf, type JsonataNode } from "./jsonata-tree.ts";

export interface Mention {
  /** The name it starts from, without the `$`; `undefined`: the context. */
  readonly root: string | undefined;
  /** The members it follows, up to the first step that is no plain name. */
  readonly keys: readonly string[];
  /** It is compared with a text, or a list of them, as a whole. */
  readonly isCompared: boolean;
  /** UTF-16 offset in the source. */
  readonly offset: number;
  readonly length: number;
}

/** In the order of the source; names that the expression binds itself are left out. */
export function mentionsIn(tree: JsonataNode): readonly Mention[] {
  const mentions: Mention[] = [];
  gather(tree, new Set(), true, false, mentions);
  return mentions.sort((one, other) => one.offset - other.offset);
}

function gather(
  node: JsonataNode,
  bound: Set<string>,
  isAtTop: boolean,
  isCompared: boolean,
  mentions: Mention[],
): void {
  const scope = namesWithin(node, bound);
  const mention = mentionOf(node, scope, isAtTop, isCompared);
  if (mention !== undefined) mentions.push(mention);
  for (const child of childrenOf(node)) {
    const isStart = node.type === "path" && child.node === node.steps[0] && child.node.type === "variable";
    if (!isStart) gather(child.node, scope, isAtTop && child.hasSameContext, comparesTexts(node, child.node), mentions);
  }
}

/** Whether `side` stands in a comparison with what is written as a text, or as a list. */
function comparesTexts(node: JsonataNode, side: JsonataNode): boolean {
  if (node.type !== "binary" || !COMPARISONS.has(node.value)) return false;
  const other = side === node.lhs ? node.rhs : node.lhs;
  return other.type === "string" || (other.type === "unary" && other.value === "[");
}

const COMPARISONS: ReadonlySet<string> = new Set(["=", "!=", "in"]);

function mentionOf(
  node: JsonataNode,
  bound: ReadonlySet<string>,
  isAtTop: boolean,
  isCompared: boolean,
): Mention | undefined {
  // A name by itself is a path of one step.
  if (node.type !== "path" && node.type !== "variable") return undefined;
  const steps = node.type === "path" ? node.steps : [node];
  const [first] = steps;
  if (first?.type !== "name" && first?.type !== "variable") return undefined;
  const isContext = first.type === "name" || first.value === "" || first.value === "$";
  if (isContext ? !isAtTop : bound.has(first.value)) return undefined;
  const followed = first.type === "name" ? steps : steps.slice(1);
  const named = plainNames(followed);
  const end = named.at(-1)?.position ?? first.position ?? 0;
  const offset = (first.position ?? end) - first.value.length - (first.type === "variable" ? 1 : 0);
  return {
    root: isContext ? undefined : first.value,
    keys: named.map(({ value }) => value),
    isCompared: isCompared && named.length === followed.length,
    offset: Math.max(0, offset),
    length: end - offset,
  };
}

type Name = Extract<JsonataNode, { readonly type: "name" }>;

/** `a.b[0].c`: `a` and `b`. */
function plainNames(steps: readonly JsonataNode[]): readonly Name[] {
  const names: Name[] = [];
  for (const step of steps) {
    if (step.type !== "name") break;
    names.push(step);
  }
  return names;
}
