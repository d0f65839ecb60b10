// One request on its way from the one who asks to the one who answers, and its reply on the way back.
import type { Content } from "../engine/decision.ts";
import type { Facts, ReviewedThing } from "../engine/facts.ts";
import { INTERNAL_ERROR, UNREACHABLE } from "../mcp/errors.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { composeNotification, composeResult } from "../message/compose.ts";
import { parseContent } from "../message/content.ts";
import type { RequestEnvelope, ResultEnvelope } from "../message/envelope.ts";
import { readEnvelope } from "../message/envelope.ts";
import type { Changes } from "../message/reword.ts";
import type { ClientSession } from "./client-session.ts";
import { errorPlacements, isHeaderMismatch, requestRewording, resultRewording } from "./wording/crossing.ts";
import { URL_ELICITATION_REQUIRED } from "./wording/elicitations.ts";
import { codeOf } from "./error-code.ts";
import type { MessageBytes } from "./event.ts";
import type { Exchange, Sent } from "./exchange.ts";
import { type InputRequired, MAX_ROUNDS } from "./rounds/input-required.ts";
import type { Asked, Judged } from "./judge.ts";
import type { Awaited, Peer, Reply } from "./peer.ts";
import type { Placement } from "./wording/placement.ts";
import { place } from "./wording/placement.ts";
import { answerRefused } from "./refusing.ts";
import type { ServerLink } from "./server-link.ts";
import { type AboutTask, relatedTask, tasksInReply } from "./tasks/task-ids.ts";
import { beginTrace, isToolError, withTraceKeys } from "./observing/tracing.ts";
import { unfinished } from "./rounds/unfinished.ts";
import { writeMessage } from "./wording/write-message.ts";

export type Adaptation = (content: Content) => Content;

export interface Passage {
  readonly exchange: Exchange;
  readonly envelope: RequestEnvelope;
  readonly facts: Facts;
  readonly from: Peer;
  readonly to: Peer;
  /** The server at one end of it. */
  readonly link: ServerLink;
  readonly thing?: ReviewedThing | undefined;
  /** Names the asker knows, in the other's words. */
  readonly inward?: readonly Placement[];
  /** What in the request must not reach the other side as it stands. */
  readonly adapt?: Adaptation | undefined;
  /** Sees a result as it came; what in it has to be said in the asker's words, under the names the request came in with. */
  readonly outward?: ((result: ResultEnvelope) => Adaptation | undefined) | undefined;
  /** A modern server wants to know something before it goes on; absent: it may not. */
  readonly onInputRequired?: ((round: Round) => void) | undefined;
  /** A server does not take the headers that were made from its definition of a tool; absent: then that is its answer. */
  readonly onMismatch?: (() => void) | undefined;
  /** In the modern era: the request goes on with an earlier one, as whose next round it is sent. */
  readonly continued?: Continued | undefined;
  readonly about?: AboutTask | undefined;
}

/** What a server wants to know before it goes on, and how it is told. */
export interface Round {
  readonly passage: Passage;
  readonly asked: InputRequired;
  /** How often it has asked by now. */
  readonly number: number;
  /** The facts of its result. */
  readonly facts: Facts;
  /** Sends the request once more, with these members. */
  readonly again: (members: Changes) => void;
}

export interface Continued {
  readonly server: string;
  readonly own: string;
  readonly members: Changes;
  /** How often its server has asked by now. */
  readonly rounds: number;
}

/** The exchange is answered once, whatever happens. */
export function forward(session: ClientSession, passage: Passage): void {
  new Forwarded(session, passage).depart();
}

const NOTHING: readonly never[] = [];

/** Progress gives a server of the legacy era more time, up to so many times as long in all (2025-11-25, Timeouts). */
const MOST_TIMES = 4;

class Forwarded implements Awaited, Sent, Asked {
  readonly origin: Passage;
  id = "";
  tags: readonly string[] = NOTHING;
  secrets: readonly string[] = NOTHING;
  due: number | undefined;
  private lastDue = 0;
  /** How often the server has asked for more. */
  private rounds: number;
  private readonly session: ClientSession;
  private judged: Judged | undefined;

