// What comes from one side, client or server: read, put in its lane, and handed to whom it concerns; what is no message is answered or reported.
import { INTERNAL_ERROR, INVALID_REQUEST, OVER_LIMIT } from "../mcp/errors.ts";
import { BATCH_REVISION } from "../mcp/revisions.ts";
import { composeError } from "../message/compose.ts";
import type { Batch, Envelope, Malformed, NotificationEnvelope, RequestEnvelope } from "../message/envelope.ts";
import { readEnvelope } from "../message/envelope.ts";
import { rangeAt, rawAt } from "../message/locate.ts";
import { BatchReply } from "./exchanges/batch-reply.ts";
import { Exchange } from "./exchanges/exchange.ts";
import type { DispatchLimits } from "./options.ts";
import type { Outside } from "./outside.ts";
import type { Answering, Peer } from "./peers/peer.ts";
import { StreamAnswers } from "./exchanges/stream-answers.ts";
import type { Placement } from "./wording/placement.ts";

/** What to do with the messages of one peer. */
export interface Incoming {
  readonly peer: Peer;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
  /** The protocol revision settled with it, if one is. */
  readonly protocol: string | undefined;
  request(exchange: Exchange, envelope: RequestEnvelope): void;
  /** A request waits for what came before it, and may be given up meanwhile. */
  inLine(exchange: Exchange, arrival: Arrival): void;
  notification(envelope: NotificationEnvelope, stream: number | undefined): void;
  /** The client's stream that belongs to what came so. */
  streamOf(arrival: Arrival): number | undefined;
  streamDone(stream: number): void;
  /** Nobody can be answered. */
  complain(text: string): void;
  unreadable(unreadable: Unreadable): void;
}

/**
 * What a message came on: a stream of the client (a number), or the response to a request of ours (its id, as raw JSON
 * text) on which a server said it.
 */
export type Arrival = number | string | undefined;

/** `already`: where somebody has read it before. */
export function receive(incoming: Incoming, bytes: Buffer, arrival?: Arrival, already?: Read): void {
  const read = already ?? readEnvelope(bytes, incoming.limits);
  if (typeof arrival === "number") receiveOnStream(incoming, read, arrival);
  else receiveRead(incoming, read, incoming.peer, arrival);
}

type Read = Envelope | Batch | Malformed;

function receiveOnStream(incoming: Incoming, read: Read, stream: number): void {
  const { peer } = incoming;
  const answers = new StreamAnswers(
    (answer) => peer.send(answer, stream),
    () => incoming.streamDone(stream),
  );
  receiveRead(incoming, read, answers, stream);
  answers.seal();
}

/** A message that could not be read, so that whoever waits for an answer gets one. */
export interface Unreadable {
  /** Absent: it was too long to be kept. */
  readonly bytes?: Buffer;
  readonly id: string | undefined;
  readonly form: "request" | "reply" | "unknown";
  readonly code: number;
  readonly reason: string;
}

export function receiveUnreadable(incoming: Incoming, unreadable: Unreadable): void {
  refuseMalformed(incoming, unreadable, incoming.peer);
}

function receiveRead(incoming: Incoming, read: Read, answering: Answering, arrival: Arrival): void {
  if (read.kind === "batch") receiveBatch(incoming, read.entries, answering, arrival);
  else receiveEntry(incoming, read, answering, arrival);
}

/** Only 2025-03-26 has batches, and then wants one answer; of others each entry is a message like any other. */
function receiveBatch(incoming: Incoming, entries: readonly Buffer[], answering: Answering, arrival: Arrival): void {
  const { limits, protocol } = incoming;
  const batch = protocol === BATCH_REVISION ? new BatchReply((answer) => answering.add(answer)) : undefined;
  if (batch !== undefined) answering.expect();
  for (const entry of entries) receiveEntry(incoming, readEnvelope(entry, limits), batch ?? answering, arrival);
  batch?.seal();
}

function receiveEntry(incoming: Incoming, read: Read, answering: Answering, arrival: Arrival): void {
  if (read.kind === "request" || read.kind === "malformed" || read.kind === "batch") answering.expect();
  if (read.kind === "batch") answering.add([composeError(undefined, INVALID_REQUEST, "a batch inside a batch")]);
  else if (read.kind === "malformed") refuseMalformed(incoming, read, answering);
  else receiveMessage(incoming, read, answering, arrival);
}

