// JSONata's functions of numbers, and of lists of them.
import { ofNumber, type Builtin } from "./builtin.ts";
import { JsonataError } from "./jsonata-error.ts";
import { isList } from "./sequence.ts";

export const NUMBER_FUNCTIONS: Readonly<Record<string, Builtin>> = {
  number: ["<(nsb)-:n>", 1, ([value]) => asNumber(value)],
  abs: ["<n-:n>", 1, ofNumber(Math.abs)],
  floor: ["<n-:n>", 1, ofNumber(Math.floor)],
  ceil: ["<n-:n>", 1, ofNumber(Math.ceil)],
  round: ["<n-n?:n>", 2, ([value, precision]) => rounded(value, precision)],
  sqrt: ["<n-:n>", 1, ofNumber(squareRoot)],
  power: ["<n-n:n>", 2, ([base, exponent]) => power(base, exponent)],
  sum: ["<a<n>:n>", 1, ofNumbers(sum)],
  max: ["<a<n>:n>", 1, ofNumbers((numbers) => (numbers.length === 0 ? undefined : numbers.reduce(larger, -Infinity)))],
  min: ["<a<n>:n>", 1, ofNumbers((numbers) => (numbers.length === 0 ? undefined : numbers.reduce(smaller, Infinity)))],
  average: ["<a<n>:n>", 1, ofNumbers((numbers) => (numbers.length === 0 ? undefined : sum(numbers) / numbers.length))],
  count: ["<a:n>", 1, ([list]) => (isList(list) ? list.length : 0)],
};

function ofNumbers(reduce: (numbers: readonly number[]) => number | undefined): Builtin[2] {
  return ([list]) => (isList(list) ? reduce(list as readonly number[]) : undefined);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function larger(one: number, other: number): number {
  return Math.max(one, other);
}

function smaller(one: number, other: number): number {
  return Math.min(one, other);
}

function asNumber(value: unknown): number | undefined {
  if (value === undefined || typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") {
    const isDecimal = /^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/.test(value);
    if (isDecimal && Number.isFinite(Number(value))) return Number.parseFloat(value);
    if (/^(0[xX][0-9A-Fa-f]+)|(0[oO][0-7]+)|(0[bB][0-1]+)$/.test(value)) return Number(value);
  }
  throw new JsonataError("D3030");
}

/** Half goes to the even neighbour. The decimal point is moved in the text, where that is exact. */
function rounded(value: unknown, precision: unknown): number | undefined {
  if (typeof value !== "number") return undefined;
  const places = typeof precision === "number" && !Number.isNaN(precision) ? precision : 0;
  const shifted = places === 0 ? value : moved(value, places);
  const nearest = Math.round(shifted);
  const isHalf = Math.abs(nearest - shifted) === 0.5 && Math.abs(nearest % 2) === 1;
  const even = isHalf ? nearest - 1 : nearest;
  const back = places === 0 ? even : moved(even, -places);
  return Object.is(back, -0) ? 0 : back;
}

function moved(value: number, places: number): number {
  const [digits = "", exponent] = value.toString().split("e");
  return Number(`${digits}e${exponent === undefined ? places : Number(exponent) + places}`);
}

function squareRoot(value: number): number {
  if (value < 0) throw new JsonataError("D3060");
  return Math.sqrt(value);
}

function power(base: unknown, exponent: unknown): number | undefined {
  if (typeof base !== "number") return undefined;
  const result = base ** (exponent as number);
  if (!Number.isFinite(result)) throw new JsonataError("D3061");
  return result;
}
