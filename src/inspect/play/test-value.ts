// Values that a test names: literals, paths into the message where it stands, and expressions over the whole of it.
import type { Asking } from "../../engine/decision.ts";
import { bodyKeys, memberAt } from "../../engine/natural-body.ts";
import { answerTo } from "../../engine/need.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { EvaluationAnswer } from "../../expression/jsonata/evaluation.ts";
import type { Expression } from "../../expression/jsonata/expression.ts";
import { valuesAt, type Path } from "../../expression/path.ts";
import type { CompiledValue } from "../../language/compiled-value.ts";
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import type { Conversation } from "./conversation.ts";

/** `undefined`: it is absent, or the expression failed or yields nothing. */
export function* valueOf(
  revision: Revision,
  conversation: Conversation,
  value: CompiledValue,
): Asking<JsonValue | undefined> {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "path": {
      const values = valuesIn(conversation, value.path);
      return values.length > 1 ? values : values[0];
    }
    case "expression": {
      const answer = yield* evaluate(revision, conversation, value.expression);
      return answer.kind === "value" ? answer.value : undefined;
    }
  }
}

/** `$` is the whole message. */
export function* evaluate(
  revision: Revision,
  conversation: Conversation,
  expression: Expression,
): Asking<EvaluationAnswer> {
  const { request, server, client, user, tags } = whole(conversation);
  const input = conversation.outcome?.shown;
  const bindings = { ...revision.policy.policy.bindings, message: input, request, server, client, user, tags };
  if (expression.compiled) return expression.compiled(input, bindings, conversation.now);
  const need = { kind: "evaluate" as const, evaluation: { expression, input, bindings, now: conversation.now } };
  return answerTo("evaluate", yield need).answer;
}

/** Relative paths start in the natural body of what now stands there: of a refusal, that is the result or error. */
export function valuesIn(conversation: Conversation, path: Path): readonly JsonValue[] {
  if (path.absolute) return valuesAt(whole(conversation), path);
  const { outcome } = conversation;
  if (!outcome) return [];
  const { result, error } = outcome.shown;
  return valuesAt(result ?? error ?? memberAt(outcome.shown, bodyKeys(outcome.facts)), path);
}

/** The message where it now stands, and what stands beside it. */
function whole({ outcome, principal }: Conversation): JsonObject {
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
