// Replies that a human or a model is asked about while no request of a modern client waits for them: kept in the store, and handed out once.
import { POLICY_FAILED } from "../../mcp/errors.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { type EnvelopeLimits, readEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Asked } from "../judge.ts";
import type { KeptReply } from "../exchanges/passage.ts";
import type { Reply } from "../peers/peer.ts";
import { isHeaderMismatch } from "../wording/crossing.ts";
import type { ParkedResult } from "./sealed-round.ts";

/** In bytes. What is longer is not kept. */
export const MOST_PARKED = 1024 * 1024;

/** `then` gets `undefined` where it cannot be kept. */
export function parkReply(
  session: ClientSession,
  reply: Reply,
  asked: Asked | undefined,
  forMs: number,
  then: (parked: ParkedResult | undefined) => void,
): void {
  const key = session.options.token();
  const { tags = [], secrets = [] } = asked ?? {};
  const value = JSON.stringify([reply.bytes.toString("utf8"), asked?.request() ?? {}]);
  // Who gets that one sends the request once more.
  if (isHeaderMismatch(reply) || Buffer.byteLength(value) > MOST_PARKED) then(undefined);
  else
    session.outside.askStore({ kind: "park", key, value, forMs }, ({ kind }) =>
      then(kind === "kept" ? { key, tags, secrets } : undefined),
    );
}

/** Its server was asked, and is not asked again. */
export function fetchReply(
  session: ClientSession,
  exchange: Exchange,
  { key, tags, secrets }: ParkedResult,
  then: (reply: KeptReply) => void,
): void {
  session.outside.askStore({ kind: "fetch", key }, (answer) => {
    if (!exchange.isWanted) return;
    const value = answer.kind === "recalled" ? answer.value : undefined;
    const kept = value === undefined ? undefined : read(value, session.options.limits);
    if (kept === undefined) loseReply(exchange);
    else then({ ...kept, tags, secrets });
  });
}

export function loseReply(exchange: Exchange): void {
  exchange.error(
    POLICY_FAILED,
    "the answer that somebody was asked about is not there any more; its server was called",
  );
}

function read(value: string, limits: EnvelopeLimits): Pick<KeptReply, "envelope" | "request"> | undefined {
  const [text, request] = JSON.parse(value) as readonly [string, JsonValue];
  const envelope = readEnvelope(Buffer.from(text), limits);
  const asked: JsonObject = isJsonObject(request) ? request : {};
  return envelope.kind === "result" || envelope.kind === "error" ? { envelope, request: asked } : undefined;
}
