// What comes from one side, client or server: read, put in its lane, and handed to whom it concerns; what is no message is answered or reported.
import { INTERNAL_ERROR, INVALID_REQUEST, OVER_LIMIT } from "../mcp/errors.ts";
import { BATCH_REVISION } from "../mcp/revisions.ts";
import { composeError } from "../message/compose.ts";
import type { Envelope, NotificationEnvelope, RequestEnvelope } from "../message/envelope.ts";
import { readEnvelope } from "../message/envelope.ts";
import { rangeAt, rawAt } from "../message/locate.ts";
import { BatchReply } from "./batch-reply.ts";
import type { MessageBytes } from "./event.ts";
import { Exchange } from "./exchange.ts";
import type { DispatchLimits } from "./options.ts";
import type { Outside } from "./outside.ts";
import type { Peer } from "./peer.ts";
import type { Placement } from "./placement.ts";

/** What to do with the messages of one peer. */
export interface Incoming {
  readonly peer: Peer;
  readonly outside: Outside;
  readonly limits: DispatchLimits;
  /** The protocol revision settled with it, if one is. */
  readonly protocol: string | undefined;
  request(exchange: Exchange, envelope: RequestEnvelope): void;
  notification(envelope: NotificationEnvelope): void;
  /** Nobody can be answered. */
  readonly complain: (text: string) => void;
}

/** Where answers go; a batch collects them. */
type Answering = (answer: MessageBytes | undefined) => void;

export function receive(incoming: Incoming, bytes: Buffer): void {
  const { peer } = incoming;
  const read = readEnvelope(bytes, incoming.limits);
  if (read.kind === "batch") receiveBatch(incoming, read.entries);
  else if (read.kind === "malformed") refuseMalformed(incoming, read, peer.answer);
  else receiveMessage(incoming, read, peer.answer);
}

/** A message that could not be read, so that whoever waits for an answer gets one. */
export interface Unreadable {
  readonly id: string | undefined;
  readonly form: "request" | "reply" | "unknown";
  readonly code: number;
  readonly reason: string;
}

export function receiveUnreadable(incoming: Incoming, unreadable: Unreadable): void {
  refuseMalformed(incoming, unreadable, incoming.peer.answer);
}

/** Only 2025-03-26 has batches, and then wants one answer; of others each entry is a message like any other. */
function receiveBatch(incoming: Incoming, entries: readonly Buffer[]): void {
  const { peer, limits, protocol } = incoming;
  if (entries.length === 0) {
    peer.send([composeError(undefined, INVALID_REQUEST, "a batch holds at least one message")]);
    return;
  }
  const batch = protocol === BATCH_REVISION ? new BatchReply((bytes) => peer.send(bytes)) : undefined;
  const answering: Answering = batch === undefined ? peer.answer : (answer) => batch.add(answer);
  for (const entry of entries) {
    const read = readEnvelope(entry, limits);
    if (read.kind === "request" || read.kind === "malformed" || read.kind === "batch") batch?.expect();
    if (read.kind === "batch") answering([composeError(undefined, INVALID_REQUEST, "a batch inside a batch")]);
    else if (read.kind === "malformed") refuseMalformed(incoming, read, answering);
    else receiveMessage(incoming, read, answering);
  }
  batch?.seal();
}

function receiveMessage(incoming: Incoming, envelope: Envelope, answering: Answering): void {
  const { peer } = incoming;
  const isOrdered = envelope.kind === "notification";
  if (peer.lane.isFree(isOrdered)) handle(incoming, envelope, answering);
  else
    peer.lane.enter(
      isOrdered,
      incoming.outside.later(() => handle(incoming, envelope, answering)),
    );
}

function handle(incoming: Incoming, envelope: Envelope, answering: Answering): void {
  switch (envelope.kind) {
    case "request":
      return handleRequest(incoming, envelope, answering);
    case "notification":
      return incoming.notification(envelope);
    case "result":
    case "error":
      return handleReply(incoming, envelope);
  }
}

function handleRequest(incoming: Incoming, envelope: RequestEnvelope, answering: Answering): void {
  const { peer, limits } = incoming;
  const exchange = openExchange(peer, envelope, answering);
  if (peer.inFlight > limits.inFlight) {
    exchange.error(OVER_LIMIT, `more than ${limits.inFlight} requests are not answered yet`);
    return;
  }
  incoming.outside.workOn(exchange);
  incoming.request(exchange, envelope);
}

function openExchange(peer: Peer, envelope: RequestEnvelope, answering: Answering): Exchange {
  const { id } = envelope;
  const exchange = new Exchange(id, tokenOf(envelope), (answer) => {
    peer.close(exchange);
    answering(answer?.bytes);
  });
  peer.opened(exchange);
  return exchange;
}

const TOKEN = ["_meta", "progressToken"];
const TOKEN_IN_CONTENT = ["params", ...TOKEN];

function tokenOf({ bytes, params }: RequestEnvelope): Placement | undefined {
  const range = params === undefined ? undefined : rangeAt(bytes, params, TOKEN);
  return range === undefined ? undefined : { at: TOKEN_IN_CONTENT, range, text: rawAt(bytes, range) };
}

function handleReply(
  { peer, outside, complain }: Incoming,
  reply: Extract<Envelope, { kind: "result" | "error" }>,
): void {
  const { id } = reply;
  const awaited = id === undefined ? undefined : peer.awaited.get(id);
  if (id !== undefined && awaited !== undefined) {
    peer.awaited.delete(id);
    outside.workOn(awaited.origin?.exchange);
    awaited.onReply(reply);
  } else if (id === undefined || !peer.hasMinted(id)) complain("a reply to nothing that was asked was dropped");
}

/** Malformed replies are answered at once to whoever waits for them, malformed requests to their sender. */
function refuseMalformed(incoming: Incoming, unreadable: Unreadable, answering: Answering): void {
  const { peer } = incoming;
  const { id, form, code, reason } = unreadable;
  const awaited = id === undefined || form === "request" ? undefined : peer.awaited.get(id);
  incoming.complain(`a message was dropped: ${reason}`);
  if (id !== undefined && awaited !== undefined) {
    peer.awaited.delete(id);
    awaited.onLost(INTERNAL_ERROR, `the answer cannot be used: ${reason}`);
    answering(undefined);
    return;
  }
  const wantsAnswer = peer.side === "client" ? form !== "reply" : form === "request" && id !== undefined;
  answering(wantsAnswer ? [composeError(id, code, reason)] : undefined);
}
