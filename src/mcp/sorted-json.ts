// JSON as text that is the same for the same value: keys in one order, whatever order they came in.
import { isJsonArray, isJsonObject, type JsonValue } from "./json.ts";

/** On one line, without blanks: what a digest is taken of. */
export function sortedJson(value: JsonValue): string {
  if (isJsonArray(value)) return `[${value.map(sortedJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = sortedKeys(value).map(([key, member]) => `${JSON.stringify(key)}:${sortedJson(member)}`);
  return `{${members.join(",")}}`;
}

/** A member or entry a line, so that whoever compares two of them line by line sees what changed. */
export function sortedJsonLines(value: JsonValue, indent = ""): string {
  const inner = `${indent}  `;
  if (isJsonArray(value)) {
    return block(
      "[]",
      value.map((entry) => sortedJsonLines(entry, inner)),
      indent,
    );
  }
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = sortedKeys(value).map(([key, member]) => `${JSON.stringify(key)}: ${sortedJsonLines(member, inner)}`);
  return block("{}", members, indent);
}

/** By UTF-16 units, as JSON Canonicalization (RFC 8785) sorts them. */
function sortedKeys(value: Readonly<Record<string, JsonValue>>): readonly (readonly [string, JsonValue])[] {
  return Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
}

function block(brackets: "[]" | "{}", lines: readonly string[], indent: string): string {
  if (lines.length === 0) return brackets;
  const inside = lines.map((line) => `\n${indent}  ${line}`).join(",");
  return `${brackets.charAt(0)}${inside}\n${indent}${brackets.charAt(1)}`;
}
