// A thing that this client is not shown: answered as the protocol answers an unknown name, or not yet known, and recorded.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { unknownThing } from "../../engine/telling/refusal.ts";
import { UNREACHABLE } from "../../mcp/errors.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Offer } from "../lists/offering.ts";
import { answerWith } from "../exchanges/refusing.ts";
import { awaitExpected } from "../life/server-life.ts";
import type { ServerLink } from "../peers/server-link.ts";

export interface UnknownThing {
  readonly envelope: RequestEnvelope;
  readonly kind: ListedKind;
  /** As the client wrote it. */
  readonly exposed: string;
  /** `undefined`: nobody has such a thing. */
  readonly hidden: Offer | undefined;
  /** Looks for it once more. */
  readonly again: () => void;
}

/** The answer tells nobody what is hidden: it is the same for a name that no server has. */
export function answerUnknown(session: ClientSession, exchange: Exchange, unknown: UnknownThing): void {
  const { kind, again } = unknown;
  if (awaitExpected(session, exchange, (link) => link.list(kind).isRecalled, again)) return;
  session.judge.noteRefused(recordOf(session, unknown), unknown.envelope);
  const exposed = session.outside.mask(unknown.exposed);
  const silent = session.links.find((link) => isSilent(link, kind));
  if (silent === undefined) answerWith(exchange, unknownThing(kind, exposed));
  else exchange.error(UNREACHABLE, `the ${kind} \`${exposed}\` is not known: ${silenceOf(silent, kind)}`);
}

/** It may have such things, and nobody knows yet which. */
function isSilent(link: ServerLink, kind: ListedKind): boolean {
  const { facts, known, review } = link.list(kind);
  if (known !== undefined || review !== undefined) return false;
  return link.introduction === undefined || link.capability(facts.capability) !== undefined;
}

function silenceOf({ name, isGone }: ServerLink, kind: ListedKind): string {
  return `the server \`${name}\` ${isGone ? "is gone, and had" : "has"} not listed its ${kind}s yet`;
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
