// Values that a test names: literals, paths into the message where it stands, and expressions over the whole of it.
import type { Asking } from "../engine/decision.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { EvaluationAnswer } from "../expression/evaluation.ts";
import type { Expression } from "../expression/expression.ts";
import { valuesAt } from "../expression/path.ts";
import type { CompiledValue } from "../language/compiled-value.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { Scene } from "./scene.ts";

/** `undefined`: it is absent, or the expression failed or yields nothing. */
export function* valueOf(revision: Revision, scene: Scene, value: CompiledValue): Asking<JsonValue | undefined> {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "path": {
      const values = valuesAt(whole(scene), value.path);
      return values.length > 1 ? values : values[0];
    }
    case "expression": {
      const answer = yield* evaluate(revision, scene, value.expression);
      return answer.kind === "value" ? answer.value : undefined;
    }
  }
}

/** `$` is the whole message. */
export function* evaluate(revision: Revision, scene: Scene, expression: Expression): Asking<EvaluationAnswer> {
  const { request, server, client, user, tags } = whole(scene);
  const input = scene.outcome?.shown;
  const bindings = { ...revision.policy.policy.bindings, message: input, request, server, client, user, tags };
  if (expression.compiled) return expression.compiled(input, bindings, scene.now);
  return yield { kind: "evaluate", evaluation: { expression, input, bindings, now: scene.now } };
}

/** The message where it now stands, and what stands beside it. */
export function whole({ outcome, principal }: Scene): JsonObject {
  const { client, user } = principal;
  const request = outcome?.surroundings.request;
  const server = outcome?.facts.server;
  return {
    ...outcome?.shown,
    ...(request !== undefined && { request }),
    ...(server !== undefined && { server }),
    ...(client && { client: { ...client } }),
    ...(user && { user: { id: user.id, claims: user.claims, ...(user.groups && { groups: user.groups }) } }),
    tags: [...(outcome?.surroundings.tags ?? []), ...(outcome?.decision.tags ?? [])],
  };
}
