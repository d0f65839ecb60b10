// Paths such as `params.arguments.files[*]["full name"]`: reading them, and the values they lead to.
import { isJsonArray, memberOf, type JsonValue } from "../mcp/json.ts";

export type Step =
  | { readonly kind: "member"; readonly key: string }
  /** From 0. */
  | { readonly kind: "index"; readonly index: number }
  /** Every element of a list. */
  | { readonly kind: "every" };

/**
 * What a path finds does not hang on lists that somebody wraps around a value or leaves out: a name is asked of every element of
 * a list, and what is no list is a list of one for `[*]` and `[0]`. Else who writes a message could slip past a rule so,
 * since servers often take one value where a list is meant, and the other way round.
 */
export interface Path {
  /** As written. */
  readonly text: string;
  /** Starts at the message (`params`, `result`, …) or beside it (`user`, …), not in the natural body. */
  readonly absolute: boolean;
  /** The first one is a member. */
  readonly steps: readonly Step[];
}

/** The first segments that make a path absolute. */
export const ABSOLUTE_ROOTS: ReadonlySet<string> = new Set([
  "params",
  "result",
  "error",
  "request",
  "server",
  "client",
  "user",
  "tags",
]);

/** One segment or bracket; the text was accepted by the grammar's PATH before, so anything else is our own bug. */
const STEP = /(?:^|(?!^)\.)([A-Za-z_][A-Za-z0-9_-]*)|\[(?:(\d+)|(\*)|("(?:[^"\\]|\\.)*"))\]/y;

export function parsePath(text: string): Path {
  const steps: Step[] = [];
  let end = 0;
  while (end < text.length) {
    STEP.lastIndex = end;
    const match = STEP.exec(text);
    if (!match) throw new Error(`not a path: ${text}`);
    steps.push(stepOf(match));
    end = STEP.lastIndex;
  }
  const first = steps[0];
  if (first?.kind !== "member") throw new Error(`not a path: ${text}`);
  return { text, steps, absolute: ABSOLUTE_ROOTS.has(first.key) };
}

/** Own members only; what is absent gives nothing. */
export function valuesAt(root: JsonValue | undefined, path: Pick<Path, "steps">): readonly JsonValue[] {
  const readings = readingsAt(root, path);
  return readings.every(isThere) ? readings : readings.filter(isThere);
}

/** The same, and `undefined` for each element of a list that has nothing there: a condition is asked of it, too. */
export function readingsAt(
  root: JsonValue | undefined,
  { steps }: Pick<Path, "steps">,
): readonly (JsonValue | undefined)[] {
  return root === undefined ? [] : readingsFrom(root, steps, 0);
}

/** Lists opened, also lists in lists: what a condition is asked of. An empty list is absent. */
export function elementsOf(values: readonly JsonValue[]): readonly JsonValue[] {
  return values.some(isJsonArray)
    ? values.flatMap((value) => (isJsonArray(value) ? elementsOf(value) : [value]))
    : values;
}

/** Whether a step into a list of one leads to what is in it. */
export function isInListOfOne(step: Step): boolean {
  return step.kind === "every" || (step.kind === "index" && step.index === 0);
}

function stepOf([, name, index, every, quoted]: RegExpExecArray): Step {
  if (name !== undefined) return { kind: "member", key: name };
  if (every !== undefined) return { kind: "every" };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  return { kind: "member", key: String(JSON.parse(quoted ?? '""')) };
}

function readingsFrom(root: JsonValue, steps: readonly Step[], from: number): readonly (JsonValue | undefined)[] {
  let value: JsonValue | undefined = root;
  for (let at = from; at < steps.length; at += 1) {
    const step = steps[at];
    if (isJsonArray(value) && step?.kind !== "index") {
      const next = step?.kind === "every" ? at + 1 : at;
      return value.flatMap((element) => readingOf(readingsFrom(element, steps, next)));
    }
    value = step && valueAt(value, step);
    if (value === undefined) return [];
  }
  return [value];
}

function isThere(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined;
}

function readingOf(found: readonly (JsonValue | undefined)[]): readonly (JsonValue | undefined)[] {
  return found.length === 0 ? [undefined] : found;
}

/** One step down, where that is one value. */
function valueAt(value: JsonValue, step: Step): JsonValue | undefined {
  if (step.kind === "member") return memberOf(value, step.key);
  if (step.kind === "index" && isJsonArray(value)) return value[step.index];
  return isInListOfOne(step) ? value : undefined;
}