  constructor(session: ClientSession, passage: Passage) {
    this.session = session;
    this.origin = passage;
    this.rounds = passage.continued?.rounds ?? 0;
  }

  get server(): string | undefined {
    return this.origin.to.server;
  }

  get askersId(): string {
    return this.origin.exchange.id;
  }

  depart(): void {
    const { id, options } = this.session;
    if (options.tracing !== undefined) this.origin.exchange.trace ??= beginTrace(options.tracing, id, this.origin);
    this.beHeard(this.origin.continued?.members);
  }

  /** Rules on things act when the thing is called: of a reply nothing asks what its definition says. */
  onReply(reply: Reply): void {
    const { facts, link, to, about } = this.origin;
    this.origin.exchange.sent = undefined;
    this.origin.exchange.trace?.replied(isToolError(reply));
    if (this.origin.onMismatch !== undefined && isHeaderMismatch(reply)) {
      this.origin.onMismatch();
      return;
    }
    const replyFacts = { ...(about?.outcome?.facts ?? facts), kind: reply.kind, from: to.side };
    const asked = about?.outcome?.asked ?? this;
    const hearing = { facts: replyFacts, envelope: reply, server: link.options, asked };
    this.session.judge.hear(to.lane, hearing, (judged) => this.hand(reply, replyFacts, judged));
  }

  onLost(code: number, message: string): void {
    this.origin.exchange.trace?.replied(false);
    this.origin.exchange.error(code, this.session.outside.mask(message));
  }

  onProgress(): void {
    if (this.due !== undefined) this.due = Math.min(this.session.outside.now + this.allowedMs, this.lastDue);
  }

  /** While the server waits for an answer of the client's, it is not the server that takes its time. */
  onOverdue(): void {
    const { link, exchange } = this.origin;
    if (link.open.size > 0) {
      this.due = this.session.outside.now + this.allowedMs;
      return;
    }
    const reason = `no answer within ${this.allowedMs / 1000} s`;
    link.send([composeNotification("notifications/cancelled", { requestId: Number(this.id), reason })]);
    exchange.error(UNREACHABLE, `the server \`${link.name}\` was given up: ${reason}`);
  }

  send(bytes: MessageBytes): void {
    this.origin.to.send(bytes, this.origin.exchange.stream);
  }

  forget(): void {
    this.origin.to.awaited.delete(this.id);
  }

  request(): JsonObject {
    const { envelope, inward } = this.origin;
    const content: JsonObject =
      this.judged?.before === undefined
        ? place(parseContent(envelope), inward ?? NOTHING)
        : this.judged.decision.content;
    return { method: envelope.method, ...content };
  }

  private beHeard(members: Changes | undefined): void {
    const { facts, envelope, link, thing, inward, from } = this.origin;
    const hearing = { facts, envelope, server: link.options, thing, inward };
    this.session.judge.hear(from.lane, hearing, (judged) => this.act(judged, members));
  }

  private act(judged: Judged, members: Changes | undefined): void {
    if (!this.origin.exchange.isWanted) return;
    const { verdict, tags, secrets, answer } = judged.decision;
    this.origin.exchange.trace?.judged(judged.decision.record);
    this.judged = judged;
    this.tags = tags;
    this.secrets = secrets;
    switch (verdict) {
      case "allow":
        return this.pass(judged, members);
      case "block":
        return answerRefused(this.origin.exchange, this.origin.facts, judged);
      case "answer":
        return this.answerInstead(answer ?? null);
    }
  }

