// Lints of texts that a rule writes: fields in braces are filled in where people are told something, and nowhere else.
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { RuleItem } from "../tree/ast.ts";
import type { ActionNode } from "../tree/ast-actions.ts";
import type { PatternNode, ValueNode } from "../tree/ast-values.ts";
import { warning } from "../report.ts";
import type { Scope } from "../scope.ts";

export function lintTexts(rule: RuleItem, scope: Scope): void {
  for (const action of rule.actions) {
    if (action.kind === "redact") lintMasked(action.pattern, scope);
    const value = valueWritten(action);
    if (value?.kind !== "literal") continue;
    const text = textsIn(value.value).find((one) => FIELD.test(one));
    const field = FIELD.exec(text ?? "")?.[0];
    if (text === undefined || field === undefined) continue;
    if (/\$\{/.test(text)) {
      const help = "headers and the environment of a server stand in the settings, where `${NAME}` is filled in";
      scope.report(
        warning("MR576", value.span, `\`$${field}\` stays as it is: a policy does not see the environment`, help),
      );
      continue;
    }
    const message = `\`${field}\` stays as it is here: fields are filled in the texts of \`block\`, \`ask\` and \`log\` only`;
    scope.report(warning("MR576", value.span, message, helpFor(text)));
  }
}

/** A word without quotes is hardly what stands in messages. */
function lintMasked(pattern: PatternNode, scope: Scope): void {
  for (const part of pattern.parts) {
    if (part.kind !== "glob" || part.isQuoted || part.text.includes("*")) continue;
    const isField = /^\w+(?:\.\w+)+$/.test(part.text);
    const help = isField
      ? `a field as a whole is written over: \`with ${part.text}\` and \`set ${part.text} = "***"\``
      : `write a regular expression; a text that is to be masked as it stands is quoted: "${part.text}"`;
    scope.report(warning("MR577", part.span, `this masks the letters \`${part.text}\`, and nothing else`, help));
  }
}

/** A template has braces of its own. */
function valueWritten(action: ActionNode): ValueNode | undefined {
  switch (action.kind) {
    case "answer":
      return action.value;
    case "set":
    case "add":
    case "supply":
      return /template$/i.test(action.path.text) ? undefined : action.value;
    case "allow":
    case "block":
    case "ask":
    case "limit":
    case "rename":
    case "rewrite":
    case "remove":
    case "redact":
    case "translate":
    case "call":
    case "log":
    case "tag":
    case "cache":
      return undefined;
  }
}

const FIELD = /(?<!\{)\{([A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*)\}(?!\})/;

function textsIn(value: JsonValue): readonly string[] {
  if (typeof value === "string") return [value];
  if (isJsonArray(value)) return value.flatMap(textsIn);
  return isJsonObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function helpFor(text: string): string {
  const pieces = text.split(new RegExp(FIELD, "g"));
  const joined = pieces.flatMap((piece, index) => {
    if (index % 2 === 1) return [inExpression(piece)];
    return piece === "" ? [] : [JSON.stringify(piece)];
  });
  return `write an expression: \`(${joined.join(" & ")})\``;
}

/** A path of a text, as JSONata reads it. */
function inExpression(path: string): string {
  if (path === "name") return "$message.params.name";
  const root = /^[A-Za-z_]+/.exec(path)?.[0] ?? "";
  if (root === "params" || root === "result" || root === "error") return `$message.${path}`;
  return BOUND.has(root) ? `$${path}` : path;
}

const BOUND: ReadonlySet<string> = new Set(["server", "client", "user", "request", "tags"]);
