// How each rule is carried out, for people: `check --verbose`.
import type { RuleKey } from "../../engine/matching/rule-buckets.ts";
import type { ExpressionOutline, PolicyOutline, RuleOutline } from "../../inspect/rule-outline.ts";
import { printable, type Paint } from "../paint.ts";
import { row, shown } from "./render-explanation.ts";

export function renderOutline({ rules, order }: PolicyOutline, paint: Paint): string {
  const lines = rules.flatMap((rule) => renderRule(rule, paint));
  const orders = order.map(({ target, rules: changing }) =>
    row("order", `${shown(target)}: ${printable(changing.join(", "))}`),
  );
  const title = orders.length > 0 ? [paint.bold("changed by several rules, in this order"), ...orders] : [];
  const total = rules.flatMap(({ expressions }) => expressions);
  const packaged = total.filter(({ runs }) => runs === "packaged").length;
  const count = `${rules.length} rules, ${total.length} expressions: ${total.length - packaged} compiled, ${packaged} in the JSONata package`;
  return [...lines, ...title, count, ""].join("\n");
}

function renderRule(
  { rule, place, stage, found, reads, writes, needs, expressions }: RuleOutline,
  paint: Paint,
): readonly string[] {
  const where = `${printable(place.file)}:${place.line}${stage === "enforced" ? "" : `, in ${stage}`}`;
  return [
    `${paint.bold(printable(rule))} ${paint.dim(where)}`,
    row("found by", shown(foundText(found))),
    ...(reads.length > 0 ? [row("reads", shown(reads.join(", ")))] : []),
    ...(writes.length > 0 ? [row("writes", shown(writes.join(", ")))] : []),
    ...(needs.length > 0 ? [row("needs", shown(needs.join(", ")))] : []),
    ...expressions.map((expression) => renderExpression(expression, paint)),
  ];
}

function renderExpression({ source, runs, because }: ExpressionOutline, paint: Paint): string {
  const text = shown(source.replace(/\s+/g, " "));
  if (runs === "compiled") return row("compiled", text);
  return row("package", `${text} ${paint.dim(`because of ${shown(because ?? "")}`)}`);
}

/** Rules that are found by nothing are asked for every message. */
function foundText(keys: readonly RuleKey[]): string {
  const methods = wordsOf(keys, ({ method }) => method);
  const servers = wordsOf(keys, ({ server }) => server);
  const names = wordsOf(keys, ({ name }) => nameText(name));
  const parts = [
    ...(methods === undefined ? [] : [methods]),
    ...(names === undefined ? [] : [`name ${names}`]),
    ...(servers === undefined ? [] : [`server ${servers}`]),
  ];
  return parts.length === 0 ? "nothing: every message is put to it" : parts.join(", ");
}

function nameText(name: string): string {
  if (name === "*") return name;
  return name.startsWith("^") ? `${name.slice(1)}*` : name.slice(1);
}

/** `undefined`: it is not looked at. */
function wordsOf(keys: readonly RuleKey[], word: (key: RuleKey) => string): string | undefined {
  const words = new Set(keys.map(word));
  return words.has("*") ? undefined : [...words].join(" | ");
}
