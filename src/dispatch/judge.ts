// Takes one message before the policy, through the gates, and hands on what was decided; waits only if a rule needs an answer from outside.
import { decide, decideByIdentity } from "../engine/decide.ts";
import type { DecisionRecord } from "../engine/decision-record.ts";
import type { Content, Decision } from "../engine/decision.ts";
import type { Facts, ReviewedThing, Surroundings } from "../engine/facts.ts";
import type { PolicyStore, Revision } from "../engine/policy-store.ts";
import { recordHead } from "../engine/telling/record.ts";
import { select } from "../engine/matching/select.ts";
import type { JsonValue } from "../mcp/json.ts";
import { parseContent } from "../message/content.ts";
import type { Envelope, RequestEnvelope, ResultEnvelope } from "../message/envelope.ts";
import type { ClientId, MessageBytes } from "./event.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import type { Flight } from "./gates/flights.ts";
import type { OpenQuestion } from "./gates/open-questions.ts";
import type { Lane } from "./peers/lane.ts";
import { hasNothingSought } from "./nothing-sought.ts";
import { loggedAnswer, loggedMessage, loggedRequest } from "./observing/logged.ts";
import type { DispatchLimits, ServerOptions } from "./options.ts";
import type { AsksClient, Outside } from "./outside.ts";
import type { Supplied } from "./peers/supplied-secrets.ts";
import type { Placement } from "./wording/placement.ts";
import { place } from "./wording/placement.ts";

export interface Hearing {
  readonly facts: Facts;
  readonly envelope: Envelope;
  /** Whose arguments' paths are read; `undefined`: the message reaches no server. */
  readonly server: ServerOptions | undefined;
  readonly thing?: ReviewedThing | undefined;
  /** A name the client knows, and what the server calls it: rules only ever see the server's own. */
  readonly inward?: readonly Placement[] | undefined;
  /** Of a reply: what remains of its request. */
  readonly asked?: Asked | undefined;
  /** Who waits: for its answer, of a reply for it; absent: nobody can be asked anything about it. */
  readonly exchange?: Exchange | undefined;
  /** The client's request that it belongs to, whose answer somebody waits for: the request itself, or what was said about it. */
  readonly clientsRequest?: RequestEnvelope | undefined;
  /** It goes on with a call that was counted when it was made: it polls a task, or answers for one. */
  readonly isPart?: boolean;
  /** Its answer may be given to others who ask the same, if rules say so. */
  readonly mayBeKept?: boolean;
  /** It is one of several in one message: whoever has them all takes its question, and puts all at once. */
  readonly takesQuestion?: ((question: OpenQuestion) => void) | undefined;
}

/** What a reply's rules may ask of its request. */
export interface Asked {
  readonly tags: readonly string[];
  readonly secrets: readonly string[];
  /** The id its asker gave it, as raw JSON text; absent: the proxy asked. */
  readonly askersId?: string;
  /** `{method, params}` as it was sent; built only when a rule reads it. */
  request(): JsonValue;
}

export interface Judged {
  readonly decision: Decision;
  readonly revision: Revision;
  /** The content as it came; `undefined`: nothing looked inside, the bytes stand for it. */
  readonly before: Content | undefined;
  /** Of a request: its server's answer, that was kept. */
  readonly found?: ResultEnvelope | undefined;
  /** Of a request: others wait for the answer, too. */
  readonly flight?: Flight | undefined;
}

/** A message that was judged, and cannot simply go on or be refused: it has to pass the gates. */
export interface Gated {
  readonly hearing: Hearing;
  readonly judged: Judged;
  /** The one it came in. */
  readonly lane: Lane;
  /** Judges it as the policy in force by then says. Nothing is noted of that, and no gate passed. */
  readonly again: (then: (judged: Judged) => void) => void;
}

export type Outcome =
  /** The verdict is not `ask` any more. */
  | { readonly kind: "judged"; readonly judged: Judged }
  /** Who waited for its answer has one, or waits no more. */
  | { readonly kind: "over"; readonly judged: Judged };

export interface Gates {
  /** `then` is called once, at once or later. */
  pass(gated: Gated, then: (outcome: Outcome) => void): void;
  /** The client's own model translates what is heard. `leave`: the message waits elsewhere for that, and no longer in its lane. */
  asksModel(hearing: Hearing, leave: () => void): AsksClient;
}

/** Who hears messages, on whose behalf. */
export interface Bench {
  readonly outside: Outside;
  readonly store: PolicyStore;
  /** What logs of whole messages call the client; `undefined`: nobody logs them. */
  readonly loggedAs: ClientId | undefined;
  readonly limits: DispatchLimits;
  readonly gates: Gates;
  /** Says who talks, and nothing else of him. */
  readonly session: () => string;
  readonly supplied: Supplied;
}

type Conclude = (lane: Lane, hearing: Hearing, judged: Judged, then: (judged: Judged) => void) => void;

const NO_TAGS: readonly string[] = [];

export class Judge {
  private readonly outside: Outside;
  private readonly store: PolicyStore;
  private readonly loggedAs: ClientId | undefined;
  private readonly limits: DispatchLimits;
  private readonly gates: Gates;
  private readonly session: () => string;
  private readonly supplied: Supplied;

  constructor({ outside, store, loggedAs, limits, gates, session, supplied }: Bench) {
    this.outside = outside;
    this.store = store;
    this.loggedAs = loggedAs;
    this.limits = limits;
    this.gates = gates;
    this.session = session;
    this.supplied = supplied;
  }

