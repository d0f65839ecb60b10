// JSONata as its own parser hands it out (package jsonata 2.2): the nodes that follow its post-processing.
import jsonata from "jsonata";

/** What any node may carry besides what it is. */
interface NodeBase {
  /** Where its last token ends in the source, a UTF-16 offset. */
  readonly position?: number;
  /** `[…]` behind something that is no path. */
  readonly predicate?: readonly Stage[];
  /** The same behind a step of a path; `#$i` may stand between. */
  readonly stages?: readonly Stage[];
  readonly group?: { readonly lhs: readonly (readonly [JsonataNode, JsonataNode])[]; readonly position?: number };
  /** `[]` behind it. */
  readonly keepArray?: boolean;
  /** An array constructor that stands first or last in a path. */
  readonly consarray?: boolean;
  /** `@$name`, `#$name`, and `%` looking for a step: the path is then a stream of tuples. */
  readonly focus?: string;
  readonly index?: string;
  readonly ancestor?: object;
  readonly tuple?: boolean;
}

export type Stage =
  | { readonly type: "filter"; readonly expr: JsonataNode; readonly position?: number }
  | { readonly type: "index"; readonly value: string };

export type JsonataNode =
  | (NodeBase & {
      readonly type: "path";
      readonly steps: readonly JsonataNode[];
      readonly keepSingletonArray?: boolean;
    })
  | (NodeBase & { readonly type: "name"; readonly value: string })
  | (NodeBase & { readonly type: "string"; readonly value: string })
  | (NodeBase & { readonly type: "number"; readonly value: number })
  | (NodeBase & { readonly type: "value"; readonly value: boolean | null })
  /** What is left of a regex before `??` and `?:`, which the package copies by way of JSON, is no regex any more. */
  | (NodeBase & { readonly type: "regex"; readonly value: RegExp | object })
  /** `$` is the empty name, `$$` is `$`. */
  | (NodeBase & { readonly type: "variable"; readonly value: string })
  | (NodeBase & { readonly type: "wildcard" | "descendant" | "parent" })
  | (NodeBase & {
      readonly type: "binary";
      readonly value: string;
      readonly lhs: JsonataNode;
      readonly rhs: JsonataNode;
    })
  | (NodeBase & { readonly type: "unary"; readonly value: "-"; readonly expression: JsonataNode })
  | (NodeBase & { readonly type: "unary"; readonly value: "["; readonly expressions: readonly JsonataNode[] })
  | (NodeBase & {
      readonly type: "unary";
      readonly value: "{";
      readonly lhs: readonly (readonly [JsonataNode, JsonataNode])[];
    })
  | (NodeBase & {
      readonly type: "function" | "partial";
      readonly procedure: JsonataNode;
      readonly arguments: readonly JsonataNode[];
    })
  /** The `?` of a partial application. */
  | (NodeBase & { readonly type: "operator"; readonly value: string })
  | (NodeBase & {
      readonly type: "lambda";
      readonly arguments: readonly { readonly value: string }[];
      readonly signature?: object;
      readonly body: JsonataNode;
      /** Stands for a call in tail position. */
      readonly thunk?: boolean;
    })
  | (NodeBase & {
      readonly type: "condition";
      readonly condition: JsonataNode;
      readonly then: JsonataNode;
      readonly else?: JsonataNode;
    })
  | (NodeBase & { readonly type: "block"; readonly expressions: readonly JsonataNode[] })
  | (NodeBase & { readonly type: "bind"; readonly lhs: { readonly value: string }; readonly rhs: JsonataNode })
  | (NodeBase & { readonly type: "apply"; readonly lhs: JsonataNode; readonly rhs: JsonataNode })
  | (NodeBase & {
      readonly type: "transform";
      readonly pattern: JsonataNode;
      readonly update: JsonataNode;
      readonly delete?: JsonataNode;
    })
  | (NodeBase & {
      readonly type: "sort";
      readonly terms: readonly { readonly descending: boolean; readonly expression: JsonataNode }[];
    });

/** Throws what the package throws: an object with `code` and `position`, or what `RegExp` says of a regex. */
export function parseJsonata(source: string): JsonataNode {
  const tree: unknown = jsonata(source).ast();
  return tree as JsonataNode;
}

/** The nodes right below, each with whether it is evaluated with the same context `$` as the node itself. */
export function childrenOf(node: JsonataNode): readonly Child[] {
  return [...ownChildren(node), ...attachedChildren(node)];
}

export interface Child {
  readonly node: JsonataNode;
  readonly hasSameContext: boolean;
}

function ownChildren(node: JsonataNode): readonly Child[] {
  switch (node.type) {
    case "path":
      return node.steps.map((step, index) => ({ node: step, hasSameContext: index === 0 }));
    case "binary":
    case "apply":
      return same(node.lhs, node.rhs);
    case "unary":
      return unaryChildren(node);
    case "function":
    case "partial":
      return same(node.procedure, ...node.arguments);
    case "lambda":
      return same(node.body);
    case "condition":
      return same(node.condition, node.then, ...(node.else ? [node.else] : []));
    case "block":
      return same(...node.expressions);
    case "bind":
      return same(node.rhs);
    case "transform":
      return other(node.pattern, node.update, ...(node.delete ? [node.delete] : []));
    case "sort":
      return other(...node.terms.map((term) => term.expression));
    case "name":
    case "string":
    case "number":
    case "value":
    case "regex":
    case "variable":
    case "wildcard":
    case "descendant":
    case "parent":
    case "operator":
      return [];
  }
}

function unaryChildren(node: Extract<JsonataNode, { type: "unary" }>): readonly Child[] {
  switch (node.value) {
    case "-":
      return same(node.expression);
    case "[":
      return same(...node.expressions);
    case "{":
      return same(...node.lhs.flat());
  }
}

function attachedChildren({ predicate = [], stages = [], group }: JsonataNode): readonly Child[] {
  const filters = [...predicate, ...stages].flatMap((stage) => (stage.type === "filter" ? [stage.expr] : []));
  return other(...filters, ...(group ? group.lhs.flat() : []));
}

function same(...nodes: readonly JsonataNode[]): readonly Child[] {
  return nodes.map((node) => ({ node, hasSameContext: true }));
}

function other(...nodes: readonly JsonataNode[]): readonly Child[] {
  return nodes.map((node) => ({ node, hasSameContext: false }));
}
