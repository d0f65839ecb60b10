// Having an expression evaluated: at once where it is compiled to a function, else by asking for it.
import type { Evaluation, EvaluationAnswer } from "../expression/jsonata/evaluation.ts";
import type { Expression } from "../expression/jsonata/expression.ts";
import type { CompiledValue } from "../language/compiled-policy.ts";
import type { JsonValue } from "../mcp/json.ts";
import type { Asking } from "./decision.ts";
import type { Home } from "./matching/identity-truth.ts";
import { answerTo } from "./need.ts";
import type { Scene } from "./scene.ts";

/** A failure is noted in the scene. */
export function* evaluate(
  scene: Scene,
  expression: Expression,
  input: JsonValue | undefined,
): Asking<EvaluationAnswer> {
  const answer =
    scene.lasting === "unknown" && expression.variables.includes("tags")
      ? UNKNOWN_TAGS
      : yield* evaluated(scene, expression, input);
  if (answer.kind === "failed") noteFailure(scene, answer);
  return answer;
}

const UNKNOWN_TAGS: EvaluationAnswer = { kind: "failed", reason: "it is not known which tags hold" };

function* evaluated(scene: Scene, expression: Expression, input: JsonValue | undefined): Asking<EvaluationAnswer> {
  const { now } = scene.surroundings;
  const bindings = bindingsOf(scene, expression);
  if (expression.compiled) return expression.compiled(input, bindings, now);
  return answerTo("evaluate", yield { kind: "evaluate", evaluation: { expression, input, bindings, now } }).answer;
}

function noteFailure(scene: Scene, { reason, isOverrun }: Extract<EvaluationAnswer, { kind: "failed" }>): void {
  scene.failures.push(reason);
  if (isOverrun) scene.revision.policy.overruns.count += 1;
}

/** The value of a literal, an expression (which starts from the natural body) or a path; `undefined`: nothing, or failed. */
export function* resolveValue(scene: Scene, home: Home, value: CompiledValue): Asking<JsonValue | undefined> {
  if (value.kind !== "expression") return valueNow(scene, home, value);
  const answer = yield* evaluate(scene, value.expression, scene.body(home));
  return answer.kind === "value" ? answer.value : undefined;
}

export function valueNow(
  scene: Scene,
  home: Home,
  value: Exclude<CompiledValue, { kind: "expression" }>,
): JsonValue | undefined {
  if (value.kind === "literal") return value.value;
  const values = scene.values(home, value.path);
  const isList = values.length > 1 || value.path.steps.some((step) => step.kind === "every");
  return isList ? values : values[0];
}

/** Only what it uses: all of it may have to be copied to another thread. */
function bindingsOf(scene: Scene, expression: Expression): Evaluation["bindings"] {
  return Object.fromEntries(expression.variables.map((name) => [name, scene.named(name)]));
}