  /** `serve.ts` starts no proxy without a policy. */
  get revision(): Revision {
    const current = this.store.current();
    if (current === undefined) throw new Error("there is no policy");
    return current;
  }

  /**
   * `lane`: the one the message came in, which is held while an answer from outside is waited for. `then` is called when
   * the message has passed the gates: its verdict is not `ask` any more. Not where its answer is given, or not waited for.
   */
  hear(lane: Lane, hearing: Hearing, then: (judged: Judged) => void): void {
    this.judge(lane, hearing, this.throughGates, then);
  }

  /** A request that is refused before any rule sees it, since it asks for what nobody is shown. */
  noteRefused(record: DecisionRecord, envelope: RequestEnvelope): void {
    const { loggedAs, revision } = this;
    const { arrived } = this.outside;
    if (loggedAs === undefined) this.outside.command({ kind: "record", record, arrived });
    else
      this.outside.command({ kind: "record", record, arrived, message: loggedRequest(loggedAs, envelope, revision) });
  }

  /** An answer that the proxy made and no rule judges: only logs of whole messages want it. */
  noteAnswer(facts: Facts, answer: { readonly id: string; readonly bytes: MessageBytes }): void {
    const { loggedAs, revision } = this;
    if (loggedAs === undefined) return;
    const record = { ...recordHead(revision, facts), verdict: "allow" } as const;
    this.outside.command({ kind: "record", record, message: loggedAnswer(loggedAs, answer, revision, this.limits) });
  }

  private judge(lane: Lane, hearing: Hearing, conclude: Conclude, then: (judged: Judged) => void): void {
    const revision = this.revision;
    const selection = select(revision, hearing.facts);
    const secrets = this.supplied.beside(hearing.facts, hearing.asked?.secrets ?? NO_TAGS, hearing.server);
    const mayHoldSecrets = secrets.length > 0;
    if (selection.byIdentity !== undefined && !(mayHoldSecrets && selection.byIdentity.verdict === "allow")) {
      conclude(lane, hearing, { decision: selection.byIdentity, revision, before: undefined }, then);
      return;
    }
    const { byAbsence } = selection;
    if (byAbsence !== undefined && !mayHoldSecrets && hasNothingSought(byAbsence, hearing)) {
      conclude(lane, hearing, { decision: byAbsence.decision, revision, before: undefined }, then);
      return;
    }
    const request = selection.readsRequest ? hearing.asked?.request() : undefined;
    const surroundings = this.surroundings(hearing, request, secrets);
    if (!selection.readsBody && !mayHoldSecrets) {
      const decision = decideByIdentity(revision, selection, hearing.facts, surroundings);
      conclude(lane, hearing, { decision, revision, before: undefined }, then);
      return;
    }
    const before = parseContent(hearing.envelope);
    const content = hearing.inward === undefined ? before : place(before, hearing.inward);
    let release: (() => void) | undefined;
    const finish = (decision: Decision): void => {
      if (decision.secrets.length > 0) this.supplied.note(hearing.facts, decision.secrets);
      try {
        conclude(lane, hearing, { decision, revision, before }, then);
      } finally {
        release?.();
      }
    };
    const leave = (): void => {
      release?.();
      release = undefined;
    };
    const asksClient: AsksClient = (question, hear) => {
      // What the client says to it, or cancels, must not stand in line behind the message.
      if (hearing.facts.from === "client") leave();
      this.gates.asksModel(hearing, leave)(question, hear);
    };
    const asking = decide(revision, selection, hearing.facts, content, surroundings);
    const isDone = this.outside.run(asking, finish, asksClient);
    if (!isDone) release = lane.hold(hearing.facts.kind === "notification");
  }

  private surroundings(hearing: Hearing, request: JsonValue | undefined, secrets: readonly string[]): Surroundings {
    return {
      now: this.outside.now,
      request,
      thing: hearing.thing,
      tags: hearing.asked?.tags ?? NO_TAGS,
      secrets,
      root: hearing.server?.root,
      home: hearing.server?.home,
      session: this.session(),
    };
  }

  private readonly throughGates: Conclude = (lane, hearing, judged, then) => {
    for (const line of judged.decision.logs) this.outside.command({ kind: "log", line });
    if (!isGated(judged.decision)) {
      this.note(hearing, judged);
      then(judged);
      return;
    }
    const again = (take: (judged: Judged) => void): void => this.judge(lane, hearing, handOn, take);
    this.gates.pass({ hearing, judged, lane, again }, (outcome) => {
      this.note(hearing, outcome.judged);
      if (outcome.kind === "judged") then(outcome.judged);
    });
  };

  private note(hearing: Hearing, judged: Judged): void {
    const { record } = judged.decision;
    const { arrived } = this.outside;
    if (this.loggedAs === undefined) this.outside.command({ kind: "record", record, arrived });
    else
      this.outside.command({
        kind: "record",
        record,
        arrived,
        message: loggedMessage(this.loggedAs, hearing, judged),
      });
  }
}

const handOn: Conclude = (_lane, _hearing, judged, then) => then(judged);

function isGated({ question, limits, lasting, caching }: Decision): boolean {
  return question !== undefined || limits.length > 0 || lasting.length > 0 || caching !== undefined;
}
