// What one server asks, judged like any message and put to the client, now or in the answer to its own request.
import type { ClientSession } from "./peers/client-session.ts";
import { forward } from "./forward.ts";
import type { Passage } from "./exchanges/passage.ts";
import type { Peer } from "./peers/peer.ts";
import { narrowedContext } from "./wording/narrowed-context.ts";

/** `to`: the client, or who asks it later. */
export function putQuestion(
  session: ClientSession,
  question: Pick<Passage, "exchange" | "envelope" | "link" | "inward" | "adapt">,
  to: Peer = session.client,
): void {
  const { envelope, link, inward = [] } = question;
  forward(session, {
    ...question,
    facts: session.facts("request", envelope.method, "server", link.name),
    from: link,
    to,
    inward: [...inward, ...narrowedContext(session, envelope)],
  });
}
