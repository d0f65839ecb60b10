// Which fields MCP's schema knows where a rule's paths start, and where they lead.
import type { Path, Step } from "../../expression/path.ts";
import { fieldsOf, fieldsOfThing, type FieldTree } from "../../mcp/fields.ts";
import type { Reached } from "../reach.ts";

/** The fields that a path without an absolute root starts from. `undefined`: nothing is known of them. */
export function naturalFields(reached: Reached): FieldTree | undefined {
  switch (reached.kind) {
    case "thing":
      return fieldsOfThing(reached.thing);
    case "unknown":
      return undefined;
    case "message":
      return naturalFieldsOf(reached);
  }
}

/** What is known of the value that a path leads to, and from there `keys`. */
export function fieldsAtPath(reached: Reached, path: Path, keys: readonly string[]): FieldTree | undefined {
  const [first, ...rest] = path.steps;
  const inside = keys.map((key): Step => ({ kind: "member", key }));
  if (!path.absolute) return below(naturalFields(reached), [...path.steps, ...inside]);
  const phase = first?.kind === "member" ? PHASES.get(first.key) : undefined;
  if (phase === undefined || reached.kind !== "message") return undefined;
  return below(fieldsOf(reached.method.method, phase), [...rest, ...inside]);
}

const PHASES: ReadonlyMap<string, "request" | "result" | "error"> = new Map([
  ["params", "request"],
  ["result", "result"],
  ["error", "error"],
]);

function below(fields: FieldTree | undefined, steps: readonly Step[]): FieldTree | undefined {
  let found = fields;
  for (const step of steps) found = step.kind === "member" ? found?.members?.get(step.key) : found?.entries;
  return found;
}

function naturalFieldsOf({ method, phase }: Reached & { kind: "message" }): FieldTree | undefined {
  if (phase === "failure") return FAILURE;
  if (phase !== "request") return fieldsOf(method.method, phase);
  return method.body
    .slice(1)
    .reduce((tree: FieldTree | undefined, key) => tree?.members?.get(key), fieldsOf(method.method, "request"));
}

export const LEAF: FieldTree = { kind: "scalar", members: undefined, entries: undefined, isOpen: false };
/** Of an error, or of a result with `isError`: what both have in common. */
const FAILURE: FieldTree = {
  kind: "object",
  members: new Map([
    ["message", LEAF],
    ["code", LEAF],
  ]),
  entries: undefined,
  isOpen: false,
};
