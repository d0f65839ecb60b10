// Arguments that a policy supplies: whatever the client sent there is dropped, and the policy's value is written last.
import { removeAt, setAt } from "../../expression/edit.ts";
import type { Step } from "../../expression/path.ts";
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { Asking } from "../decision.ts";
import { resolveValue } from "../evaluate.ts";
import { secretsIn } from "../telling/masking.ts";
import type { Notes } from "../notes.ts";
import { placesAt } from "../places.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import type { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";

export type Supply = Extract<CompiledTransform, { readonly kind: "supply" }>;

export interface SupplyFailure {
  readonly rule: SelectedRule;
  readonly reason: string;
}

export function suppliesOf(rule: SelectedRule): readonly Supply[] {
  return rule.rule.transforms.filter((transform) => transform.kind === "supply");
}

export function dropSupplied(scene: Scene, rules: readonly SelectedRule[]): Scene {
  if (rules.length === 0) return scene;
  let { content } = scene;
  for (const { path } of rules.flatMap(suppliesOf)) {
    const without = removeAt(content, argumentSteps(path.steps));
    if (isJsonObject(without)) content = without;
  }
  return scene.withContent(content);
}

export function* writeSupplied(
  scene: Scene,
  rules: readonly SelectedRule[],
  notes: Notes,
): Asking<Scene | SupplyFailure> {
  const supplied: Supplied[] = [];
  let current = scene;
  for (const rule of rules) {
    for (const { path, value } of suppliesOf(rule)) {
      if (rule.match.settled !== "yes") return { rule, reason: "in doubt whether it has to be supplied" };
      const resolved = yield* resolveValue(current, "thing", value);
      if (resolved === undefined) return { rule, reason: `the value for \`${path.text}\` is nothing` };
      const entry = { rule, steps: argumentSteps(path.steps), value: resolved };
      if (supplied.some((earlier) => isAtOdds(earlier, entry))) {
        return { rule, reason: `another rule supplies something else for \`${path.text}\`` };
      }
      supplied.push(entry);
      const content = setAt(current.content, entry.steps, resolved);
      if (!isJsonObject(content) || !isSameJson(placesAt(content, entry.steps)[0]?.value, resolved)) {
        return { rule, reason: `\`${path.text}\` does not fit into what stands there` };
      }
      current = current.withContent(content);
      notes.secrets.push(...secretsIn(resolved));
    }
  }
  return current;
}

interface Supplied {
  readonly rule: SelectedRule;
  readonly steps: readonly Step[];
  readonly value: JsonValue;
}

/** One writes where the other does (or inside it), and not the same. */
function isAtOdds(one: Supplied, other: Supplied): boolean {
  const shorter = Math.min(one.steps.length, other.steps.length);
  const overlaps = isSameJson(stepsAsJson(one.steps.slice(0, shorter)), stepsAsJson(other.steps.slice(0, shorter)));
  return overlaps && !(one.steps.length === other.steps.length && isSameJson(one.value, other.value));
}

function stepsAsJson(steps: readonly Step[]): JsonValue {
  return steps.map((step) => {
    if (step.kind === "every") return true;
    return step.kind === "member" ? step.key : step.index;
  });
}

function argumentSteps(steps: readonly Step[]): readonly Step[] {
  return [{ kind: "member", key: "params" }, { kind: "member", key: "arguments" }, ...steps];
}