  /** `members`: in a later round of a request, what its server is told in it. */
  private pass(judged: Judged, members: Changes | undefined): void {
    const { to, envelope, inward = NOTHING, adapt } = this.origin;
    if (to.isGone || to.hasEnded) {
      this.origin.exchange.error(
        UNREACHABLE,
        `the ${to.server === undefined ? "client" : `server \`${to.server}\``} is gone`,
      );
      return;
    }
    const { link } = this.origin;
    if (to === link && link.isStuck) {
      this.origin.exchange.error(UNREACHABLE, `the server \`${link.name}\` does not take what it is sent`);
      return;
    }
    const { token } = this.origin.exchange;
    this.id = to.mint();
    to.awaited.set(this.id, this);
    this.origin.exchange.sent = this;
    // The outcome of a task comes when it comes.
    if (this.isToServer && this.origin.about?.outcome === undefined) this.begin();
    const wanted = this.origin.exchange.asker?.logLevel;
    if (wanted !== undefined) this.origin.link.wantLogs(wanted);
    const related = relatedTask(this.session, link, to === link ? "server" : "client", envelope);
    const named = related.length === 0 ? inward : [...inward, ...related];
    const placements = token === undefined ? named : [...named, { ...token, text: this.id }];
    const rewording = this.isToServer ? requestRewording(this.session, this.origin, members) : undefined;
    const { trace } = this.origin.exchange;
    const traced = trace === undefined ? rewording : withTraceKeys(rewording, trace.sent());
    this.send(writeMessage(envelope, judged, { id: this.id, placements, adapt, rewording: traced }));
  }

  private get allowedMs(): number {
    const { otherwiseMs, byMethod } = this.origin.link.life.timeout;
    return byMethod.get(this.origin.envelope.method) ?? otherwiseMs;
  }

  private begin(): void {
    const { now } = this.session.outside;
    const { link } = this.origin;
    this.due = now + this.allowedMs;
    this.lastDue = link.era === "modern" ? Number.POSITIVE_INFINITY : now + this.allowedMs * MOST_TIMES;
    link.deadlines.watch(this.due);
  }

  /** An answer in the server's place is judged like one of the server's. */
  private answerInstead(answer: JsonValue): void {
    const reply = readEnvelope(composeResult("0", answer), this.session.options.limits);
    if (reply.kind === "result") this.onReply(reply);
    else this.origin.exchange.error(INTERNAL_ERROR, "the answer of a rule is no result");
  }

  private hand(reply: Reply, facts: Facts, judged: Judged): void {
    if (judged.decision.verdict !== "allow") {
      answerRefused(this.origin.exchange, facts, judged);
      return;
    }
    const code = reply.kind === "error" ? codeOf(reply.bytes, reply.error) : undefined;
    const { exchange, link, envelope } = this.origin;
    const isCrossing = this.isToServer && (exchange.asker !== undefined || link.era === "modern");
    const asked = isCrossing ? unfinished(this.session, this.origin, reply, judged) : undefined;
    if (asked !== undefined) {
      this.takeUnfinished(asked, facts);
      return;
    }
    const readdressing = {
      id: exchange.id,
      placements: reply.kind === "error" ? errorPlacements(exchange, reply) : tasksInReply(this.session, this, reply),
      adapt: this.adaptation(reply, code),
      rewording:
        isCrossing && reply.kind === "result" ? resultRewording(exchange, link, envelope.method, reply) : undefined,
    };
    exchange.answer(writeMessage(reply, judged, readdressing), code);
  }

  private takeUnfinished(asked: InputRequired | string, facts: Facts): void {
    const { exchange, link, onInputRequired } = this.origin;
    const fail = (reason: string): void => exchange.error(INTERNAL_ERROR, `the server \`${link.name}\` ${reason}`);
    this.rounds += 1;
    const again = (members: Changes): void => this.again(members);
    if (typeof asked === "string") fail(`answered with what cannot be used: ${asked}`);
    else if (this.rounds > MAX_ROUNDS) fail(`asked more than ${MAX_ROUNDS} times`);
    else onInputRequired?.({ passage: this.origin, asked, number: this.rounds, facts, again });
  }

  /** The rules may be others by now. */
  private again(members: Changes): void {
    const { judged, session } = this;
    if (judged === undefined || !this.origin.exchange.isWanted) return;
    if (judged.revision === session.judge.revision) this.pass(judged, members);
    else this.beHeard(members);
  }

  /** It is the client that asks. */
  private get isToServer(): boolean {
    return this.origin.to === this.origin.link;
  }

  private adaptation(reply: Reply, code: number | undefined): Adaptation | undefined {
    const { server } = this;
    if (reply.kind === "result") return this.origin.outward?.(reply);
    if (code !== URL_ELICITATION_REQUIRED || server === undefined) return undefined;
    return (content) => this.session.elicitations.outwardError(server, content);
  }
}
