// What one rule's transforms make of a message or a definition: all of them, or none and the reason why not.
import type { Expression } from "../../expression/jsonata/expression.ts";
import { removeAt, setAt, updateEach } from "../../expression/edit.ts";
import { valuesAt } from "../../expression/path.ts";
import { redactValue, type Redaction } from "../../expression/masking/redact.ts";
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import type { Asking } from "../decision.ts";
import { evaluate, resolveValue } from "../evaluate.ts";
import { fitted } from "./fit-schema.ts";
import type { Home } from "../matching/identity-truth.ts";
import { mutate } from "../modules/mutate.ts";
import type { Notes } from "../notes.ts";
import { placesAt, type PlaceInside } from "../places.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { subjectAt, type Subject } from "./subject.ts";
import { failed, type Transformed } from "./transformed.ts";
import { translateTogether } from "../translation/translate.ts";

/** This many elements of lists are evaluated one by one at the most. */
const MOST_ELEMENTS = 10_000;

/** `transforms`: those of the rule that are due. */
export function* applyTransforms(
  scene: Scene,
  home: Home,
  selected: SelectedRule,
  transforms: readonly CompiledTransform[],
  notes: Notes,
): Asking<Transformed> {
  let done: Transformed = { kind: "done", scene };
  for (const transform of transforms) {
    if (done.kind === "failed") return done;
    done = yield* applyTransform(done.scene, home, selected, transform, notes);
  }
  return done;
}

/** Nothing of a message that is blocked anyway is sent to anybody. */
export function asksOthers({ rule }: SelectedRule): boolean {
  return rule.transforms.some(({ kind }) => kind === "call" || kind === "translate");
}

/** What makes sense in doubt: it takes away and can do no harm. */
export function isSafeInDoubt(transform: CompiledTransform): boolean {
  return transform.kind === "redact" || transform.kind === "remove";
}

export function redact(
  scene: Scene,
  home: Home,
  { pattern, path, as }: Pick<Extract<CompiledTransform, { kind: "redact" }>, "pattern" | "path" | "as">,
): Transformed {
  const subject = subjectAt(scene, home, path);
  if (!subject) return failed("there is no such place to mask");
  const redactions: Redaction[] = [];
  const root = updateAll(subject, (value) => {
    const redaction = redactValue(value, pattern, as);
    redactions.push(redaction);
    return redaction.value;
  });
  if (redactions.some((redaction) => redaction.blocked)) {
    return { kind: "failed", reason: "what has to be masked cannot be changed", always: true };
  }
  return written(subject, root);
}

function updateAll({ root, steps }: Subject, change: (value: JsonValue) => JsonValue): JsonValue {
  return steps.length === 0 ? change(root) : updateEach(root, steps, change);
}

function* applyTransform(
  scene: Scene,
  home: Home,
  selected: SelectedRule,
  transform: CompiledTransform,
  notes: Notes,
): Asking<Transformed> {
  switch (transform.kind) {
    case "rename":
    case "supply":
      return { kind: "done", scene };
    case "rewrite":
      return yield* rewrite(scene, home, transform);
    case "set":
    case "add":
      return yield* write(scene, home, transform);
    case "remove":
      return remove(scene, home, transform);
    case "redact":
      return redact(scene, home, transform);
    case "translate": {
      const [outcome] = yield* translateTogether([{ scene, notes }], home, selected, transform);
      return outcome ?? { kind: "done", scene };
    }
    case "call":
      if (home === "thing") throw new Error("a module that is called on a thing was refused before");
      return yield* mutate(scene, selected, transform, notes);
  }
}

function* rewrite(
  scene: Scene,
  home: Home,
  { path, expression }: Extract<CompiledTransform, { kind: "rewrite" }>,
): Asking<Transformed> {
  const subject = subjectAt(scene, home, path);
  if (!subject) return failed(`\`${path.text}\` cannot be written`);
  const { otherReading } = scene;
  if (otherReading && !isSameJson(scene.values(home, path), otherReading.values(home, path)))
    return failed(`\`${path.text}\` may be a text, or what it holds`);
  const places = placesToChange(subject);
  if (typeof places === "string") return failed(`\`${path.text}\` ${places}`);
  const values = yield* rewritten(scene, expression, places, subject);
  if (values === undefined) return failed(`the expression for \`${path.text}\` yields nothing`);
  if (typeof values === "string") return failed(values);
  const [only] = values;
  if (isOneAbsent(places))
    return only === undefined ? written(subject, subject.root) : setValue(subject, path.text, only);
  let at = 0;
  return written(
    subject,
    updateAll(subject, (value) => {
      const next = values[at++];
      return next === undefined ? value : next;
    }),
  );
}

