// The checks of one JSONata expression, and what it uses: variables, the clock, members of its context.
import { nearest } from "../../source/nearest.ts";
import { namesWithin } from "./bound-names.ts";
import { collapsesIn } from "./collapse.ts";
import { regexProblem, type ExpressionProblem } from "./expression-problem.ts";
import { CLOCK_FUNCTIONS, FUNCTION_NAMES, mayTakeContext, REFUSED_FUNCTIONS } from "./jsonata-names.ts";
import { childrenOf, type JsonataNode } from "./jsonata-tree.ts";

export interface ExpressionFindings {
  readonly problems: readonly ExpressionProblem[];
  readonly variables: readonly string[];
  readonly reads: readonly string[] | undefined;
  readonly usesClock: boolean;
  /** Parts of it whose value is a list of what was found, and reaches the outcome. */
  readonly collapses: readonly CollapsingPart[];
}

export interface CollapsingPart {
  readonly offset: number;
  readonly length: number;
  /** Keys from the outcome on; `undefined`: nobody can tell. */
  readonly at: readonly string[] | undefined;
}

export function checkExpression(tree: JsonataNode, source: string, known: ReadonlySet<string>): ExpressionFindings {
  const check = new Check(source, known);
  check.visit(tree, new Set(), true);
  return {
    problems: check.problems.sort((one, other) => one.offset - other.offset),
    variables: [...check.used].sort(),
    reads: check.readsAll ? undefined : [...check.reads].sort(),
    usesClock: check.usesClock,
    collapses: collapsesIn(tree, []).map(({ node, at }) => collapsingPart(spanOf(node, source), at)),
  };
}

class Check {
  readonly problems: ExpressionProblem[] = [];
  readonly used = new Set<string>();
  readonly reads = new Set<string>();
  readsAll = false;
  usesClock = false;
  readonly #source: string;
  readonly #known: ReadonlySet<string>;

  constructor(source: string, known: ReadonlySet<string>) {
    this.#source = source;
    this.#known = known;
  }

  /** `bound`: the names that hold here; `isAtTop`: the context is the one the expression starts from. */
  visit(node: JsonataNode, bound: Set<string>, isAtTop: boolean, given = 0): void {
    const scope = namesWithin(node, bound);
    this.#look(node, scope, isAtTop, given);
    for (const child of childrenOf(node)) {
      const isCalled = isCall(node) && child.node === node.procedure && child.node.type === "variable";
      const givenToChild = node.type === "apply" && child.node === node.rhs ? 1 : 0;
      if (!isCalled) this.visit(child.node, scope, isAtTop && child.hasSameContext, givenToChild);
    }
  }

