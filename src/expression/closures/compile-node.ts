// Any node of an expression to its closure.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import { compileApply, compileCall } from "./calls.ts";
import type { Closure, NodeOf } from "./closure.ts";
import { compileListConstructor, compileObjectConstructor } from "./constructors.ts";
import { compileFilter } from "./filters.ts";
import type { Scope } from "./frame.ts";
import { compileLambda } from "./lambdas.ts";
import { NotCompilable } from "./not-compilable.ts";
import { compileBinary, compileNegation } from "./operators.ts";
import { compilePath } from "./paths.ts";
import { isList, settled } from "./sequence.ts";
import { tick, tickForValues } from "./steps.ts";
import { compileTransform } from "./transform.ts";
import { isTruthy, lookup } from "./values.ts";
import { compileBind, compileBlock, compileVariable } from "./variables.ts";
import { descendants, wildcard } from "./wildcards.ts";

/** Counts as one step, like every node the package evaluates; ends as every node's outcome does. */
export function compileNode(node: JsonataNode, scope: Scope | undefined): Closure {
  if (node.tuple === true || node.focus !== undefined || node.index !== undefined || node.group) {
    throw new NotCompilable(constructOf(node));
  }
  const core = coreOf(node, scope);
  const keepsSingleton = node.keepArray === true;
  if (node.predicate) {
    const filters = node.predicate.map((stage) => compileFilter(stage, scope, compileNode));
    return (input, frame, run) => {
      tick(run, 1);
      let value = core(input, frame, run);
      for (const filter of filters) value = filter(value, frame, run);
      return settled(value, keepsSingleton);
    };
  }
  if (NEVER_SEQUENCES.has(node.type)) {
    return (input, frame, run) => {
      tick(run, 1);
      return core(input, frame, run);
    };
  }
  return (input, frame, run) => {
    tick(run, 1);
    return settled(core(input, frame, run), keepsSingleton);
  };
}

const NEVER_SEQUENCES: ReadonlySet<JsonataNode["type"]> = new Set(["string", "number", "value", "lambda", "transform"]);

function coreOf(node: JsonataNode, scope: Scope | undefined): Closure {
  switch (node.type) {
    case "path":
      return compilePath(node, scope, compileNode);
    case "name": {
      const name = node.value;
      return (input, _frame, run) => {
        if (isList(input)) tickForValues(run, input.length);
        return lookup(input, name);
      };
    }
    case "string":
    case "number":
    case "value": {
      const { value } = node;
      return () => value;
    }
    case "variable":
      return compileVariable(node.value, scope);
    case "wildcard":
      return wildcard;
    case "descendant":
      return descendants;
    case "binary":
      return compileBinary(node, scope, compileNode);
    case "unary":
      return compileUnary(node, scope);
    case "condition":
      return compileCondition(node, scope);
    case "block":
      return compileBlock(node, scope, compileNode);
    case "bind":
      return compileBind(node, scope, compileNode);
    case "function":
      return compileCall(node, scope, compileNode);
    case "apply":
      return compileApply(node, scope, compileNode);
    case "lambda":
      return compileLambda(node, scope, compileNode);
    case "transform":
      return compileTransform(node, scope, compileNode);
    case "regex":
    case "parent":
    case "partial":
    case "operator":
    case "sort":
      throw new NotCompilable(CONSTRUCTS[node.type]);
  }
}

/** Of a path whose steps know of one another. */
function constructOf({ focus, index, group }: JsonataNode): string {
  if (focus !== undefined) return `\`@$${focus}\``;
  if (index !== undefined) return `\`#$${index}\``;
  return group ? "`{…}` behind a path, which groups" : "`%`, or a path with `@` or `#`";
}

const CONSTRUCTS = {
  regex: "a regex that is not an argument of `$match`, `$replace`, `$split` or `$contains`",
  parent: "`%`",
  partial: "a call with `?` for an argument",
  operator: "a call with `?` for an argument",
  sort: "`^(…)`",
} as const;

function compileUnary(node: NodeOf<"unary">, scope: Scope | undefined): Closure {
  switch (node.value) {
    case "-":
      return compileNegation(node.expression, scope, compileNode);
    case "[":
      return compileListConstructor(node.expressions, node.consarray === true, scope, compileNode);
    case "{":
      return compileObjectConstructor(node.lhs, scope, compileNode);
  }
}

function compileCondition(node: NodeOf<"condition">, scope: Scope | undefined): Closure {
  const condition = compileNode(node.condition, scope);
  const then = compileNode(node.then, scope);
  const otherwise = node.else && compileNode(node.else, scope);
  return (input, frame, run) =>
    isTruthy(condition(input, frame, run)) ? then(input, frame, run) : otherwise?.(input, frame, run);
}
