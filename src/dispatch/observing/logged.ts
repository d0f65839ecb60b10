// Whole messages for a log: what is known of one that was judged, and its content, which is masked when somebody asks for it.
import type { Content, Decision } from "../../engine/decision.ts";
import { type LoggedMessage, maskedContent, maskedId } from "../../engine/telling/logged-message.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { parseContent } from "../../message/content.ts";
import { type Envelope, readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import type { ClientId, MessageBytes } from "../event.ts";
import type { DispatchLimits } from "../options.ts";
import { place, type Placement } from "../wording/placement.ts";

const NO_SECRETS: readonly string[] = [];

interface Heard {
  readonly envelope: Envelope;
  readonly inward?: readonly Placement[] | undefined;
  readonly asked?: { readonly askersId?: string; readonly secrets: readonly string[] } | undefined;
}

interface Outcome {
  readonly decision: Decision;
  readonly revision: Revision;
  readonly before: Content | undefined;
}

/** `session`: what logs call the client. */
export function loggedMessage(session: ClientId, heard: Heard, outcome: Outcome): LoggedMessage {
  const { envelope, inward, asked } = heard;
  const { decision, revision, before } = outcome;
  return {
    session,
    id: () => maskedId(revision, envelope.kind === "request" ? envelope.id : asked?.askersId),
    bytes: envelope.bytes.length,
    content: () => {
      const came = before ?? parseContent(envelope);
      const own = inward === undefined ? came : place(came, inward);
      const wasSent = decision.changed && decision.verdict === "allow";
      const secrets = [...decision.secrets, ...(asked?.secrets ?? NO_SECRETS)];
      return maskedContent(revision, own, wasSent ? decision.content : own, secrets);
    },
  };
}

/** A request that no rule has seen: as its client wrote it. */
export function loggedRequest(session: ClientId, envelope: RequestEnvelope, revision: Revision): LoggedMessage {
  return {
    session,
    id: () => maskedId(revision, envelope.id),
    bytes: envelope.bytes.length,
    content: () => {
      const content = parseContent(envelope);
      return maskedContent(revision, content, content, NO_SECRETS);
    },
  };
}

/** An answer that the proxy makes, such as the list of all servers' tools: as its client gets it. */
export function loggedAnswer(
  session: ClientId,
  answer: { readonly id: string; readonly bytes: MessageBytes },
  revision: Revision,
  limits: DispatchLimits,
): LoggedMessage {
  const { id, bytes } = answer;
  return {
    session,
    id: () => maskedId(revision, id),
    bytes: bytes.reduce((sum, part) => sum + part.length, 0),
    content: () => {
      const read = readEnvelope(Buffer.concat(bytes), limits);
      if (read.kind !== "result") return undefined;
      const content = parseContent(read);
      return maskedContent(revision, content, content, NO_SECRETS);
    },
  };
}
