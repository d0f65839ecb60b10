// The ways to a human: which one can be used for a message, in the order of the settings.
import type { RequestEnvelope } from "../../message/envelope.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Hearing } from "../judge.ts";
import type { Peer } from "../peers/peer.ts";
import { ASKING_METHODS } from "../rounds/input-required.ts";
import { MOST_PARKED } from "../rounds/parked-results.ts";
import { canBeAsked } from "../rounds/questions.ts";
import { type AskingOptions, type Channel, DEFAULT_ASKING } from "./approval.ts";
import { FIRST_WITH_FORMS } from "./ask-form.ts";

export type Way =
  /** A form, while whoever waits waits on. */
  | {
      readonly kind: "form";
      readonly channel: "elicitation";
      /** Who is asked, on which of its streams, in which revision. */
      readonly peer: Peer;
      readonly stream: number | undefined;
      readonly protocol: string;
    }
  /** A form in the answer to the client's request, which it then makes again. */
  | { readonly kind: "round"; readonly channel: "elicitation"; readonly request: RequestEnvelope }
  /** Whoever may use the machine's control socket decides. */
  | { readonly kind: "queue"; readonly channel: "queue" };

export function askingOf({ options }: ClientSession): AskingOptions {
  return options.asking ?? DEFAULT_ASKING;
}

/** `via`: the only way that the rule allows. `undefined`: nobody can be asked. */
export function wayTo(session: ClientSession, hearing: Hearing, via: string | undefined): Way | undefined {
  const { exchange } = hearing;
  if (exchange === undefined) return undefined;
  for (const channel of askingOf(session).channels) {
    const way = via === undefined || via === channel ? wayBy(session, hearing, exchange, channel) : undefined;
    if (way !== undefined) return way;
  }
  return undefined;
}

function wayBy(session: ClientSession, hearing: Hearing, exchange: Exchange, channel: Channel): Way | undefined {
  if (channel === "queue") return { kind: "queue", channel };
  return session.era === "legacy" ? formOfLegacy(session, exchange) : formOfModern(session, hearing, exchange);
}

/** Over HTTP on the stream of the request that it is about: there somebody listens. */
function formOfLegacy(session: ClientSession, { stream }: Exchange): Way | undefined {
  const { client, capabilities, greeting, isClientReady } = session;
  const isListening = isClientReady && !client.hasEnded && !client.isGone;
  if (greeting === undefined || !isListening || greeting.protocol < FIRST_WITH_FORMS) return undefined;
  if (!canBeAsked(capabilities, "elicitation", "form")) return undefined;
  return { kind: "form", channel: "elicitation", peer: client, stream, protocol: greeting.protocol };
}

/** About what a server asks in the middle of a call the client is asked as by that server: in the answer to the call. */
function formOfModern(
  session: ClientSession,
  { facts, clientsRequest, envelope }: Hearing,
  { asker, stream }: Exchange,
): Way | undefined {
  if (clientsRequest !== undefined) {
    const canAnswer = canBeAsked(asker?.greeting.capabilities ?? {}, "elicitation", "form");
    const isKept = envelope.kind !== "result" || envelope.bytes.length <= MOST_PARKED;
    const isPossible = canAnswer && isKept && ASKING_METHODS.has(clientsRequest.method);
    return isPossible ? { kind: "round", channel: "elicitation", request: clientsRequest } : undefined;
  }
  const link = facts.server === undefined ? undefined : session.link(facts.server);
  const call = link && session.parked.at(link, stream);
  if (call === undefined || !canBeAsked(call.capabilities, "elicitation", "form")) return undefined;
  return {
    kind: "form",
    channel: "elicitation",
    peer: call.peer,
    stream: undefined,
    protocol: MODERN_REVISIONS[0],
  };
}
