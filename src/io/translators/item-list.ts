// Texts as a list of numbered items, as those who read JSON get them: language models and modules.
import { writeUnit } from "../../engine/translation/unit.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Pack } from "./provider.ts";

/** `only`: those that are asked, by their place in the pack. */
export function itemsOf(
  { source, target, texts, glossary }: Pack,
  only: readonly number[] = [...texts.keys()],
): JsonObject {
  const items = only.flatMap((index) => {
    const text = texts[index];
    return text === undefined ? [] : [{ i: index, t: writeUnit(text.unit), about: text.about }];
  });
  return { source, target, glossary, items };
}

/** By place in the pack. An item that comes twice, or was not asked for, makes all of it unbelievable. */
export function answersIn(
  value: JsonValue | undefined,
  asked: ReadonlySet<number>,
): ReadonlyMap<number, string> | undefined {
  const items = isJsonObject(value) ? value["items"] : undefined;
  if (!isJsonArray(items)) return undefined;
  const answers = new Map<number, string>();
  for (const item of items) {
    if (!isJsonObject(item)) return undefined;
    const { i, t } = item;
    if (typeof i !== "number" || typeof t !== "string" || !asked.has(i) || answers.has(i)) return undefined;
    answers.set(i, t);
  }
  return answers;
}
