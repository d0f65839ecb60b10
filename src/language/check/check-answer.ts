// `answer`: to requests, with the object of a result or a text where that stands for one.
import { isJsonArray, isJsonObject, type JsonValue } from "../../mcp/json.ts";
import type { AnswerNode } from "../tree/ast-actions.ts";
import { isReplyPhase, type Reached } from "../reach.ts";
import { error } from "../report.ts";
import { literalOf, type Scope } from "../scope.ts";

export function checkAnswer(action: AnswerNode, reached: readonly Reached[], scope: Scope): void {
  const value = literalOf(action.value, scope);
  if (value !== undefined && typeof value !== "string" && !isJsonObject(value)) {
    scope.report(
      error(
        "MR407",
        action.value.span,
        "an answer is the object of a result, or a text",
        'write `answer {"content": [ … ]}` or `answer "…"`',
      ),
    );
  }
  if (reached.length === 0) return;
  if (reached.some(mayBeAnswered)) {
    checkToolResult(action, value, reached, scope);
    if (typeof value !== "string" || reached.some(mayBeText)) return;
    return scope.report(
      error("MR407", action.value.span, "such a request is not answered by a text", "write the object of its result"),
    );
  }
  const isReply = reached.some((one) => one.kind !== "thing" && isReplyPhase(one.phase));
  const message = isReply ? "a reply is not answered" : "a notification is not answered";
  scope.report(
    error(
      "MR510",
      action.span,
      message,
      isReply ? "change it: `set`, `rewrite`, `remove`" : "nobody waits for a reply to it",
    ),
  );
}

/** An answer that no client can read: a tool's result is a list of content, or is asked for in another round. */
function checkToolResult(
  { value: { span } }: AnswerNode,
  value: JsonValue | undefined,
  reached: readonly Reached[],
  scope: Scope,
): void {
  if (value === undefined || !isJsonObject(value) || !reached.every(isToolCall)) return;
  const { content } = value;
  if (isJsonArray(content) || (content === undefined && Object.keys(value).some((key) => RESULT_KEYS.has(key)))) return;
  const text = typeof content === "string" ? content : value["message"];
  const written = typeof text === "string" ? JSON.stringify(text) : '"…"';
  const message = "no client can read this: the `content` of a tool's result is a list";
  scope.report(error("MR407", span, message, `write \`answer ${written}\`, or \`"content": [ … ]\``));
}

function isToolCall(reached: Reached): boolean {
  if (reached.kind === "thing") return reached.thing === "tool";
  return reached.kind === "message" && reached.phase === "request" && reached.method.method === "tools/call";
}

const RESULT_KEYS: ReadonlySet<string> = new Set(["structuredContent", "inputRequests", "task", "toolResult"]);

/** What a text stands for is known of these. */
const ANSWERED_BY_TEXT: ReadonlySet<string> = new Set([
  "tools/call",
  "prompts/get",
  "resources/read",
  "sampling/createMessage",
]);

function mayBeText(reached: Reached): boolean {
  return reached.kind !== "message" || ANSWERED_BY_TEXT.has(reached.method.method) || isReplyPhase(reached.phase);
}

export function mayBeAnswered(reached: Reached): boolean {
  if (reached.kind === "thing") return true;
  if (isReplyPhase(reached.phase)) return false;
  return reached.kind === "unknown" || reached.method.kind === "request";
}
