// Puts translations back where their texts were found; only the way down to them is copied.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { FixedStep } from "../places.ts";
import type { FoundText } from "./found-text.ts";

/** `texts`: one for each that was found in `root`; `undefined`: the original stays. The same object when all do. */
export function writeTexts(
  root: JsonObject,
  found: readonly FoundText[],
  texts: readonly (string | undefined)[],
): JsonObject {
  const top: Change = { text: undefined, below: new Map() };
  for (const [index, { steps, text }] of found.entries()) {
    const other = texts[index];
    if (other !== undefined && other !== text) changeAt(top, steps).text = other;
  }
  const written = changed(root, top);
  return isJsonObject(written) ? written : root;
}

/** Filled in while the changes are collected. */
interface Change {
  text: string | undefined;
  readonly below: Map<string | number, Change>;
}

function changeAt(top: Change, steps: readonly FixedStep[]): Change {
  let at = top;
  for (const step of steps) {
    const key = step.kind === "member" ? step.key : step.index;
    const next = at.below.get(key) ?? { text: undefined, below: new Map() };
    at.below.set(key, next);
    at = next;
  }
  return at;
}

function changed(value: JsonValue, { text, below }: Change): JsonValue {
  if (text !== undefined) return text;
  if (below.size === 0) return value;
  if (isJsonArray(value)) {
    return value.map((element, index) => {
      const change = below.get(index);
      return change ? changed(element, change) : element;
    });
  }
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): readonly [string, JsonValue] => {
    const change = below.get(key);
    return [key, change ? changed(member, change) : member];
  });
  return Object.fromEntries(entries);
}
