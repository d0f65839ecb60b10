// A modern client and a legacy server that asks something in the middle of a call: the call waits at the server, and the client is asked in its result.
import { INTERNAL_ERROR, INVALID_PARAMS, OVER_LIMIT, UNREACHABLE } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { composeNotification } from "../../message/compose.ts";
import { readEnvelope, type RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt } from "../../message/locate.ts";
import { splice } from "../../message/edits/splice.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { MessageBytes } from "../event.ts";
import { type Answered, Exchange } from "../exchanges/exchange.ts";
import { Peer } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { replyWith } from "./input-answers.ts";
import { ASKING_METHODS } from "./input-required.ts";
import type { Answers, ParkedCall } from "./parked-calls.ts";
import { roundText } from "./round-text.ts";
import type { SealedQuestion } from "./sealed-question.ts";
import { GOOD_FOR, sealRound } from "./sealed-round.ts";

export interface Parkable {
  readonly exchange: Exchange;
  readonly envelope: RequestEnvelope;
  readonly link: ServerLink;
  /** The server's own word for the thing. */
  readonly own: string;
}

/** The exchange itself, or one in its place that outlives it where the server asks something. */
export function parkable(session: ClientSession, { exchange, envelope, link, own }: Parkable): Exchange {
  const { asker } = exchange;
  if (asker === undefined || link.era === "modern" || !ASKING_METHODS.has(envelope.method)) return exchange;
  const { inFlight } = session.options.limits;
  if (session.parked.size >= inFlight) {
    exchange.error(OVER_LIMIT, `more than ${inFlight} calls are not done yet`);
    return exchange;
  }
  return new Parked(session, { exchange, envelope, link, own }).inner;
}

class Parked implements ParkedCall {
  readonly number: number;
  readonly link: ServerLink;
  readonly capabilities: JsonObject;
  /** The call at its server. */
  readonly inner: Exchange;
  /** Few calls are asked anything. */
  private handle: string | undefined;
  private readonly session: ClientSession;
  private readonly own: string;
  private envelope: RequestEnvelope;
  /** The client's request that waits for an answer now, if one does. */
  private outer: Exchange | undefined;
  private madeQuestions: Map<string, SealedQuestion> | undefined;
  private rounds = 0;
  /** The server's answer, when the client was not there for it. */
  private answered: Answered | undefined;
  private timer: number | undefined;
  private madePeer: Peer | undefined;

  constructor(session: ClientSession, { exchange, envelope, link, own }: Parkable) {
    this.session = session;
    this.link = link;
    this.own = own;
    this.envelope = envelope;
    this.capabilities = exchange.asker?.greeting.capabilities ?? {};
    this.number = session.parked.number();
    this.inner = new Exchange(exchange.id, exchange.token, (answer) => this.finish(answer));
    this.inner.whole = exchange;
    this.waitFor(exchange);
    session.parked.add(this);
  }

  get peer(): Peer {
    this.madePeer ??= new Peer(undefined, (bytes) => this.hear(bytes));
    return this.madePeer;
  }

  private get questions(): Map<string, SealedQuestion> {
    this.madeQuestions ??= new Map();
    return this.madeQuestions;
  }

  get stream(): number | undefined {
    return this.outer?.stream;
  }

  resume(exchange: Exchange, envelope: RequestEnvelope, answers: Answers): void {
    this.envelope = envelope;
    this.rest();
    this.waitFor(exchange);
    if (this.answered !== undefined) {
      this.deliver(exchange, this.answered);
      return;
    }
    for (const [key, answer] of answers) this.answer(key, answer);
    if (this.questions.size > 0 && exchange.isWanted) this.ask(exchange);
  }

  private waitFor(exchange: Exchange): void {
    this.outer = exchange;
    this.inner.id = exchange.id;
    this.inner.token = exchange.token;
    this.inner.stream = exchange.stream;
    this.inner.asker = exchange.asker;
    // Who cancels the request cancels the call.
    exchange.parts = [...exchange.parts, this.inner];
  }

  /** What its server says to the client. */
  private hear(bytes: MessageBytes): void {
    const envelope = readEnvelope(Buffer.concat(bytes), this.session.options.limits);
    if (envelope.kind === "request") {
      const params = envelope.params && rawAt(envelope.bytes, envelope.params);
      this.questions.set(envelope.id, { method: envelope.method, params });
      if (this.outer?.isWanted === true) this.ask(this.outer);
    } else if (envelope.kind === "notification" && envelope.params !== undefined) {
      const id = rangeAt(envelope.bytes, envelope.params, ["requestId"]);
      if (id !== undefined) this.questions.delete(rawAt(envelope.bytes, id));
    }
  }

  /** From here on the client does not wait any more, until it comes back. */
  private ask(exchange: Exchange): void {
    this.rounds += 1;
    const { session, link, own, rounds } = this;
    this.handle ??= this.newHandle();
    const questions = Object.fromEntries(this.questions);
    const counted = exchange.call.countedKeys;
    const state = { server: link.name, own, rounds, parked: this.handle, questions, counted };
    const sealed = sealRound(session, this.envelope, state);
    if (sealed === undefined) {
      exchange.error(INTERNAL_ERROR, `what the server \`${link.name}\` asks is too much`);
      this.giveUp("its questions are too many");
      return;
    }
    this.outer = undefined;
    this.inner.token = undefined;
    this.inner.asker = exchange.asker && { ...exchange.asker, logLevel: undefined };
    this.timer = session.outside.after(GOOD_FOR, () => this.giveUp("the client did not come back with its answers"));
    exchange.answer([roundText(exchange, this.questions, sealed)]);
  }

  private newHandle(): string {
    const handle = this.session.options.token();
    this.session.parked.handOut(handle, this);
    return handle;
  }

  private answer(key: string, answer: string): void {
    const reply = replyWith(this.session, key, answer);
    const awaited = this.peer.awaited.get(key);
    this.questions.delete(key);
    this.peer.awaited.delete(key);
    if (reply !== undefined) awaited?.onReply(reply);
    else awaited?.onLost(INVALID_PARAMS, "the client's answer is no result");
  }

  /** The server has answered the call, or it was cancelled. */
  private finish(answer: Answered | undefined): void {
    if (answer !== undefined && this.outer === undefined) {
      this.answered = answer;
      return;
    }
    if (answer !== undefined && this.outer !== undefined) this.outer.answer(answer.bytes, answer.code);
    this.leave();
  }

  private deliver(exchange: Exchange, { bytes, code }: Answered): void {
    const envelope = readEnvelope(Buffer.concat(bytes), this.session.options.limits);
    const range = envelope.kind === "result" || envelope.kind === "error" ? envelope.idRange : undefined;
    exchange.answer(range === undefined ? bytes : splice(Buffer.concat(bytes), [{ range, text: exchange.id }]), code);
    this.leave();
  }

  private giveUp(reason: string): void {
    const { sent } = this.inner;
    sent?.send([composeNotification("notifications/cancelled", { requestId: Number(sent.id), reason })]);
    this.inner.cancel();
    this.leave();
  }

  private leave(): void {
    this.rest();
    this.session.parked.remove(this, this.handle);
    this.madePeer?.lose(UNREACHABLE, "the request that it was about is over");
  }

  private rest(): void {
    if (this.timer !== undefined) this.session.outside.cancel(this.timer);
    this.timer = undefined;
  }
}
