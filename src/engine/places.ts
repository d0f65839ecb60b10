// Where in a value the steps of a path lead: one place, or one for each element that `[*]` finds.
import { isInListOfOne, type Step } from "../expression/path.ts";
import { isJsonArray, memberOf, type JsonValue } from "../mcp/json.ts";

export type FixedStep = Exclude<Step, { readonly kind: "every" }>;

export interface PlaceInside {
  readonly steps: readonly FixedStep[];
  readonly value: JsonValue | undefined;
}

/**
 * Where something can be put: one place, or one in each element that `[*]` finds, even when nothing stands there. A name leads
 * nowhere in a list: what is put into each element is put there by `[*]`.
 */
export function placesAt(root: JsonValue, steps: readonly Step[]): readonly PlaceInside[] {
  let places: readonly PlaceInside[] = [{ steps: [], value: root }];
  for (const step of steps) places = places.flatMap((place) => stepInto(place, step));
  return places;
}

function stepInto({ steps, value }: PlaceInside, step: Step): readonly PlaceInside[] {
  if (step.kind === "member") return [{ steps: [...steps, step], value: memberOf(value, step.key) }];
  if (isJsonArray(value)) {
    if (step.kind === "index") return [{ steps: [...steps, step], value: value[step.index] }];
    return value.map((element, index) => ({ steps: [...steps, { kind: "index", index }], value: element }));
  }
  if (value !== undefined && isInListOfOne(step)) return [{ steps, value }];
  return step.kind === "every" ? [] : [{ steps: [...steps, step], value: undefined }];
}
