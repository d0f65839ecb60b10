// Changes to JSON, at what a path finds (see `Path`), that copy only the way down to what changed: the rest is shared.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../mcp/json.ts";
import { isInListOfOne, type Step } from "./path.ts";

/**
 * Puts `value` at every place the steps lead to and makes the objects that are missing on the way. A step that does not
 * fit what stands there (a member of a text, an index beyond the place after a list's last) changes nothing.
 */
export function setAt(root: JsonValue, steps: readonly Step[], value: JsonValue): JsonValue {
  return editRoot(root, steps, { onLeaf: () => value, createsMissing: true });
}

/** Takes out the members and elements the steps lead to. */
export function removeAt(root: JsonValue, steps: readonly Step[]): JsonValue {
  return editRoot(root, steps, { onLeaf: () => undefined, createsMissing: false });
}

/** Gives every value the steps lead to to `change` and puts its outcome there. What is absent stays absent. */
export function updateEach(
  root: JsonValue,
  steps: readonly Step[],
  change: (value: JsonValue) => JsonValue,
): JsonValue {
  return editRoot(root, steps, {
    onLeaf: (value) => (value === undefined ? undefined : change(value)),
    createsMissing: false,
  });
}

interface Edit {
  /** `undefined` out: taken out. */
  readonly onLeaf: (value: JsonValue | undefined) => JsonValue | undefined;
  readonly createsMissing: boolean;
}

/** There is a root whatever is taken out of it. */
function editRoot(root: JsonValue, steps: readonly Step[], how: Edit): JsonValue {
  const edited = edit(root, steps, 0, how);
  return edited === undefined ? root : edited;
}

/** `undefined`: it goes. */
function edit(value: JsonValue, steps: readonly Step[], at: number, how: Edit): JsonValue | undefined {
  const step = steps[at];
  if (!step) return how.onLeaf(value);
  if (step.kind === "index" && isJsonArray(value)) return editElement(value, step.index, steps, at, how);
  if (isJsonArray(value)) return editList(value, step, steps, at, how);
  if (step.kind !== "member") return isInListOfOne(step) ? edit(value, steps, at + 1, how) : value;
  return isJsonObject(value) ? editMember(value, step.key, steps, at, how) : value;
}

/** What is taken out or changed is found under a name in each element; to put something there, `[*]` has to be written. */
function editList(list: JsonArray, step: Step, steps: readonly Step[], at: number, how: Edit): JsonArray {
  if (step.kind === "every") return editElements(list, steps, at + 1, how);
  return how.createsMissing ? list : editElements(list, steps, at, how);
}

function editMember(object: JsonObject, key: string, steps: readonly Step[], at: number, how: Edit): JsonObject {
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const after = descend(before, steps, at, how);
  if (after === before) return object;
  return after === undefined ? withoutMember(object, key) : withMember(object, key, after);
}

function editElement(list: JsonArray, index: number, steps: readonly Step[], at: number, how: Edit): JsonArray {
  if (index >= list.length && !(how.createsMissing && index === list.length)) return list;
  const before = list[index];
  const after = descend(before, steps, at, how);
  if (after === before) return list;
  return after === undefined ? list.toSpliced(index, 1) : list.toSpliced(index, 1, after);
}

function editElements(list: JsonArray, steps: readonly Step[], at: number, how: Edit): JsonArray {
  const edits = list.map((element) => edit(element, steps, at, how));
  if (edits.every((element, index) => element === list[index])) return list;
  return edits.filter((element) => element !== undefined);
}

/** The value one step below, edited; `undefined`: it is absent, or goes. */
function descend(value: JsonValue | undefined, steps: readonly Step[], at: number, how: Edit): JsonValue | undefined {
  if (at + 1 === steps.length) return how.onLeaf(value);
  if (value !== undefined) return edit(value, steps, at + 1, how);
  if (!how.createsMissing || steps[at + 1]?.kind !== "member") return undefined;
  return edit({}, steps, at + 1, how);
}

/** `{...object}` and a computed key both define own members, so `__proto__` is a key like any other. */
function withMember(object: JsonObject, key: string, value: JsonValue): JsonObject {
  return { ...object, [key]: value };
}

function withoutMember(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object;
  return rest;
}
