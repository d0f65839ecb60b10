// Where in a value the steps of a path lead: one place, or one for each element of the lists on the way.
import { isInListOfOne, type Step } from "../expression/path.ts";
import { isJsonArray, memberOf, type JsonValue } from "../mcp/json.ts";

export type FixedStep = Exclude<Step, { readonly kind: "every" }>;

export interface PlaceInside {
  readonly steps: readonly FixedStep[];
  readonly value: JsonValue | undefined;
}

/** Without a list on the way the one place, even when nothing stands there; with one, the places where something does. */
export function placesAt(root: JsonValue, steps: readonly Step[]): readonly PlaceInside[] {
  let places: readonly Reached[] = [{ steps: [], value: root, isOfList: false }];
  for (const step of steps) places = places.flatMap((place) => stepInto(place, step));
  return places.filter(({ value, isOfList }) => value !== undefined || !isOfList);
}

interface Reached extends PlaceInside {
  readonly isOfList: boolean;
}

function stepInto({ steps, value, isOfList }: Reached, step: Step): readonly Reached[] {
  if (step.kind === "index" && isJsonArray(value))
    return [{ steps: [...steps, step], value: value[step.index], isOfList }];
  if (isJsonArray(value)) {
    const elements = value.map((element, index) => elementAt(steps, index, element));
    return step.kind === "every" ? elements : elements.flatMap((element) => stepInto(element, step));
  }
  if (value !== undefined && isInListOfOne(step)) return [{ steps, value, isOfList }];
  if (step.kind === "every") return [];
  const below = step.kind === "member" ? memberOf(value, step.key) : undefined;
  return [{ steps: [...steps, step], value: below, isOfList }];
}

function elementAt(steps: readonly FixedStep[], index: number, value: JsonValue): Reached {
  return { steps: [...steps, { kind: "index", index }], value, isOfList: true };
}
