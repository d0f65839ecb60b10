// One node of an expression, ready to be evaluated: with its context `$`, the variables around it, and the run it is part of.
import type { JsonataNode } from "../jsonata/jsonata-tree.ts";
import type { Frame, Scope } from "./frame.ts";
import type { Run } from "./function-value.ts";

export type Closure = (input: unknown, frame: Frame | undefined, run: Run) => unknown;

/** Makes closures of the nodes below. */
export type Compile = (node: JsonataNode, scope: Scope | undefined) => Closure;

/** A node of this type. */
export type NodeOf<Type extends JsonataNode["type"]> = Extract<JsonataNode, { readonly type: Type }>;
