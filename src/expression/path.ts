// Paths such as `params.arguments.files[*]["full name"]`: reading them, and the values they lead to.
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";

export type Step =
  | { readonly kind: "member"; readonly key: string }
  /** From 0. */
  | { readonly kind: "index"; readonly index: number }
  /** Every element of a list; of anything else nothing. */
  | { readonly kind: "every" };

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

/** Own members only; what is absent gives nothing, so a path without `[*]` yields one value or none. */
export function valuesAt(root: JsonValue | undefined, path: Path): readonly JsonValue[] {
  return root === undefined ? [] : valuesFrom(root, path.steps, 0);
}

/** Lists opened, also lists in lists: what a condition is asked of. An empty list is absent. */
export function elementsOf(values: readonly JsonValue[]): readonly JsonValue[] {
  return values.some(isJsonArray)
    ? values.flatMap((value) => (isJsonArray(value) ? elementsOf(value) : [value]))
    : values;
}

function stepOf([, name, index, every, quoted]: RegExpExecArray): Step {
  if (name !== undefined) return { kind: "member", key: name };
  if (every !== undefined) return { kind: "every" };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  return { kind: "member", key: String(JSON.parse(quoted ?? '""')) };
}

function valuesFrom(root: JsonValue, steps: readonly Step[], from: number): readonly JsonValue[] {
  let value: JsonValue | undefined = root;
  for (let at = from; at < steps.length; at += 1) {
    const step = steps[at];
    if (step?.kind === "every") {
      return isJsonArray(value) ? value.flatMap((element) => valuesFrom(element, steps, at + 1)) : [];
    }
    value = step && valueAt(value, step);
    if (value === undefined) return [];
  }
  return [value];
}

/** One step down. `every` is not one step. */
function valueAt(value: JsonValue, step: Exclude<Step, { kind: "every" }>): JsonValue | undefined {
  if (step.kind === "index") return isJsonArray(value) ? value[step.index] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
}
