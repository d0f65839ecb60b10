// Where in a value the steps of a path lead: one place, or one for each element that `[*]` finds.
import { isJsonArray, isJsonObject, type JsonValue } from "../mcp/json.ts";
import type { Step } from "../expression/path.ts";

export type FixedStep = Exclude<Step, { readonly kind: "every" }>;

export interface PlaceInside {
  readonly steps: readonly FixedStep[];
  readonly value: JsonValue | undefined;
}

/** Without `[*]` the one place, even when nothing stands there; with it, the places where something does. */
export function placesAt(root: JsonValue, steps: readonly Step[]): readonly PlaceInside[] {
  let places: readonly PlaceInside[] = [{ steps: [], value: root }];
  for (const step of steps) places = places.flatMap((place) => stepInto(place, step));
  return steps.some((step) => step.kind === "every") ? places.filter((place) => place.value !== undefined) : places;
}

function stepInto(place: PlaceInside, step: Step): readonly PlaceInside[] {
  if (step.kind !== "every") return [{ steps: [...place.steps, step], value: childOf(place.value, step) }];
  if (!isJsonArray(place.value)) return [];
  return place.value.map((value, index) => ({ steps: [...place.steps, { kind: "index", index }], value }));
}

function childOf(value: JsonValue | undefined, step: FixedStep): JsonValue | undefined {
  if (step.kind === "index") return isJsonArray(value) ? value[step.index] : undefined;
  return isJsonObject(value) && Object.hasOwn(value, step.key) ? value[step.key] : undefined;
}
