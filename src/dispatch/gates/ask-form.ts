// The question as a form that a client shows, in the words of its revision, and what its answer means (2025-06-18 and later, Elicitation).
import type { JsonObject } from "../../mcp/json.ts";
import type { Envelope } from "../../message/envelope.ts";
import { hasDuplicateKeys, rangeAt, textAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";

/** The first revision in which a client can be asked. */
export const FIRST_WITH_FORMS = "2025-06-18";

/** `protocol`: the revision settled with the client. No answer is filled in beforehand. */
export function formOf(protocol: string, message: string): JsonObject {
  const isFirst = protocol === FIRST_WITH_FORMS;
  const choice = isFirst ? { enum: ["approve", "decline"], enumNames: ["Approve", "Decline"] } : { oneOf: CHOICES };
  const decision = { type: "string", title: "Decision", ...choice };
  const requestedSchema = { type: "object", properties: { decision }, required: ["decision"] };
  return { ...(isFirst ? {} : { mode: "form" }), message, requestedSchema };
}

const CHOICES = [
  { const: "approve", title: "Approve" },
  { const: "decline", title: "Decline" },
];

export type FormAnswer = "approved" | "declined" | "cancelled" | "invalid";

/** Approved is only what says so in so many words. */
export function answerOf(reply: Envelope): FormAnswer {
  return reply.kind === "result" ? answerIn(reply.bytes, reply.result) : "invalid";
}

/** `result`: of an elicitation. */
export function answerIn(bytes: Buffer, result: Range): FormAnswer {
  const action = textAt(bytes, rangeAt(bytes, result, ["action"]));
  if (action === "decline") return "declined";
  if (action === "cancel") return "cancelled";
  const decision = textAt(bytes, rangeAt(bytes, result, ["content", "decision"]));
  if (action !== "accept" || decision === undefined || hasDuplicateKeys(bytes, result)) return "invalid";
  if (decision === "approve") return "approved";
  return decision === "decline" ? "declined" : "invalid";
}
