// What JSONata makes of values: as a condition, as text, as equal or not.
import { JsonataError } from "./jsonata-error.ts";
import { FunctionValue } from "./function-value.ts";
import { add, isList, Sequence, sequenceOf } from "./sequence.ts";

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof FunctionValue);
}

/** A number that is not finite fails. */
export function isNumeric(value: unknown): value is number {
  if (typeof value !== "number" || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new JsonataError("D1001");
  return true;
}

/** As `$boolean`; nothing is `false` here. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return value !== "";
  if (isNumeric(value)) return value !== 0;
  if (isList(value)) return value.length === 1 ? isTruthy(value[0]) : countTruthy(value) > 0;
  return isObject(value) && Object.keys(value).length > 0;
}

/** All are looked at, since one of them may fail. */
function countTruthy(values: readonly unknown[]): number {
  return values.reduce<number>((count, value) => count + Number(isTruthy(value)), 0);
}

/** As `$string`; nothing is nothing. */
export function asText(value: unknown, isPretty = false): string | undefined {
  if (typeof value === "string" || value === undefined) return value;
  if (value instanceof FunctionValue) return "";
  if (typeof value === "number" && !Number.isFinite(value)) throw new JsonataError("D3001");
  const whole = value instanceof Sequence && value.isOuterWrapper ? value[0] : value;
  return JSON.stringify(whole, inText, isPretty ? 2 : 0);
}

function inText(_key: string, value: unknown): unknown {
  if (isNumeric(value)) return Number.isInteger(value) ? value : Number(value.toPrecision(15));
  return value instanceof FunctionValue ? "" : value;
}

export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (isList(one) && isList(other)) {
    return one.length === other.length && one.every((value, index) => isSame(value, other[index]));
  }
  return isObject(one) && isObject(other) && isSameObject(one, other);
}

type Members = Readonly<Record<string, unknown>>;

function isSameObject(one: Members, other: Members): boolean {
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isSame(one[key], other[key]))
  );
}

/** Own members only; of a list, those of all its elements. */
export function lookup(value: unknown, key: string): unknown {
  if (!isList(value)) return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  const found = sequenceOf();
  for (const element of value) {
    const member = lookup(element, key);
    if (isList(member)) for (const one of member) add(found, one);
    else if (member !== undefined) add(found, member);
  }
  return found;
}