  #look(node: JsonataNode, bound: ReadonlySet<string>, isAtTop: boolean, given: number): void {
    switch (node.type) {
      case "name":
        if (isAtTop) this.reads.add(node.value);
        return;
      case "wildcard":
      case "descendant":
      case "parent":
        if (isAtTop) this.readsAll = true;
        return;
      case "variable":
        this.#variable(node, bound, isAtTop, false);
        return;
      case "regex":
        this.#regex(node);
        return;
      case "function":
      case "partial":
        this.#call(node, bound, isAtTop, given);
        return;
      case "path":
      case "string":
      case "number":
      case "value":
      case "binary":
      case "apply":
      case "unary":
      case "operator":
      case "lambda":
      case "condition":
      case "block":
      case "bind":
      case "transform":
      case "sort":
        return;
    }
  }

  #regex(node: Extract<JsonataNode, { type: "regex" }>): void {
    if (!(node.value instanceof RegExp)) {
      // The package copies what stands before these operators by way of JSON.
      this.#report(node, "a regex cannot stand before `??` or `?:`", "write it as a condition: `… ? … : …`");
      return;
    }
    const problem = regexProblem(node.value, node.position ?? this.#source.length, this.#source);
    if (problem) this.problems.push(problem);
  }

  #variable(
    node: Extract<JsonataNode, { type: "variable" }>,
    bound: ReadonlySet<string>,
    isAtTop: boolean,
    isCalled: boolean,
  ): void {
    const name = node.value;
    if (name === "" || name === "$") {
      if (isAtTop || name === "$") this.readsAll = true;
      return;
    }
    if (this.#known.has(name)) this.used.add(name);
    const refusal = REFUSED_FUNCTIONS.get(name);
    // Also where a name of the expression's own hides the function: it may hide it on one way only.
    if (refusal !== undefined) this.#report(node, `\`$${name}\` is refused: ${refusal}`);
    if (refusal !== undefined || bound.has(name) || this.#known.has(name)) return;
    if (CLOCK_FUNCTIONS.has(name)) this.usesClock = true;
    if (!FUNCTION_NAMES.has(name)) this.#unknown(node, bound, isCalled);
    else if (name === "toMillis" && !isCalled) this.#report(node, "`$toMillis` can only be called", PICTURE_HELP);
  }

  #unknown(node: Extract<JsonataNode, { type: "variable" }>, bound: ReadonlySet<string>, isCalled: boolean): void {
    const similar = nearest(node.value, new Set([...this.#known, ...FUNCTION_NAMES, ...bound]));
    const help = similar === undefined ? undefined : `did you mean \`$${similar}\`?`;
    this.#report(node, `there is no ${isCalled ? "function" : "variable"} \`$${node.value}\``, help);
  }

  /** `given`: how many arguments `~>` puts in front. */
  #call(node: Call, bound: ReadonlySet<string>, isAtTop: boolean, given: number): void {
    if (node.procedure.type === "path") this.#field(node.procedure, bound);
    if (node.procedure.type !== "variable") return;
    const name = node.procedure.value;
    this.#variable(node.procedure, bound, isAtTop, true);
    if (bound.has(name)) return;
    if (isAtTop && mayTakeContext(name, node.arguments.length + given)) this.readsAll = true;
    if (name !== "toMillis") return;
    const picture = node.arguments[1 - given];
    if (picture && picture.type !== "string") {
      this.#report(picture, "the picture of `$toMillis` must be a text that stands here", PICTURE_HELP);
    }
  }

  /** `not(…)`: the value of a field is JSON, and so never a function. */
  #field({ steps }: Extract<JsonataNode, { type: "path" }>, bound: ReadonlySet<string>): void {
    const last = steps.at(-1);
    if (last?.type !== "name") return;
    const isFunction = FUNCTION_NAMES.has(last.value) || bound.has(last.value) || this.#known.has(last.value);
    const help = isFunction ? `did you mean \`$${last.value}\`?` : undefined;
    this.#report(last, `\`${last.value}\` is a field, and no field is a function`, help);
  }

  #report(node: JsonataNode, message: string, help?: string): void {
    this.problems.push({ ...spanOf(node, this.#source), message, ...(help === undefined ? {} : { help }) });
  }
}

function collapsingPart(
  { offset, length }: Pick<CollapsingPart, "offset" | "length">,
  at: CollapsingPart["at"],
): CollapsingPart {
  return { offset, length, at };
}

/** Of its first token. */
function spanOf(node: JsonataNode, source: string): { readonly offset: number; readonly length: number } {
  const token = firstToken(node);
  const end = Math.min(token.position ?? source.length, source.length);
  const length = token.type === "variable" ? token.value.length + 1 : 1;
  const offset = Math.max(0, end - (token.type === "name" ? token.value.length : length));
  return { offset, length: end - offset };
}

function firstToken(node: JsonataNode): JsonataNode {
  const [first] = childrenOf(node);
  const isFirst = node.type === "variable" || node.type === "name";
  return first && !isFirst ? firstToken(first.node) : node;
}

const PICTURE_HELP = "what a picture may cost can only be known of one that is written in the policy";

type Call = Extract<JsonataNode, { type: "function" | "partial" }>;

function isCall(node: JsonataNode): node is Call {
  return node.type === "function" || node.type === "partial";
}