function receiveMessage(incoming: Incoming, envelope: Envelope, answering: Answering, arrival: Arrival): void {
  const { peer } = incoming;
  const isFree = peer.lane.isFree(envelope.kind === "notification");
  if (envelope.kind === "request") {
    const exchange = openExchange(incoming, envelope, answering);
    if (isFree) request(incoming, exchange, envelope, arrival);
    else {
      incoming.inLine(exchange, arrival);
      wait(incoming, false, () => request(incoming, exchange, envelope, arrival));
    }
  } else if (isFree || isCancelling(peer, envelope)) handle(incoming, envelope, arrival);
  else wait(incoming, envelope.kind === "notification", () => handle(incoming, envelope, arrival));
}

function wait({ peer, outside }: Incoming, isOrdered: boolean, action: () => void): void {
  peer.lane.enter(isOrdered, outside.later(action));
}

/** It is about a request that came before, and about nothing else: it need not wait for what that waits for. */
function isCancelling({ open }: Peer, envelope: Envelope): boolean {
  if (envelope.kind !== "notification" || envelope.method !== "notifications/cancelled") return false;
  const { bytes, params } = envelope;
  const range = params && rangeAt(bytes, params, ["requestId"]);
  return range !== undefined && open.get(rawAt(bytes, range)) !== undefined;
}

function handle(incoming: Incoming, envelope: Exclude<Envelope, RequestEnvelope>, arrival: Arrival): void {
  switch (envelope.kind) {
    case "notification":
      return incoming.notification(envelope, incoming.streamOf(arrival));
    case "result":
    case "error":
      return handleReply(incoming, envelope);
  }
}

/** In line it may have been cancelled. */
function request(incoming: Incoming, exchange: Exchange, envelope: RequestEnvelope, arrival: Arrival): void {
  if (!exchange.isWanted) return;
  exchange.stream = incoming.streamOf(arrival);
  incoming.outside.workOn(exchange);
  incoming.request(exchange, envelope);
}

/** As soon as it comes, so that it can be cancelled while it waits in line. */
function openExchange({ peer, limits }: Incoming, envelope: RequestEnvelope, answering: Answering): Exchange {
  const { id } = envelope;
  const exchange = new Exchange(id, tokenOf(envelope), (answer) => {
    peer.close(exchange);
    answering.add(answer?.bytes);
  });
  peer.opened(exchange);
  const isOver = peer.inFlight > limits.inFlight;
  if (isOver) exchange.error(OVER_LIMIT, `more than ${limits.inFlight} requests are not answered yet`);
  return exchange;
}

const TOKEN = ["_meta", "progressToken"];
const TOKEN_IN_CONTENT = ["params", ...TOKEN];

function tokenOf({ bytes, params }: RequestEnvelope): Placement | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, TOKEN);
  return range === undefined ? undefined : { at: TOKEN_IN_CONTENT, range, text: rawAt(bytes, range) };
}

function handleReply(incoming: Incoming, reply: Extract<Envelope, { kind: "result" | "error" }>): void {
  const { peer, outside } = incoming;
  const { id } = reply;
  const awaited = id === undefined ? undefined : peer.awaited.take(id);
  if (awaited !== undefined) {
    outside.workOn(awaited.origin?.exchange);
    awaited.onReply(reply);
  } else if (id === undefined || !peer.hasMinted(id))
    incoming.complain("a reply to nothing that was asked was dropped");
}

/** Malformed replies are answered at once to whoever waits for them, malformed requests to their sender. */
function refuseMalformed(incoming: Incoming, unreadable: Unreadable, answering: Answering): void {
  const { peer } = incoming;
  const { id, form, code, reason } = unreadable;
  const awaited = id === undefined || form === "request" ? undefined : peer.awaited.get(id);
  incoming.unreadable(unreadable);
  if (id !== undefined && awaited !== undefined) {
    peer.awaited.delete(id);
    awaited.onLost(INTERNAL_ERROR, `the answer cannot be used: ${reason}`);
    answering.add(undefined);
    return;
  }
  const wantsAnswer = peer.side === "client" ? form !== "reply" : form === "request" && id !== undefined;
  answering.add(wantsAnswer ? [composeError(id, code, incoming.outside.mask(reason))] : undefined);
}
