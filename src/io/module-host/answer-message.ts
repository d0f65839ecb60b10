// From the bytes of one message to the bytes of its answer, for whichever way they come.
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { composeError, composeResult } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { completeResult, PROTOCOL_VERSION } from "../../message/eras/modern-meta.ts";
import type { RulesHost } from "./rules-host.ts";

/** A payload may nest 64 deep, and the message around it. */
const LIMITS = { depth: 64 + 4 };

/** `undefined`: it wants no answer. */
export async function answerMessage(host: RulesHost, bytes: Buffer): Promise<Buffer | undefined> {
  const read = readEnvelope(bytes, LIMITS);
  if (read.kind === "batch") return composeError(undefined, -32_600, "send messages one by one");
  if (read.kind === "malformed") return composeError(read.id, read.code, `what you sent is malformed: ${read.reason}`);
  if (read.kind !== "request") return undefined;
  const { params } = parseContent(read);
  const given = isJsonObject(params) ? params : {};
  const reply = await host.answer(read.method, given);
  if (reply.kind === "error") return composeError(read.id, reply.code, reply.message, reply.details);
  return composeResult(read.id, isModern(given) ? completeResult(reply.result, INFO) : reply.result);
}

const INFO = { name: "mcprules" };

function isModern({ _meta: meta }: JsonObject): boolean {
  return isJsonObject(meta) && meta[PROTOCOL_VERSION] !== undefined;
}
