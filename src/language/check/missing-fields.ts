// Which fields a message or a thing cannot have: a path is followed through MCP's schema until a step leads nowhere.
import type { Path, Step } from "../../expression/path.ts";
import { fieldsOf, type FieldTree } from "../../mcp/fields.ts";
import { nearest } from "../../source/nearest.ts";
import { LEAF, naturalFields } from "./known-fields.ts";
import { isReplyPhase, type Reached } from "../reach.ts";

/** Whether some of these messages and things may have it. */
export function hasField(path: Path, reached: readonly Reached[]): boolean {
  return reached.some((one) => missingIn(one, path) === undefined);
}

export interface Missing {
  /** The path up to what is not there. */
  readonly field: string;
  /** What is there instead. */
  readonly known: readonly string[];
}

/** `undefined`: it may be there. */
export function missingIn(reached: Reached, path: Path): Missing | undefined {
  const [first, ...rest] = path.steps;
  if (first?.kind !== "member") return undefined;
  if (!path.absolute) return missingBelow(naturalFields(reached), path.steps, "");
  return missingAtRoot(reached, first.key, rest);
}

function missingAtRoot(reached: Reached, root: string, rest: readonly Step[]): Missing | undefined {
  switch (root) {
    case "params":
    case "result":
    case "error":
      return reached.kind === "thing" ? missingAtThing(root) : missingInPart(reached, root, rest);
    case "request":
      return reached.kind !== "thing" && isReplyPhase(reached.phase)
        ? missingInRequest(reached, rest)
        : { field: root, known: [] };
    case "client":
      return missingBelow(CLIENT, rest, root);
    case "user":
      return missingBelow(USER, rest, root);
    case "server":
      return rest.length === 0 ? undefined : { field: nameOfStep(root, rest[0]), known: [] };
    case "tags":
      return reached.kind === "thing" ? { field: root, known: [] } : undefined;
    default:
      return undefined;
  }
}

/** A thing is judged when it is called, and in lists; a rule that looks at `params` is in doubt there. */
function missingAtThing(root: "params" | "result" | "error"): Missing | undefined {
  return root === "params" ? undefined : { field: root, known: [] };
}

/** `params` of what is sent, `result` and `error` of what comes back. */
function missingInPart(
  reached: Exclude<Reached, { kind: "thing" }>,
  root: "params" | "result" | "error",
  rest: readonly Step[],
): Missing | undefined {
  const part = reached.phase === "request" ? ["params"] : PARTS[reached.phase];
  if (!part.includes(root)) return { field: root, known: part };
  return reached.kind === "unknown"
    ? undefined
    : missingBelow(fieldsOf(reached.method.method, PHASES[root]), rest, root);
}

const PARTS: Readonly<Record<"result" | "error" | "failure", readonly string[]>> = {
  result: ["result"],
  error: ["error"],
  failure: ["result", "error"],
};
const PHASES = { params: "request", result: "result", error: "error" } as const;

function missingInRequest(reached: Exclude<Reached, { kind: "thing" }>, rest: readonly Step[]): Missing | undefined {
  const [part, ...inside] = rest;
  if (part === undefined || reached.kind === "unknown") return undefined;
  if (part.kind !== "member" || (part.key !== "params" && part.key !== "method")) {
    return { field: nameOfStep("request", part), known: ["params", "method"] };
  }
  if (part.key === "method")
    return inside.length === 0 ? undefined : { field: nameOfStep("request.method", inside[0]), known: [] };
  return missingBelow(fieldsOf(reached.method.method, "request"), inside, "request.params");
}

function objectOf(...keys: readonly string[]): FieldTree {
  return { kind: "object", members: new Map(keys.map((key) => [key, LEAF])), entries: undefined, isOpen: false };
}

const CLIENT = objectOf("name", "version", "title");
const ANYTHING: FieldTree = { kind: "any", members: undefined, entries: undefined, isOpen: true };
const USER: FieldTree = {
  ...objectOf(),
  members: new Map([
    ["id", LEAF],
    ["groups", { kind: "list", members: undefined, entries: LEAF, isOpen: false }],
    ["claims", ANYTHING],
  ]),
};

/** Walks down until a step leads nowhere. */
function missingBelow(fields: FieldTree | undefined, steps: readonly Step[], from: string): Missing | undefined {
  let tree = fields;
  let name = from;
  for (const step of steps) {
    if (tree === undefined || tree.kind === "any") return undefined;
    name = nameOfStep(name, step);
    const next = stepInto(tree, step);
    if (next === "missing") return { field: name, known: [...(tree.members?.keys() ?? [])] };
    tree = next;
  }
  return undefined;
}

/** `undefined`: it may be there, and nothing is known of it. */
function stepInto(tree: FieldTree, step: Step): FieldTree | undefined | "missing" {
  if (step.kind !== "member") {
    if (tree.kind === "either") return { ...tree, kind: "object" };
    return tree.kind === "list" ? tree.entries : "missing";
  }
  const member = tree.members?.get(step.key);
  return member ?? (tree.isOpen && !isMisspelt(step.key, tree) ? undefined : "missing");
}

/**
 * Where others may come too, what is nearly one that is known is hardly another. Names with a prefix are all alike, and
 * `meta` is as good a word as `_meta`.
 */
function isMisspelt(key: string, { members }: FieldTree): boolean {
  const close = members === undefined || key.includes("/") ? undefined : nearest(key, members.keys());
  return close !== undefined && close !== `_${key}`;
}

function nameOfStep(before: string, step: Step | undefined): string {
  if (step === undefined) return before;
  if (step.kind === "every") return `${before}[*]`;
  if (step.kind === "index") return `${before}[${String(step.index)}]`;
  const isPlain = /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step.key);
  if (!isPlain) return `${before}[${JSON.stringify(step.key)}]`;
  return before === "" ? step.key : `${before}.${step.key}`;
}
