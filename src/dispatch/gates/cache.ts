// Answers of servers that rules keep: found, they are given in the server's place; who asks what is asked just now waits for that answer.
import type { Caching } from "../../engine/decision.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import type { RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { Gated } from "../judge.ts";
import { asksForTask } from "../tasks/asked-for.ts";
import { answerOwner } from "./answer-owner.ts";
import type { Flight, Flying, Follower, KeptAnswer } from "./flights.ts";
import type { Gate, GateOutcome } from "./gate.ts";
import { agedAnswer, keptAnswer, keptOfText, textOfKept } from "./kept-answer.ts";
import { recorded } from "./refused.ts";
import { sentContent } from "./sent-content.ts";

export function cacheGate(session: ClientSession): Gate {
  return (gated, then) => {
    const wish = wishOf(session, gated, then);
    if (wish === undefined) then({ kind: "judged", judged: gated.judged });
    else wait(session, wish);
  };
}

/** A request whose answer may be kept, or may be had without its server. */
interface Wish {
  readonly gated: Gated;
  readonly hand: (outcome: GateOutcome) => void;
  readonly exchange: Exchange;
  readonly caching: Caching;
  readonly flying: Flying;
  /** Who asks, as a digest. */
  readonly owner: string;
}

function wishOf(session: ClientSession, gated: Gated, hand: Wish["hand"]): Wish | undefined {
  const { hearing, judged } = gated;
  const { caching, verdict } = judged.decision;
  const { exchange, envelope, facts, mayBeKept } = hearing;
  const { server, method } = facts;
  if (caching === undefined || verdict !== "allow" || exchange === undefined || server === undefined) return undefined;
  if (mayBeKept !== true || envelope.kind !== "request" || isBound(envelope)) return undefined;
  const { outside, options } = session;
  const { flights } = session.known;
  const owner = options.seal.digest(answerOwner(session));
  const key = keyOf(session, gated, { caching, owner });
  const asked = outside.now;
  const flying: Flying = {
    key,
    server,
    method,
    answerOf: (reply) => keptAnswer(reply, { asked, at: outside.now, owner }),
    keep: (answer) => {
      const value = flights.isCurrent({ server, method }, asked) ? textOfKept(answer) : undefined;
      if (value !== undefined) outside.askStore({ kind: "keep", key, value, forMs: caching.forMs }, () => undefined);
    },
  };
  return { gated, hand, exchange, caching, flying, owner };
}

const RELATED_TASK = "io.modelcontextprotocol/related-task";

/** It goes on with something, or begins something, that is its own. */
function isBound(envelope: RequestEnvelope): boolean {
  const { bytes, params } = envelope;
  if (params === undefined) return false;
  const paths = [["inputResponses"], ["requestState"], ["_meta", RELATED_TASK]];
  return asksForTask(envelope) || paths.some((path) => rangeAt(bytes, params, path) !== undefined);
}

interface Circle {
  readonly caching: Caching;
  readonly owner: string;
}

/** What a `by` gives means something only in the policy that says it. */
function keyOf(session: ClientSession, gated: Gated, { caching, owner }: Circle): string {
  const { facts } = gated.hearing;
  const { options, principal } = session;
  const link = session.link(facts.server ?? "");
  const { rule, by } = caching;
  const circle = by === undefined ? ["principal", owner] : ["by", gated.judged.revision.id, rule, by];
  const to = [principal.profile ?? null, facts.server ?? null, link?.options.identity ?? null, link?.era ?? null];
  const sent = sentContent(gated, options.limits)?.text ?? "";
  return options.seal.digest(sortedJson(["cache", 1, to, facts.method, circle, sent]));
}

function wait(session: ClientSession, wish: Wish): void {
  const { exchange, flying } = wish;
  const flight = session.known.flights.at(flying.key);
  // It sets out for the second time, and has not come back yet.
  if (flight !== undefined && exchange.flight === flight) goUp(session, wish, flight);
  else if (flight === undefined) setOut(session, wish);
  else flight.follow(followerOf(session, wish));
}

/** What is kept is looked for first; who asks the same meanwhile waits for that already. */
function setOut(session: ClientSession, wish: Wish): void {
  const { exchange, flying, gated } = wish;
  const flight = lead(session, exchange, flying);
  const release = gated.lane.hold(false);
  session.outside.askStore({ kind: "recall", key: flying.key }, (answer) => {
    const text = answer.kind === "recalled" ? answer.value : undefined;
    const kept = text === undefined ? undefined : keptOfText(text, session.options.limits);
    try {
      if (kept === undefined || !isFor(session, wish, kept)) goUp(session, wish, flight);
      else {
        flight.arrive(kept);
        give(session, wish, kept, "hit");
      }
    } finally {
      release();
    }
  });
}

function lead(session: ClientSession, exchange: Exchange, flying: Flying, followers?: readonly Follower[]): Flight {
  exchange.flight?.land(undefined);
  const flight = session.known.flights.begin(flying, followers);
  exchange.flight = flight;
  return flight;
}

function followerOf(session: ClientSession, wish: Wish): Follower {
  const { exchange, flying } = wish;
  let go = (): void => goUp(session, wish);
  const resume = session.outside.later(() => go());
  return {
    take: (answer) => {
      if (!isFor(session, wish, answer)) return false;
      go = () => give(session, wish, answer, "shared");
      resume();
      return true;
    },
    goAlone: resume,
    lead: (others) => {
      const [next, ...rest] = others;
      const { isWanted } = exchange;
      if (isWanted) {
        const flight = lead(session, exchange, flying, others);
        go = () => goUp(session, wish, flight);
      }
      resume();
      if (!isWanted) next?.lead(rest);
    },
  };
}

function isFor({ known, outside }: ClientSession, { flying, caching, owner }: Wish, answer: KeptAnswer): boolean {
  const age = outside.now - answer.at;
  return (
    age <= caching.forMs &&
    known.flights.isCurrent(flying, answer.asked) &&
    (!answer.isPrivate || answer.owner === owner)
  );
}

function give({ outside, options }: ClientSession, wish: Wish, answer: KeptAnswer, how: "hit" | "shared"): void {
  const found: ResultEnvelope = agedAnswer(answer, outside.now, options.limits);
  wish.hand({ kind: "judged", judged: { ...recorded(wish.gated.judged, { cache: how }), found } });
}

/** Who has waited for somebody else is judged by what the policy says by now. */
function goUp(session: ClientSession, { gated, hand }: Wish, flight?: Flight): void {
  const { judged } = gated;
  if (judged.revision === session.judge.revision)
    hand({ kind: "judged", judged: { ...recorded(judged, { cache: "miss" }), flight } });
  else hand({ kind: "again" });
}
