// Comparisons of two JSON values with three answers: unlike types are in doubt, never simply unequal.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { elementsOf } from "./path.ts";
import { agreed, every, not, type Truth } from "./truth.ts";

export type Comparison = "=" | "!=" | "<" | "<=" | ">" | ">=";

/**
 * Of a list, every element is compared (all agree, that answer; mixed: doubt) unless the other side is a list too.
 * Absent, or an empty list: `!=` says yes, the others no. An `other` that yielded nothing: doubt.
 */
export function compareValues(
  value: JsonValue | undefined,
  comparison: Comparison,
  other: JsonValue | undefined,
): Truth {
  if (other === undefined) return "doubt";
  if (value === undefined) return comparison === "!=" ? "yes" : "no";
  if (!isJsonArray(value) || isJsonArray(other)) return compareOne(value, comparison, other);
  const elements = elementsOf(value);
  if (elements.length === 0) return comparison === "!=" ? "yes" : "no";
  return agreed(elements.map((element) => compareOne(element, comparison, other)));
}

/** Whether two values are the same JSON, literally; key order does not matter. */
export function equals(value: JsonValue, other: JsonValue): Truth {
  if (typeof value === "number" && typeof other === "number") {
    return isExact(value) && isExact(other) ? truth(value === other) : "doubt";
  }
  if (isJsonArray(value) && isJsonArray(other)) return equalLists(value, other);
  if (isJsonObject(value) && isJsonObject(other)) return equalObjects(value, other);
  if (value === null || other === null) return value === other ? "yes" : "doubt";
  return typeof value === typeof other && !isJsonArray(value) && !isJsonArray(other) ? truth(value === other) : "doubt";
}

function compareOne(value: JsonValue, comparison: Comparison, other: JsonValue): Truth {
  if (comparison === "=") return equals(value, other);
  if (comparison === "!=") return not(equals(value, other));
  if (typeof value === "number" && typeof other === "number") {
    return isExact(value) && isExact(other) ? truth(isOrdered(value - other, comparison)) : "doubt";
  }
  if (typeof value === "string" && typeof other === "string") {
    return truth(isOrdered(Number(value > other) - Number(value < other), comparison));
  }
  return "doubt";
}

function isOrdered(difference: number, comparison: "<" | "<=" | ">" | ">="): boolean {
  switch (comparison) {
    case "<":
      return difference < 0;
    case "<=":
      return difference <= 0;
    case ">":
      return difference > 0;
    case ">=":
      return difference >= 0;
  }
}

function equalLists(value: JsonArray, other: JsonArray): Truth {
  if (value.length !== other.length) return "no";
  return every(value.map((element, index) => equals(element, other[index] ?? null)));
}

function equalObjects(value: JsonObject, other: JsonObject): Truth {
  const keys = Object.keys(value);
  if (keys.length !== Object.keys(other).length || !keys.every((key) => Object.hasOwn(other, key))) return "no";
  return every(keys.map((key) => equals(value[key] ?? null, other[key] ?? null)));
}

/** Beyond 2^53 neighbours read as one number, and what JSON writes as 1e999 reads as infinite. */
function isExact(value: number): boolean {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function truth(holds: boolean): Truth {
  return holds ? "yes" : "no";
}
