// A thing that this client is not shown: answered as the protocol answers an unknown name, and recorded.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { unknownThing } from "../../engine/telling/refusal.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../client-session.ts";
import type { Exchange } from "../exchange.ts";
import type { Offer } from "../lists/catalogue.ts";
import { answerWith } from "../refusing.ts";

export interface UnknownThing {
  readonly envelope: RequestEnvelope;
  readonly kind: ListedKind;
  /** As the client wrote it. */
  readonly exposed: string;
  /** `undefined`: nobody has such a thing. */
  readonly hidden: Offer | undefined;
}

export function answerUnknown(session: ClientSession, exchange: Exchange, unknown: UnknownThing): void {
  session.judge.noteRefused(recordOf(session, unknown), unknown.envelope);
  answerWith(exchange, unknownThing(unknown.kind, session.outside.mask(unknown.exposed)));
}

function recordOf(
  { judge, outside, principal }: ClientSession,
  { envelope: { method }, exposed, kind, hidden }: UnknownThing,
): DecisionRecord {
  const { client, user, profile } = principal;
  return {
    revision: judge.revision.id,
    kind: "request",
    method,
    from: "client",
    ...(hidden === undefined ? {} : { server: hidden.link.name }),
    name: outside.mask(hidden?.thing.own ?? exposed),
    ...(client === undefined ? {} : { client: outside.mask(client.name) }),
    ...(user === undefined ? {} : { user: outside.mask(user.id) }),
    ...(profile === undefined ? {} : { profile }),
    verdict: "block",
    ...(hidden?.thing.hiddenBy === undefined ? {} : { rule: hidden.thing.hiddenBy }),
    reason: hidden === undefined ? `no server lists this ${kind}` : `this ${kind} is hidden`,
  };
}
