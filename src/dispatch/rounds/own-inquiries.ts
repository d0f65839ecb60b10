// The proxy's own question to the model behind a modern client: put in the answer to a request, and answered when the client asks again.
import type { JsonValue } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { rangeAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { AskClient } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Asked } from "../judge.ts";
import type { Reply } from "../peers/peer.ts";
import { type Asking, putAboutReply, putInRound, type Then } from "./own-round.ts";
import { GOOD_FOR, type RoundState, subjectOf } from "./sealed-round.ts";

const KEY = "mcprules.translate";

/** False: it cannot be asked so. */
export function putInquiry(session: ClientSession, asking: Asking, { about, params }: AskClient): boolean {
  const tries = asking.exchange.call.inquiries + 1;
  const model = { about, tries, parked: asking.result?.key };
  const question = { method: "sampling/createMessage", params: jsonText(params) };
  const isPut = putInRound(session, asking, { key: KEY, question, state: { model }, goodForMs: GOOD_FOR });
  if (isPut && model.parked !== undefined)
    session.known.inquiries.add(subjectOf(session), model.parked, session.outside.now + GOOD_FOR);
  return isPut;
}

/** The reply waits for what the model says. */
export function inquireAboutReply(
  session: ClientSession,
  asking: Asking,
  question: AskClient,
  { reply, asked }: { readonly reply: Reply; readonly asked: Asked | undefined },
  then: Then,
): void {
  if (!session.known.inquiries.hasRoom(subjectOf(session), session.outside.now)) then("no way to ask");
  else {
    const waiting = { reply, asked, forMs: GOOD_FOR };
    putAboutReply(session, asking, waiting, (kept) => putInquiry(session, kept, question), then);
  }
}

/** What the model says is an answer to that question, and to no other. */
export function hearModel(
  session: ClientSession,
  { call }: Exchange,
  { bytes, params }: RequestEnvelope,
  { heard = [], model }: RoundState,
): void {
  call.heard = heard;
  if (model === undefined) return;
  const { about, tries, parked } = model;
  if (parked !== undefined) session.known.inquiries.remove(parked);
  call.inquiries = tries;
  const range = params && rangeAt(bytes, params, ["inputResponses", KEY]);
  const result = range && (JSON.parse(bytes.toString("utf8", range.start, range.end)) as JsonValue);
  call.heard = [...heard, { about, result }];
}
