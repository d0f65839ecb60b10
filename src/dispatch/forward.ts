// One request on its way from the one who asks to the one who answers, and what becomes of it there.
import type { Facts } from "../engine/facts.ts";
import { INTERNAL_ERROR, UNREACHABLE } from "../mcp/errors.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { composeNotification, composeResult } from "../message/compose.ts";
import { parseContent } from "../message/content.ts";
import { readEnvelope, type RequestEnvelope } from "../message/envelope.ts";
import type { Changes } from "../message/eras/reword.ts";
import type { ClientSession } from "./peers/client-session.ts";
import type { MessageBytes } from "./event.ts";
import type { Exchange, Sent } from "./exchanges/exchange.ts";
import { type Departed, handBack } from "./hand-back.ts";
import type { Judged } from "./judge.ts";
import { beginTrace, isToolError, withTraceKeys } from "./observing/tracing.ts";
import type { Likeness } from "./wording/likeness.ts";
import { isAnswerKeepable, isToServer, type KeptReply, type Passage } from "./exchanges/passage.ts";
import type { Awaited, Reply } from "./peers/peer.ts";
import { answerRefused } from "./exchanges/refusing.ts";
import { relatedTask } from "./tasks/task-ids.ts";
import { isHeaderMismatch, requestRewording } from "./wording/crossing.ts";
import { place } from "./wording/placement.ts";
import { likenessOf, type Readdressing, writeMessage } from "./wording/write-message.ts";

/** The exchange is answered once, whatever happens. */
export function forward(session: ClientSession, passage: Passage): void {
  if (isToServer(passage)) passage.link.use();
  new Forwarded(session, passage).depart();
}

const NOTHING: readonly never[] = [];

/** Progress gives a server of the legacy era more time, up to so many times as long in all (2025-11-25, Timeouts). */
const MOST_TIMES = 4;

class Forwarded implements Awaited, Sent, Departed {
  readonly origin: Passage;
  id = "";
  tags: readonly string[] = NOTHING;
  secrets: readonly string[] = NOTHING;
  due: number | undefined;
  rounds: number;
  private lastDue = 0;
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
    const { continued } = this.origin;
    if (continued?.reply === undefined) this.beHeard(continued?.members);
    else this.goOnWith(continued.reply);
  }

  /** Rules on things act when the thing is called; of a reply, only what a module makes of it is held against the definition. */
  onReply(reply: Reply): void {
    const { facts, link, to, about, thing } = this.origin;
    this.origin.exchange.sent = undefined;
    link.use();
    this.origin.exchange.trace?.replied(isToolError(reply));
    if (this.origin.onMismatch !== undefined && isHeaderMismatch(reply)) {
      this.origin.onMismatch();
      return;
    }
    this.judged?.flight?.land(reply);
    const replyFacts = factsOfReply(about?.outcome?.facts ?? facts, reply.kind, to.side);
    const asked = about?.outcome?.asked ?? this;
    const { exchange, clientsRequest } = this;
    const hearing = {
      facts: replyFacts,
      envelope: reply,
      server: link.options,
      thing,
      asked,
      exchange,
      clientsRequest,
    };
    this.session.judge.hear(to.lane, hearing, (judged) => handBack(this.session, this, reply, replyFacts, judged));
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
    const { envelope, inward, continued } = this.origin;
    if (this.judged === undefined && continued?.reply !== undefined) return continued.reply.request;
    const content: JsonObject =
      this.judged?.before === undefined
        ? place(parseContent(envelope), inward ?? NOTHING)
        : this.judged.decision.content;
    return { method: envelope.method, ...content };
  }

  /** The rules may be others by now. */
  again(members: Changes): void {
    const { judged, session } = this;
    if (!this.origin.exchange.isWanted) return;
    // What somebody approved is not good for ever.
    const isGood = judged?.revision === session.judge.revision && judged.decision.record.approval === undefined;
    if (isGood) this.pass(judged, members);
    else this.beHeard(members);
  }

  private get exchange(): Exchange {
    return this.origin.exchange;
  }

  private get clientsRequest(): RequestEnvelope | undefined {
    return isToServer(this.origin) ? this.origin.envelope : undefined;
  }

  /** The server was asked in an earlier round, and has answered. */
  private goOnWith({ envelope, tags, secrets }: KeptReply): void {
    this.tags = tags;
    this.secrets = secrets;
    this.onReply(envelope);
  }

  private beHeard(members: Changes | undefined): void {
    const { facts, envelope, link, thing, inward, from, about } = this.origin;
    const { exchange, clientsRequest } = this;
    const mayBeKept = members === undefined && isAnswerKeepable(this.origin);
    const isPart = about !== undefined;
    const { options: server } = link;
    const hearing = { facts, envelope, server, thing, inward, exchange, clientsRequest, mayBeKept, isPart };
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
        return judged.found === undefined ? this.pass(judged, members) : this.onReply(judged.found);
      case "ask":
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
    if (isToServer(this.origin) && this.origin.about?.outcome === undefined) this.begin();
    const wanted = this.origin.exchange.asker?.logLevel;
    if (wanted !== undefined) this.origin.link.wantLogs(wanted);
    const related = relatedTask(this.session, link, to === link ? "server" : "client", envelope);
    const named = related.length === 0 ? inward : [...inward, ...related];
    const placements = token === undefined ? named : [...named, { ...token, text: this.id }];
    const rewording = isToServer(this.origin) ? requestRewording(this.session, this.origin, members) : undefined;
    const { trace } = this.origin.exchange;
    const traced = trace === undefined ? rewording : withTraceKeys(rewording, trace.sent());
    const readdressing = { id: this.id, placements, adapt, rewording: traced };
    const bytes = writeMessage(envelope, judged, readdressing);
    to.send(bytes, this.origin.exchange.stream, this.likeness(judged, readdressing));
  }

  /** Over stdio nobody wants to know. */
  private likeness(judged: Judged, readdressing: Readdressing): Likeness | undefined {
    const { to, link, envelope } = this.origin;
    if (to !== link || link.options.transport === "stdio") return undefined;
    if (link.era === "modern") return likenessOf(envelope, judged, readdressing);
    return { of: envelope, id: this.id, name: undefined };
  }

  private get allowedMs(): number {
    const { otherwiseMs, byMethod } = this.origin.link.life.timeout;
    return byMethod.get(this.origin.envelope.method) ?? otherwiseMs;
  }

  private begin(): void {
    const { now } = this.session.outside;
    const { link } = this.origin;
    const { allowedMs } = this;
    this.due = now + allowedMs;
    this.lastDue = link.era === "modern" ? Number.POSITIVE_INFINITY : now + allowedMs * MOST_TIMES;
    link.deadlines.watch(this.due);
  }

  /** An answer in the server's place is judged like one of the server's. */
  private answerInstead(answer: JsonValue): void {
    const reply = readEnvelope(composeResult("0", answer), this.session.options.limits);
    if (reply.kind === "result") this.onReply(reply);
    else this.origin.exchange.error(INTERNAL_ERROR, "the answer of a rule is no result");
  }
}

/** Written out, since a spread takes several times as long; the type sees to it that nothing is left out. */
function factsOfReply(
  { method, server, name, thing, principal }: Facts,
  kind: Facts["kind"],
  from: Facts["from"],
): { [Key in keyof Required<Facts>]: Facts[Key] } {
  return { kind, method, from, server, name, thing, principal };
}
