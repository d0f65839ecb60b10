// Parts of an expression that JSONata takes, and that fail or are never true whatever the message says.
import { didYouMean } from "../../source/nearest.ts";
import { namesWithin } from "./bound-names.ts";
import type { ExpressionProblem } from "./expression-problem.ts";
import { childrenOf, type JsonataNode } from "./jsonata-tree.ts";

/** In the order of the source. */
export function vainIn(tree: JsonataNode, source: string): readonly ExpressionProblem[] {
  const problems: ExpressionProblem[] = [];
  gather(tree, new Set(), { source, problems });
  return problems.sort((one, other) => one.offset - other.offset);
}

interface Findings {
  readonly source: string;
  readonly problems: ExpressionProblem[];
}

function gather(node: JsonataNode, bound: Set<string>, findings: Findings): void {
  const scope = namesWithin(node, bound);
  if (node.type === "binary") lookAtOperator(node, scope, findings);
  if (node.type === "function") lookAtCall(node, scope, findings);
  if (node.type === "path") lookAtClock(node, scope, findings);
  for (const child of childrenOf(node)) gather(child.node, scope, findings);
}

type Binary = Extract<JsonataNode, { readonly type: "binary" }>;
type Call = Extract<JsonataNode, { readonly type: "function" | "partial" }>;
type Path = Extract<JsonataNode, { readonly type: "path" }>;

function lookAtOperator(node: Binary, bound: ReadonlySet<string>, { source, problems }: Findings): void {
  for (const side of [node.lhs, node.rhs]) {
    if (side.type === "string" && ARITHMETIC.has(node.value)) {
      const help = node.value === "+" ? "`&` joins texts: write `&` for `+`" : "`$number(…)` makes a number of a text";
      problems.push({
        ...spanOfText(side, source),
        message: `\`${node.value}\` is for numbers, and this is a text`,
        help,
      });
    }
    if (side.type === "regex" && EQUALITY.has(node.value)) {
      const end = side.position ?? source.length;
      const message = "nothing is equal to a regular expression";
      const help = "`$match(…, /…/)` searches, and so does `with PATH /…/`";
      problems.push({ offset: Math.max(0, end - 1), length: 1, message, help });
    }
  }
  if (!EQUALITY.has(node.value)) return;
  for (const [one, other] of [
    [node.lhs, node.rhs],
    [node.rhs, node.lhs],
  ] as const) {
    if (fieldOfClock(one, bound)?.value === "weekday") lookAtDays(other, { source, problems });
  }
}

const ARITHMETIC: ReadonlySet<string> = new Set(["+", "-", "*", "/", "%"]);
const EQUALITY: ReadonlySet<string> = new Set(["=", "!=", "in"]);

/** `"Mon"`, `["Mon", "Tue"]` */
function lookAtDays(node: JsonataNode, { source, problems }: Findings): void {
  const texts = node.type === "unary" && node.value === "[" ? node.expressions : [node];
  for (const text of texts) {
    if (text.type !== "string" || DAYS.includes(text.value)) continue;
    const start = text.value.slice(0, 3).toLowerCase();
    const day = DAYS.find((one) => one.slice(0, 3) === start);
    const help = day === undefined ? "days are written `monday` to `sunday`" : `write \`${day}\``;
    problems.push({ ...spanOfText(text, source), message: `no \`weekday\` is called \`${text.value}\``, help });
  }
}

const DAYS: readonly string[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

function lookAtCall(node: Call, bound: ReadonlySet<string>, findings: Findings): void {
  const name = node.procedure.type === "variable" && !bound.has(node.procedure.value) ? node.procedure.value : "";
  const [first, second] = node.arguments;
  const { source, problems } = findings;
  const at = spanOfName(node.procedure, source);
  if (OF_LISTS.has(name) && second !== undefined) {
    const plain = /^\$\w+\(([^()[\]]*)\)/.exec(source.slice(at.offset))?.[1] ?? "…, …";
    const help = `write \`$${name}([${plain}])\``;
    problems.push({ ...at, message: `\`$${name}\` takes one list, and these are several values`, help });
  }
  if (name === "match" && second?.type === "string") {
    const message = "`$match` takes a regular expression, and this is a text";
    problems.push({ ...spanOfText(second, source), message, help: "write it between `/` and `/`" });
  }
  if (name === "local" && first === undefined) {
    const help = 'such as `$local("Europe/Berlin")`';
    problems.push({ ...at, message: "`$local` takes a time zone", help });
  }
  if (name === "local" && first?.type === "string") lookAtZone(first, findings);
}

const OF_LISTS: ReadonlySet<string> = new Set(["min", "max", "sum", "average"]);

type Text = Extract<JsonataNode, { readonly type: "string" }>;

function lookAtZone(zone: Text, { source, problems }: Findings): void {
  if (isZone(zone.value)) return;
  const close = didYouMean(zone.value, Intl.supportedValuesOf("timeZone"));
  const help = close ?? "zones are named as in `Europe/Berlin`, or `UTC`";
  problems.push({ ...spanOfText(zone, source), message: `there is no time zone \`${zone.value}\``, help });
}

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

function lookAtClock(node: Path, bound: ReadonlySet<string>, { source, problems }: Findings): void {
  const field = fieldOfClock(node, bound);
  if (field === undefined || CLOCK_FIELDS.includes(field.value)) return;
  const help = didYouMean(field.value, CLOCK_FIELDS) ?? "there is `date`, `weekday`, `hour` and `minute`";
  problems.push({ ...spanOfName(field, source), message: `\`$local\` gives no \`${field.value}\``, help });
}

const CLOCK_FIELDS: readonly string[] = ["date", "weekday", "hour", "minute"];

/** `$local(…).hour` */
function fieldOfClock(
  node: JsonataNode,
  bound: ReadonlySet<string>,
): Extract<JsonataNode, { readonly type: "name" }> | undefined {
  if (node.type !== "path" || bound.has("local")) return undefined;
  const [call, field] = node.steps;
  const isClock = call?.type === "function" && call.procedure.type === "variable" && call.procedure.value === "local";
  return isClock && field?.type === "name" ? field : undefined;
}

type Span = Pick<ExpressionProblem, "offset" | "length">;

/** With its quotes; escapes in it would take more room. */
function spanOfText({ value, position }: Text, source: string): Span {
  const end = Math.min(position ?? source.length, source.length);
  const offset = Math.max(0, end - value.length - 2);
  return { offset, length: end - offset };
}

function spanOfName(node: JsonataNode, source: string): Span {
  const end = Math.min(node.position ?? source.length, source.length);
  const offset = Math.max(0, end - lengthOf(node));
  return { offset, length: end - offset };
}

function lengthOf(node: JsonataNode): number {
  if (node.type === "variable") return node.value.length + 1;
  return node.type === "name" ? node.value.length : 1;
}
