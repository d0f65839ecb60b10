// Walks a value along the fields that people read, down to the texts; schemas keyword by keyword.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { ReadableField } from "../../mcp/readable-fields.ts";
import { schemaPart, type SchemaKind, type SchemaPart } from "../../mcp/readable-schema.ts";
import type { FixedStep } from "../places.ts";

export interface ReadText {
  readonly text: string;
  readonly steps: readonly FixedStep[];
  readonly mark: ReadableField["mark"];
}

/** `way`: what the steps begin with. */
export function textsIn(
  value: JsonValue | undefined,
  fields: readonly ReadableField[],
  way: readonly FixedStep[],
): readonly ReadText[] {
  return fields.flatMap((field) => textsOfField({ value, steps: way }, field, 0));
}

interface Place {
  readonly value: JsonValue | undefined;
  readonly steps: readonly FixedStep[];
}

/** Schemas refer to themselves by name only, so this is a bound on what is written, not on what is meant. */
const DEEPEST_SCHEMA = 32;

function textsOfField(place: Place, field: ReadableField, at: number): readonly ReadText[] {
  const key = field.keys[at];
  if (key === undefined) return textsAtEnd(place, field);
  if (isJsonArray(place.value)) return elementsOf(place).flatMap((element) => textsOfField(element, field, at));
  if (!isJsonObject(place.value) || !Object.hasOwn(place.value, key)) return [];
  if (at === field.keys.length - 1 && !isWithin(place.value, field.within)) return [];
  return textsOfField(memberOf(place.value, key, place), field, at + 1);
}

function textsAtEnd(place: Place, { holds, mark }: ReadableField): readonly ReadText[] {
  if (holds === "text") return textAt(place, mark);
  return partTexts(place, "schema", holds, 0).flatMap((found) => textAt(found, mark));
}

function isWithin(object: JsonObject, within: ReadableField["within"]): boolean {
  if (within === undefined) return true;
  const said = object[within.key];
  // A media type may have parameters: `text/plain; charset=utf-8`.
  const [kind = ""] = typeof said === "string" ? said.split(";") : [];
  return within.values.includes(kind.trim().toLowerCase());
}

function textAt({ value, steps }: Place, mark: ReadText["mark"]): readonly ReadText[] {
  return typeof value === "string" ? [{ text: value, steps, mark }] : [];
}

function partTexts(place: Place, part: SchemaPart, kind: SchemaKind, depth: number): readonly Place[] {
  if (part === "text") return [place];
  if (depth > DEEPEST_SCHEMA) return [];
  if (isJsonArray(place.value)) {
    const inside = part === "texts" ? "text" : part;
    return part === "schemas" ? [] : elementsOf(place).flatMap((one) => partTexts(one, inside, kind, depth + 1));
  }
  const { value } = place;
  if (!isJsonObject(value)) return [];
  return Object.keys(value).flatMap((key) => {
    const next = part === "schemas" ? "schema" : schemaPart(key, kind);
    return next === undefined ? [] : partTexts(memberOf(value, key, place), next, kind, depth + 1);
  });
}

function elementsOf({ value, steps }: Place): readonly Place[] {
  if (!isJsonArray(value)) return [];
  return value.map((element, index) => ({ value: element, steps: [...steps, { kind: "index", index }] }));
}

function memberOf(object: JsonObject, key: string, { steps }: Place): Place {
  return { value: object[key], steps: [...steps, { kind: "member", key }] };
}
