// What the checks and the compiler of one policy know besides the item at hand: its texts, its `let`s, its expressions.
import { compileExpression, type CompiledExpression, type Expression } from "../expression/jsonata/expression.ts";
import { compilePattern, type Pattern, type PatternPart } from "../expression/pattern.ts";
import type { Diagnostic, Span } from "../source/diagnostic.ts";
import { positionAt, type SourceText } from "../source/source-text.ts";
import type { CatalogueLock } from "../mcp/catalogue-lock.ts";
import type { JsonValue } from "../mcp/json.ts";
import type { ExpressionNode, PatternNode, ValueNode } from "./tree/ast-values.ts";
import type { Place } from "./compiled-value.ts";
import { partsOf, type ResolvedLet } from "./lets.ts";
import { helpForFunction } from "./explain/other-functions.ts";
import { error } from "./report.ts";

/** What the settings say of a module that rules may call. */
export interface KnownModule {
  readonly name: string;
  /** It is reached over the network, and not on this machine. */
  readonly isRemote: boolean;
  /** It judges, and changes nothing: the settings name no mutator of it. */
  readonly isValidator?: boolean;
  /** Keys of its configuration that are for the settings alone. */
  readonly locked?: readonly string[];
}

/** What the settings say of a translator that rules may use. */
export interface KnownTranslator {
  readonly name: string;
  readonly isRemote: boolean;
  /** It is the one that is used where a rule names none. */
  readonly isDefault?: boolean;
}

export interface Scope {
  readonly sources: ReadonlyMap<string, SourceText>;
  readonly lets: ReadonlyMap<string, ResolvedLet>;
  /** Names of `let`s that cannot be read: using one is no second mistake. */
  readonly brokenLets: ReadonlySet<string>;
  /** Names that an expression may use, without the `$`. */
  readonly variables: ReadonlySet<string>;
  /** Each expression of the policy, compiled once; `undefined` when there is something wrong with it. */
  readonly expressions: Map<ExpressionNode, Expression | undefined>;
  /** The same by their text, which rules often share. */
  readonly compiled: Map<string, CompiledExpression>;
  /** Each pattern of the policy, by the parts it is made of. */
  readonly patterns: Map<string, Pattern>;
  readonly servers: readonly string[] | undefined;
  readonly sinks: readonly string[] | undefined;
  readonly modules: readonly KnownModule[] | undefined;
  readonly translators: readonly KnownTranslator[] | undefined;
  readonly profiles: readonly string[] | undefined;
  readonly hasUsers: boolean | undefined;
  /** What the servers had when somebody looked. */
  readonly lock: CatalogueLock | undefined;
  readonly now: number;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** What is bound in every expression besides the `let`s. */
export const BOUND_NAMES: ReadonlySet<string> = new Set(["message", "request", "server", "client", "user", "tags"]);

export function placeOf(span: Span, scope: Scope): Place {
  const source = scope.sources.get(span.file);
  if (source === undefined) throw new Error(`no text of ${span.file}`);
  return { file: span.file, ...positionAt(source, span.start) };
}

/** The parts of a pattern with every `$name` in it replaced by what its `let` holds; unknown ones are left out. */
export function patternParts(pattern: PatternNode, scope: Scope): readonly PatternPart[] {
  return pattern.parts.flatMap((part) => partsOf(part, scope.lets));
}

/** Equal patterns are one. */
export function patternOf(parts: readonly PatternPart[], scope: Scope): Pattern {
  const key = parts.map(keyOf).join("\n");
  const known = scope.patterns.get(key);
  if (known !== undefined) return known;
  const pattern = compilePattern(parts);
  scope.patterns.set(key, pattern);
  return pattern;
}

/** A regex and a glob stand on one line, so a line feed parts them from the next; a text may hold one, and is escaped. */
function keyOf(part: PatternPart): string {
  switch (part.kind) {
    case "glob":
      return part.text.includes("\n") ? `G${JSON.stringify(part.text)}` : `g${part.text}`;
    case "regex":
      return `r${part.flags}/${part.source}`;
    case "literal":
      return `l${String(part.value)}`;
  }
}

/** What a value is without any message; `undefined`: it hangs on one. */
export function literalOf(value: ValueNode, scope: Scope): JsonValue | undefined {
  if (value.kind === "literal") return value.value;
  const known = value.kind === "variable" ? scope.lets.get(value.name) : undefined;
  return known === undefined || known.kind === "expression" ? undefined : known.value;
}

/** Where an expression first says `$name`; all of it when that is a comment's or a text's doing. */
export function spanOfVariable(name: string, node: ExpressionNode): Span {
  const at = node.source.indexOf(`$${name}`);
  if (at === -1) return node.span;
  const start = node.span.start + at;
  return { ...node.span, start, end: start + name.length + 1 };
}

/** Compiles it the first time it is asked for, and reports what is wrong with it. */
export function expressionOf(node: ExpressionNode, scope: Scope): Expression | undefined {
  if (scope.expressions.has(node)) return scope.expressions.get(node);
  const { expression, problems } = compileSource(node.source, scope.variables, scope);
  for (const problem of problems) {
    const start = node.span.start + problem.offset;
    const span = { ...node.span, start, end: Math.min(node.span.end, start + Math.max(1, problem.length)) };
    scope.report(error("MR401", span, problem.message, problem.help ?? helpForFunction(problem.message)));
  }
  const usable = problems.length > 0 ? undefined : expression;
  const complete = usable === undefined ? undefined : withLets(usable, scope);
  scope.expressions.set(node, complete);
  return complete;
}

function compileSource(source: string, variables: ReadonlySet<string>, scope: Scope): CompiledExpression {
  const known = scope.compiled.get(source);
  if (known !== undefined) return known;
  const compiled = compileExpression(source, variables);
  scope.compiled.set(source, compiled);
  return compiled;
}

/** A `let` that holds an expression is evaluated where it is used: its text is put in front. */
function withLets(expression: Expression, scope: Scope): Expression | undefined {
  const used = letsUsed(expression.variables, scope);
  if (used.length === 0) return expression;
  const prefix = used.map(([name, source]) => `$${name} := ${source};`).join(" ");
  const bound = new Set(used.map(([name]) => name));
  const others = new Set([...scope.variables].filter((name) => !bound.has(name)));
  return compileSource(`(${prefix} ${expression.source})`, others, scope).expression;
}

/** In an order in which each stands before those that use it. A circle was refused before. */
function letsUsed(
  variables: readonly string[],
  scope: Scope,
  seen = new Set<string>(),
): readonly (readonly [string, string])[] {
  return variables.flatMap((name) => {
    const known = scope.lets.get(name);
    if (known?.kind !== "expression" || seen.has(name)) return [];
    seen.add(name);
    const { source } = known.expression;
    const inner = compileSource(source, scope.variables, scope).expression?.variables ?? [];
    return [...letsUsed(inner, scope, seen), [name, source] as const];
  });
}