/** One for each place, but where neither was nor comes anything. A text: why it failed; `undefined`: nothing came of what was there. */
function* rewritten(
  scene: Scene,
  expression: Expression,
  places: readonly PlaceInside[],
  { fields }: Subject,
): Asking<readonly JsonValue[] | string | undefined> {
  const values: JsonValue[] = [];
  for (const place of places) {
    const answer = yield* evaluate(scene, expression, place.value);
    if (answer.kind === "failed") return answer.reason;
    const value = fitted(answer.value, fields, place.value);
    if (value !== undefined) values.push(value);
    else if (place.value !== undefined) return undefined;
  }
  return values;
}

/** The one place, even when nothing stands there; of those that `[*]` finds, where something does. A text: why it cannot be done. */
function placesToChange({ root, steps }: Subject): readonly PlaceInside[] | string {
  const isSpread = steps.some((step) => step.kind === "every");
  const places = placesAt(root, steps).filter(({ value }) => value !== undefined || !isSpread);
  if (places.length > MOST_ELEMENTS) return `has more than ${MOST_ELEMENTS} elements`;
  const found = places.filter(({ value }) => value !== undefined);
  return found.length < valuesAt(root, { steps }).length ? "leads through a list, without `[*]`" : places;
}

function isOneAbsent(places: readonly PlaceInside[]): boolean {
  return places.length === 1 && places[0]?.value === undefined;
}

function* write(
  scene: Scene,
  home: Home,
  transform: Extract<CompiledTransform, { kind: "set" | "add" }>,
): Asking<Transformed> {
  const { path } = transform;
  const subject = subjectAt(scene, home, path);
  if (!subject) return failed(`\`${path.text}\` cannot be written`);
  const resolved = yield* resolveValue(scene, home, transform.value);
  const otherwise = scene.otherReading && (yield* resolveValue(scene.otherReading, home, transform.value));
  if (otherwise !== undefined && !isSameJson(otherwise, resolved))
    return failed(`the value for \`${path.text}\` hangs on what may be a text, or what it holds`);
  const value = transform.kind === "set" ? fitted(resolved, subject.fields, undefined) : resolved;
  if (value === undefined) return failed(`the value for \`${path.text}\` is nothing`);
  return transform.kind === "set" ? setValue(subject, path.text, value) : addValue(subject, path.text, value);
}

function setValue(subject: Subject, text: string, value: JsonValue): Transformed {
  const root = setAt(subject.root, subject.steps, value);
  const places = placesAt(subject.root, subject.steps);
  const hasTaken = places.every(({ steps }) => placesAt(root, steps)[0]?.value === value);
  return hasTaken ? written(subject, root) : failed(`\`${text}\` does not fit into what stands there`);
}

function addValue(subject: Subject, text: string, value: JsonValue): Transformed {
  const places = placesToChange(subject);
  if (typeof places === "string") return failed(`\`${text}\` ${places}`);
  if (isOneAbsent(places)) return setValue(subject, text, [value]);
  if (!places.every((place) => isJsonArray(place.value))) return failed(`\`${text}\` is not a list`);
  return written(
    subject,
    updateAll(subject, (list) => (isJsonArray(list) ? [...list, value] : list)),
  );
}

function remove(scene: Scene, home: Home, { paths }: Extract<CompiledTransform, { kind: "remove" }>): Transformed {
  let done: Transformed = { kind: "done", scene };
  for (const path of paths) {
    if (done.kind === "failed") return done;
    const subject = subjectAt(done.scene, home, path);
    if (!subject) return failed(`\`${path.text}\` cannot be written`);
    done = written(subject, removeAt(subject.root, subject.steps));
  }
  return done;
}

function written(subject: Subject, root: JsonValue): Transformed {
  if (root === subject.root) return { kind: "done", scene: subject.scene };
  const scene = isJsonObject(root) ? subject.put(root) : undefined;
  return scene ? { kind: "done", scene } : failed("what it would write is no message");
}
