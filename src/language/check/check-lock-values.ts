// Values beside the catalogue lock: what an argument is compared with or set to is something its schema admits.
import { compilePattern, type PatternPart } from "../../expression/pattern.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { nearest } from "../../source/nearest.ts";
import type { Span } from "../../source/diagnostic.ts";
import { askedOf, mayBe, mayHaveType, typeOf, type JsonType, type Shape } from "../../mcp/argument-shape.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { ConditionNode, PatNode, TestNode, Written } from "../tree/ast-values.ts";
import { error } from "../report.ts";
import { literalOf, patternParts, type Scope } from "../scope.ts";

/** `shapes`: of the argument, one for each tool that has it. Only what holds for all of them is certain. */
export function checkLockedCondition(
  { paths }: ConditionNode,
  test: TestNode,
  shapes: readonly Shape[],
  scope: Scope,
): void {
  const asked = shapes.map(askedOf);
  if (asked.length === 0) return;
  const argument = paths.map(({ text }) => `\`${text}\``).join(" or ");
  if (test.kind === "compares") return checkComparison(test, argument, asked, scope);
  for (const part of test.pattern.parts) checkPart(part, argument, asked, scope);
}

export function checkLockedValue(
  { kind, path, value }: ActionNode & { kind: "set" | "add" | "supply" },
  shapes: readonly Shape[],
  scope: Scope,
): void {
  const written = literalOf(value, scope);
  // What is added to a list is one of its entries.
  const taking = kind === "add" ? shapes.flatMap(({ entries }) => entries ?? []) : shapes;
  if (written === undefined || taking.length === 0 || taking.some((shape) => mayBe(shape, written))) return;
  const what = `\`${path.text}\` ${kind === "add" ? "gets" : "is set to"} ${shownValue(written)}`;
  reportValue(value.span, what, written, taking, scope);
}

/** What is summed up is a number: of a list, each of its entries. */
export function checkLockedAmount({ text, span }: Written, shapes: readonly Shape[], scope: Scope): void {
  const asked = shapes.map(askedOf);
  if (asked.length === 0 || asked.some((shape) => mayHaveType(shape, "number"))) return;
  const help = `${admittedText([], asked) ?? "it is none"}; messages are counted without \`of\``;
  scope.report(error("MR408", span, `\`${text}\` is counted, and is no number`, help));
}

function checkComparison(
  { comparison, value }: TestNode & { kind: "compares" },
  argument: string,
  asked: readonly Shape[],
  scope: Scope,
): void {
  const other = literalOf(value, scope);
  if (other === undefined) return;
  const isOrder = comparison !== "=" && comparison !== "!=";
  const fits = (shape: Shape): boolean => (isOrder ? mayHaveType(shape, typeOf(other)) : mayBe(shape, other));
  if (asked.some(fits)) return;
  reportValue(value.span, `${argument} is compared with ${shownValue(other)}`, other, asked, scope);
}

/** A `let` of several values is made for several arguments: one of them has to fit. */
function checkPart(part: PatNode, argument: string, asked: readonly Shape[], scope: Scope): void {
  const parts = patternParts({ parts: [part], span: part.span }, scope);
  if (parts.length === 0 || parts.some((one) => asked.some((shape) => mayMatch(one, shape)))) return;
  const [first] = parts;
  const written = first?.kind === "glob" ? first.text : undefined;
  const value = first?.kind === "literal" ? first.value : written;
  const what = value === undefined ? "a pattern of texts" : shownValue(value);
  reportValue(part.span, `${argument} is compared with ${what}`, value ?? "", asked, scope);
}

function mayMatch(part: PatternPart, shape: Shape): boolean {
  if (part.kind === "literal") return mayBe(shape, part.value);
  if (!mayHaveType(shape, "string")) return false;
  const { values } = shape;
  if (values === undefined) return true;
  const pattern = compilePattern([part]);
  return values.some((value) => typeof value === "string" && pattern.matches(value, {}) !== "no");
}

function reportValue(span: Span, what: string, value: JsonValue, shapes: readonly Shape[], scope: Scope): void {
  const admitted = [...new Set(shapes.flatMap(({ values }) => values ?? []))];
  const close =
    typeof value === "string"
      ? nearest(
          value,
          admitted.filter((one) => typeof one === "string"),
        )
      : undefined;
  const bare = typeof value === "string" ? withoutQuotes(value, shapes) : undefined;
  const help = close === undefined ? (bare ?? admittedText(admitted, shapes)) : `did you mean "${close}"?`;
  scope.report(error("MR408", span, `${what}, which its schema does not admit`, help));
}

/** `"1000"` and `"true"`, where a number, and true or false, is due. */
function withoutQuotes(text: string, shapes: readonly Shape[]): string | undefined {
  if (!/^(?:true|false|-?\d{1,15}(?:\.\d+)?)$/.test(text)) return undefined;
  const value = text === "true" || text === "false" ? text === "true" : Number(text);
  return shapes.some((shape) => mayBe(shape, value)) ? `leave the quotes out: \`${String(value)}\`` : undefined;
}

function admittedText(admitted: readonly JsonValue[], shapes: readonly Shape[]): string | undefined {
  if (admitted.length > 0) return `it is one of ${admitted.slice(0, MOST_VALUES).map(shownValue).join(", ")}`;
  const types = [...new Set(shapes.flatMap(({ types: known }) => [...(known ?? [])]))];
  return types.length === 0 ? undefined : `it is ${types.map((type) => NAMES[type]).join(" or ")}`;
}

const MOST_VALUES = 12;

const NAMES: Readonly<Record<JsonType, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  null: "null",
  object: "an object",
  array: "a list",
};

function shownValue(value: JsonValue): string {
  return `\`${JSON.stringify(value)}\``;
}
