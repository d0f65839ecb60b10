// A human is asked before a message goes on, and what goes on is exactly what the human was asked about.
import type { Question } from "../../engine/decision.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Gated, Judged, Outcome } from "../judge.ts";
import { subjectOf } from "../rounds/sealed-round.ts";
import { HOLDS_FOR, type Said, saidOf } from "./approval.ts";
import { digestOf } from "./ask-digest.ts";
import { approved, declined, open } from "./ask-outcome.ts";
import { putQuestion } from "./ask-put.ts";
import { askInRound } from "./ask-round.ts";
import { shownText } from "./ask-text.ts";
import { type Ending, waitForAnswer } from "./ask-waiting.ts";
import { askingOf, type Way, wayTo } from "./ask-ways.ts";
import type { Gate } from "./gate.ts";
import { LogicalCall } from "./logical-call.ts";
import type { OpenQuestion } from "./open-questions.ts";

export function askGate(session: ClientSession): Gate {
  return (gated, then) => {
    const { judged } = gated;
    if (judged.decision.question === undefined) then({ kind: "judged", judged });
    else new Approving(session, gated, then).settle(judged);
  };
}

/** A question as it is put: with what it shows, and the digest of what it is about. */
export interface Put {
  readonly question: Question;
  readonly shown: string;
  readonly digest: string;
}

type RoundWay = Extract<Way, { readonly kind: "round" }>;

/** How often a message that turns into another one while somebody thinks about it is asked about. */
const MOST_TRIES = 3;

class Approving {
  private readonly session: ClientSession;
  private readonly gated: Gated;
  private readonly finish: (outcome: Outcome) => void;
  private readonly call: LogicalCall;
  /** Ids of the rules that ask, or of the limit that does. */
  private readonly askers: string;
  private tries = 0;

  constructor(session: ClientSession, gated: Gated, then: (outcome: Outcome) => void) {
    this.session = session;
    this.gated = gated;
    this.finish = then;
    this.call = gated.hearing.exchange?.call ?? new LogicalCall();
    this.askers = askersOf(gated.judged.decision.question);
  }

  /** Asks whatever is not answered yet about the message as it is judged now. */
  settle(judged: Judged): void {
    let last: Said | undefined;
    for (const question of this.questionsOf(judged)) {
      const put = this.putOf(judged, question);
      const said = saidOf(this.call.said, put.digest, this.session.outside.now);
      if (said === undefined) {
        this.ask(judged, put);
        return;
      }
      if (said.outcome !== "approved") {
        this.end(declined(judged, question, said));
        return;
      }
      last = said;
    }
    this.call.tries = 0;
    this.end(judged.decision.verdict === "block" ? judged : approved(judged, last));
  }

  /** A message that is over a limit is asked about for that too. */
  private *questionsOf({ decision }: Judged): Generator<Question> {
    if (decision.verdict === "block") return;
    if (decision.question !== undefined) yield decision.question;
    for (const { otherwise } of decision.limits)
      if (otherwise.kind === "ask" && askersOf(otherwise.question) === this.askers) yield otherwise.question;
  }

  private putOf(judged: Judged, question: Question): Put {
    const { session } = this;
    const { hearing } = this.gated;
    const shown = shownText(question, hearing.facts, (text) => session.outside.mask(text));
    const { rules, via } = question;
    const digest = digestOf(session, { hearing, judged }, { rules, text: shown, via });
    return { question, shown, digest };
  }

  private ask(judged: Judged, put: Put): void {
    const { session } = this;
    const { hearing } = this.gated;
    const way = wayTo(session, hearing, put.question.via);
    if (way === undefined || hearing.exchange === undefined) this.refuse(judged, put, "no way to ask");
    else if (this.isTiring(way)) this.refuse(judged, put, "invalid");
    else if (this.isPestered()) this.refuse(judged, put, "too many open");
    else if (way.kind === "round") this.askInRound(judged, put, way);
    else this.wait(judged, put, way, hearing.exchange);
  }

  private wait(judged: Judged, put: Put, way: Exclude<Way, RoundWay>, exchange: Exchange): void {
    const { session } = this;
    const { hearing } = this.gated;
    const opened = this.openedBy(put, way);
    waitForAnswer(session, {
      exchange,
      hearing,
      withinMs: opened.until - opened.askedAt,
      put: (settle) => putQuestion(session, way, opened, settle),
      ended: (ending) => this.hear(judged, put, opened, ending),
    });
  }

  private hear(judged: Judged, { question, digest }: Put, { channel, askedAt }: OpenQuestion, ending: Ending): void {
    const { now } = this.session.outside;
    const said = { digest, channel, askedAt, decidedAt: now, until: now + HOLDS_FOR };
    if (ending === "left") {
      this.finish({ kind: "over", judged: declined(judged, question, { ...said, outcome: "cancelled" }) });
    } else if (ending.outcome === "approved") {
      this.call.said = [...this.call.said, { ...said, ...ending }];
      // Rules, tags and the time may be others by now.
      this.gated.again((again) => this.settle(again));
    } else this.end(declined(judged, question, { ...said, ...ending }));
  }

  private askInRound(judged: Judged, put: Put, way: RoundWay): void {
    const opened = this.openedBy(put, way);
    askInRound(this.session, this.gated.hearing, opened, way, (outcome) => {
      if (outcome === "asked") this.finish({ kind: "over", judged: open(judged, opened) });
      else if (outcome === "left") this.hear(judged, put, opened, "left");
      else this.refuse(judged, put, outcome);
    });
  }

  private openedBy({ question, shown, digest }: Put, { channel }: Way): OpenQuestion {
    const { known, options, outside } = this.session;
    const { method, server, name, principal } = this.gated.hearing.facts;
    const askedAt = outside.now;
    return {
      id: known.questions.newId(options.token),
      channel,
      text: shown,
      rules: question.rules,
      method,
      server,
      name: name === undefined ? undefined : outside.mask(name),
      client: principal.client && outside.mask(principal.client.name),
      user: principal.user && outside.mask(principal.user.id),
      askedAt,
      until: askedAt + (question.withinMs ?? askingOf(this.session).withinMs),
      digest,
    };
  }

  /** In rounds each try comes with a request of its own; those of one message are put as one. */
  private isTiring({ kind }: Way): boolean {
    const { call } = this;
    this.tries += 1;
    if (kind === "round" && this.gated.hearing.takesQuestion === undefined) call.tries += 1;
    return Math.max(this.tries, kind === "round" ? call.tries : 0) > MOST_TRIES;
  }

  /** Who is asked all day says yes in the end. */
  private isPestered(): boolean {
    const { known, outside } = this.session;
    return known.questions.countOf(subjectOf(this.session), outside.now) >= askingOf(this.session).maxPending;
  }

  private refuse(judged: Judged, { question, digest }: Put, outcome: Exclude<Said["outcome"], "approved">): void {
    const { now } = this.session.outside;
    this.end(declined(judged, question, { digest, outcome, decidedAt: now, until: now }));
  }

  private end(judged: Judged): void {
    this.finish({ kind: "judged", judged });
  }
}

function askersOf(question: Question | undefined): string {
  return JSON.stringify(question?.rules ?? []);
}
