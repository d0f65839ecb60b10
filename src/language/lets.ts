// What each `let` stands for: a pattern, a value, or an expression that is evaluated where it is used.
import type { PatternPart } from "../expression/pattern.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { LetItem } from "./tree/ast.ts";
import type { ExpressionNode, PatNode } from "./tree/ast-values.ts";
import { error } from "./report.ts";

export type ResolvedLet =
  /** `value` is what expressions see; `undefined` when it holds a regular expression. */
  | {
      readonly kind: "pattern";
      readonly item: LetItem;
      readonly parts: readonly PatternPart[];
      readonly value: JsonValue | undefined;
    }
  | { readonly kind: "value"; readonly item: LetItem; readonly value: JsonValue }
  | { readonly kind: "expression"; readonly item: LetItem; readonly expression: ExpressionNode };

export interface ResolvedLets {
  readonly lets: ReadonlyMap<string, ResolvedLet>;
  readonly diagnostics: readonly Diagnostic[];
}

/** The first of two with one name counts. */
export function resolveLets(items: readonly LetItem[]): ResolvedLets {
  const byName = new Map<string, LetItem>();
  for (const item of items) if (!byName.has(item.name.text)) byName.set(item.name.text, item);
  const resolving: Resolving = { byName, lets: new Map(), open: new Set(), diagnostics: [] };
  for (const item of byName.values()) resolve(item, resolving);
  return resolving;
}

/** The parts that one part of a pattern stands for. */
export function partsOf(part: PatNode, lets: ReadonlyMap<string, ResolvedLet>): readonly PatternPart[] {
  switch (part.kind) {
    case "glob":
      return [{ kind: "glob", text: part.text }];
    case "regex":
      return [{ kind: "regex", source: part.source, flags: part.flags }];
    case "literal":
      return [{ kind: "literal", value: part.value }];
    case "variable": {
      const known = lets.get(part.name);
      if (known?.kind === "pattern") return known.parts;
      return known?.kind === "value" ? partsOfValue(known.value) : [];
    }
  }
}

/** A value that can stand in a pattern: a text, a number, a boolean, null, or a list of these. */
function partsOfValue(value: JsonValue): readonly PatternPart[] {
  if (isJsonArray(value)) return value.flatMap(partsOfValue);
  if (isJsonObject(value)) return [];
  return [typeof value === "string" ? { kind: "glob", text: value } : { kind: "literal", value }];
}

interface Resolving {
  readonly byName: ReadonlyMap<string, LetItem>;
  readonly lets: Map<string, ResolvedLet>;
  /** Those that are being resolved: meeting one of them again is a circle. */
  readonly open: Set<string>;
  readonly diagnostics: Diagnostic[];
}

function resolve(item: LetItem, resolving: Resolving): void {
  const name = item.name.text;
  if (resolving.lets.has(name)) return;
  resolving.open.add(name);
  for (const used of namesIn(item)) resolveUsed(used, item, resolving);
  resolving.open.delete(name);
  resolving.lets.set(name, resolved(item, resolving.lets));
}

function resolveUsed(name: string, by: LetItem, resolving: Resolving): void {
  const item = resolving.byName.get(name);
  if (item === undefined) return;
  if (!resolving.open.has(name)) return resolve(item, resolving);
  const message =
    name === by.name.text
      ? `\`$${name}\` is made of itself`
      : `\`$${by.name.text}\` and \`$${name}\` are made of each other`;
  resolving.diagnostics.push(error("MR306", by.value.span, message));
}

/** An expression's variables are taken from its text: a name too many does no harm here. */
function namesIn(item: LetItem): readonly string[] {
  const { value } = item;
  switch (value.kind) {
    case "pattern":
      return value.pattern.parts.flatMap((part) => (part.kind === "variable" ? [part.name] : []));
    case "expression":
      return [...value.expression.source.matchAll(/\$([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name = ""]) => name);
    case "value":
      return [];
  }
}

function resolved(item: LetItem, lets: ReadonlyMap<string, ResolvedLet>): ResolvedLet {
  const { value } = item;
  switch (value.kind) {
    case "pattern": {
      const parts = value.pattern.parts.flatMap((part) => partsOf(part, lets));
      return { kind: "pattern", item, parts, value: valueOf(parts) };
    }
    case "expression":
      return { kind: "expression", item, expression: value.expression };
    case "value":
      return { kind: "value", item, value: value.value };
  }
}

function valueOf(parts: readonly PatternPart[]): JsonValue | undefined {
  const values: JsonValue[] = [];
  for (const part of parts) {
    if (part.kind === "regex") return undefined;
    values.push(part.kind === "glob" ? part.text : part.value);
  }
  return values.length === 1 ? values[0] : values;
}
