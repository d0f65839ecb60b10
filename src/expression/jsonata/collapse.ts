// Where the value of an expression is a list of what was found: of one thing it is that thing, of none it is nothing.
import type { JsonataNode, Stage } from "./jsonata-tree.ts";

export interface Collapse {
  /** The node whose value it is. */
  readonly node: JsonataNode;
  /** Keys from the outcome of the expression on; `undefined`: nobody can tell. */
  readonly at: readonly string[] | undefined;
}

/** Those that reach the outcome of `node`. With `[]` behind it, or between brackets, a list stays one. */
export function collapsesIn(node: JsonataNode, at: Collapse["at"]): readonly Collapse[] {
  if (isSelecting(node)) return [{ node, at }];
  switch (node.type) {
    case "block":
      return node.expressions.slice(-1).flatMap((last) => collapsesIn(last, at));
    case "condition":
      return [node.then, ...(node.else ? [node.else] : [])].flatMap((way) => collapsesIn(way, at));
    case "bind":
      return collapsesIn(node.rhs, at);
    case "apply":
      return node.rhs.type === "transform" ? collapsesIn(node.rhs, at) : [];
    case "transform":
      return collapsesIn(node.update, undefined);
    case "unary":
      return collapsesInConstructor(node, at);
    case "path":
      return node.steps.length === 1 ? node.steps.flatMap((step) => collapsesIn(step, at)) : [];
    case "name":
    case "string":
    case "number":
    case "value":
    case "regex":
    case "variable":
    case "wildcard":
    case "descendant":
    case "parent":
    case "binary":
    case "function":
    case "partial":
    case "operator":
    case "lambda":
    case "sort":
      return [];
  }
}

function collapsesInConstructor(
  node: Extract<JsonataNode, { readonly type: "unary" }>,
  at: Collapse["at"],
): readonly Collapse[] {
  if (node.value === "-") return [];
  if (node.value === "[") {
    return node.expressions.filter(({ type }) => type === "unary").flatMap((entry) => collapsesIn(entry, undefined));
  }
  return node.lhs.flatMap(([key, value]) =>
    collapsesIn(value, at && key.type === "string" ? [...at, key.value] : undefined),
  );
}

/** Its value is what some condition or order chose among many: nobody can know how many are left. */
function isSelecting(node: JsonataNode): boolean {
  if (node.keepArray === true) return false;
  switch (node.type) {
    case "path":
      return node.keepSingletonArray !== true && node.steps.some(isSelectingStep);
    case "function":
      return isListFunction(node.procedure) && !choosesOne(node.predicate);
    case "apply":
      return node.rhs.type === "function" ? isListFunction(node.rhs.procedure) : isListFunction(node.rhs);
    case "wildcard":
    case "descendant":
      return true;
    case "name":
    case "string":
    case "number":
    case "value":
    case "regex":
    case "variable":
    case "parent":
    case "binary":
    case "unary":
    case "partial":
    case "operator":
    case "lambda":
    case "condition":
    case "block":
    case "bind":
    case "transform":
    case "sort":
      return choosesMany(node.predicate);
  }
}

function isSelectingStep(step: JsonataNode): boolean {
  if (step.type === "wildcard" || step.type === "descendant" || step.type === "sort") return true;
  return choosesMany(step.stages) || choosesMany(step.predicate);
}

function choosesMany(stages: readonly Stage[] = []): boolean {
  return stages.some((stage) => stage.type === "filter" && !isIndex(stage.expr)) && !choosesOne(stages);
}

function choosesOne(stages: readonly Stage[] = []): boolean {
  const last = stages.at(-1);
  return last?.type === "filter" && isIndex(last.expr);
}

/** `[0]`, `[-1]` */
function isIndex(node: JsonataNode): boolean {
  return node.type === "number" || (node.type === "unary" && node.value === "-");
}

const LIST_FUNCTIONS: ReadonlySet<string> = new Set(["filter", "map", "each", "keys", "spread", "match"]);

function isListFunction(procedure: JsonataNode): boolean {
  return procedure.type === "variable" && LIST_FUNCTIONS.has(procedure.value);
}
