// Asks a modern client's own model in the answer to its request; what it is about - the request, or its server's reply - goes on when the client asks again.
import { recordHead } from "../../engine/telling/record.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { AskClient, ClientsWord } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Hearing } from "../judge.ts";
import { ASKING_METHODS } from "../rounds/input-required.ts";
import { inquireAboutReply, putInquiry } from "../rounds/own-inquiries.ts";
import type { Asking, Then } from "../rounds/own-round.ts";
import { MOST_PARKED } from "../rounds/parked-results.ts";
import { canBeAsked } from "../rounds/questions.ts";
import { isOneOfMany } from "../peers/session-key.ts";
import type { Heard } from "./logical-call.ts";

export interface AskedAbout {
  readonly hearing: Hearing;
  /** The message waits elsewhere, and no longer in its lane. */
  readonly leave: () => void;
}

/** For one request of the client's, whatever rules make of it meanwhile. */
const MOST_TRIES = 8;

/** `hear` gets what the client has brought already, or learns that it is not asked. */
export function askModelInRound(
  session: ClientSession,
  exchange: Exchange,
  { hearing, leave }: AskedAbout,
  question: AskClient,
  hear: (word: ClientsWord) => void,
): void {
  const heard = exchange.call.heard.find(({ about }) => about === question.about);
  const asking = heard === undefined ? askingOf(exchange, hearing) : undefined;
  if (heard !== undefined) hear(wordOf(session, heard));
  else if (asking === undefined) hear(NOT_ASKED);
  else
    put(session, asking, hearing, question, (outcome) => {
      if (outcome !== "asked") hear(NOT_ASKED);
      else {
        noteAsked(session, hearing);
        leave();
      }
    });
}

const NOT_ASKED: ClientsWord = { kind: "not-asked" };

function wordOf(session: ClientSession, { result }: Heard): ClientsWord {
  const isOnlyHere = isOneOfMany(session);
  return result === undefined ? { kind: "silent", isOnlyHere } : { kind: "said", isOnlyHere, result };
}

/** `undefined`: it cannot be asked. What a server asks in between goes as it is. */
function askingOf(exchange: Exchange, { facts, envelope, clientsRequest }: Hearing): Asking | undefined {
  const capabilities = exchange.asker?.greeting.capabilities ?? {};
  const isOwn = facts.kind !== "request" || envelope === clientsRequest;
  if (clientsRequest === undefined || !isOwn || !ASKING_METHODS.has(clientsRequest.method)) return undefined;
  const canAsk = exchange.isWanted && canBeAsked(capabilities, "sampling", "");
  const isTiring = exchange.call.inquiries >= MOST_TRIES;
  const isKept = facts.kind === "request" || envelope.bytes.length <= MOST_PARKED;
  if (!canAsk || isTiring || !isKept) return undefined;
  return { exchange, request: clientsRequest, server: facts.server ?? "", own: facts.name ?? "" };
}

function put(
  session: ClientSession,
  asking: Asking,
  { envelope, asked }: Hearing,
  question: AskClient,
  then: Then,
): void {
  if (envelope.kind === "result" || envelope.kind === "error")
    inquireAboutReply(session, asking, question, { reply: envelope, asked }, then);
  else then(putInquiry(session, asking, question) ? "asked" : "no way to ask");
}

/** What becomes of it is another record, when the client is back. */
function noteAsked({ judge, outside }: ClientSession, { facts }: Hearing): void {
  const reason = "the model of its client translates it";
  const record = { ...recordHead(judge.revision, facts), verdict: "ask", reason, translation: "asked" } as const;
  outside.command({ kind: "record", record, arrived: outside.arrived });
}
