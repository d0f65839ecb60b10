// What stands between a decision and what becomes of it, in the proxy's order: a human is asked, it is counted, tags are kept, an answer is at hand.
import type { Declined } from "../../engine/decision-record.ts";
import type { Decision, Question, Reservation } from "../../engine/decision.ts";
import type { Facts } from "../../engine/facts.ts";
import { declinedReason, overReason } from "../../engine/gates/gate-texts.ts";
import { placeText } from "../../engine/telling/record.ts";
import { userIdentity } from "../../engine/gates/user-identity.ts";
import type { Place } from "../../language/compiled-policy.ts";
import { isServed } from "../../language/ways-to-ask.ts";
import { DECLINED, OVER_LIMIT } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { sortedJson } from "../../mcp/sorted-json.ts";
import { countAll } from "./counting.ts";
import type { GateNote } from "./gate-note.ts";
import type { Outside } from "./outside.ts";

export interface Gated {
  readonly decision: Decision;
  readonly outside: Outside;
  readonly notes: readonly GateNote[];
  /** What a server answered before to the same, which is not sent again. */
  readonly recalled: JsonObject | undefined;
}

export interface AtGate {
  readonly facts: Facts;
  readonly now: number;
}

export function passGates(decision: Decision, at: AtGate, outside: Outside): Gated {
  const came: Gated = { decision, outside, notes: [], recalled: undefined };
  // What a rule blocks is noted all the same.
  if (decision.verdict === "block") return tag(came, at);
  const approved = decision.question ? ask(came, decision.question) : came;
  if (isHeld(approved)) return approved;
  const counted = count(approved, at, new Set());
  return isHeld(counted) ? counted : recall(tag(counted, at), at);
}

/** Under which an answer is kept, for whom: `by` stands in the place of who asks. */
export function keptUnder({ caching, content }: Decision, { server = "", method, principal }: Facts): string {
  const { client, user, profile } = principal;
  const who = { client: client?.name ?? null, user: user ? userIdentity(user) : null, profile: profile ?? null };
  return sortedJson([server, method, content, caching?.by ?? who]);
}

function isHeld({ decision }: Gated): boolean {
  return decision.verdict === "ask" || decision.verdict === "block";
}

function ask(gated: Gated, question: Question): Gated {
  const { decision, outside } = gated;
  const { rules, text, via } = question;
  if (!isServed(via)) {
    const noted = [...gated.notes, { kind: "unaskable" as const, rules, text, via }];
    return declined({ ...gated, notes: noted }, question, "no way to ask");
  }
  const said = outside.human;
  const notes = [...gated.notes, { kind: "asked" as const, rules, text, via, said }];
  switch (said) {
    case undefined:
      return { ...gated, notes, decision: { ...decision, verdict: "ask", question } };
    case "approves": {
      const verdict = decision.answer === undefined ? "allow" : "answer";
      const record = { ...decision.record, verdict } as const;
      return { ...gated, notes, decision: { ...decision, verdict, question: undefined, record } };
    }
    case "declines":
      return declined({ ...gated, notes }, question, "declined");
  }
}

function declined(gated: Gated, { rules, place }: Question, why: Declined): Gated {
  const refusal = { code: DECLINED, rule: rules[0], place, reason: declinedReason(why) };
  return { ...gated, decision: refused(gated.decision, refusal) };
}

/** `approved`: keys of the limits that a human has let it over. */
function count(gated: Gated, at: AtGate, approved: ReadonlySet<string>): Gated {
  const limits = gated.decision.limits.filter(({ key }) => !approved.has(key));
  if (limits.length === 0) return gated;
  const { counters, noted, over } = countAll(limits, gated.outside.counters, at.now);
  if (!over) return { ...gated, outside: { ...gated.outside, counters }, notes: [...gated.notes, ...noted] };
  const notes = [...gated.notes, over.note];
  return goOver({ ...gated, notes }, over.reservation, over.retryAfterMs, (next) =>
    count(next, at, new Set([...approved, over.reservation.key])),
  );
}

function goOver(
  gated: Gated,
  reservation: Reservation,
  retryAfterMs: number | undefined,
  goOn: (gated: Gated) => Gated,
): Gated {
  const { decision } = gated;
  const { otherwise, rule, place } = reservation;
  switch (otherwise.kind) {
    case "block": {
      const reason = overReason(otherwise.reason, rule, retryAfterMs);
      const refusal = refused(decision, { code: OVER_LIMIT, rule, place, reason });
      return { ...gated, decision: { ...refusal, asError: otherwise.asError } };
    }
    case "answer": {
      const record = { ...decision.record, verdict: "answer", rule, place: placeText(place) } as const;
      return { ...gated, decision: { ...decision, verdict: "answer", rule, answer: otherwise.answer, record } };
    }
    case "ask": {
      const asked = ask({ ...gated, decision: { ...decision, rule } }, otherwise.question);
      return isHeld(asked) ? asked : goOn(asked);
    }
  }
}

interface Refusing {
  readonly code: number;
  readonly rule: string | undefined;
  readonly place: Place;
  readonly reason: string;
}

function refused(decision: Decision, { code, rule, place, reason }: Refusing): Decision {
  const { rule: _rule, limits: _limits, ...rest } = decision.record;
  const named = { ...(rule !== undefined && { rule }), place: placeText(place) };
  const record = { ...rest, verdict: "block", ...named, reason } as const;
  return { ...decision, verdict: "block", code, rule, reason, asError: false, question: undefined, record };
}

function tag(gated: Gated, { now }: AtGate): Gated {
  const { lasting } = gated.decision;
  if (lasting.length === 0) return gated;
  const tags = new Map(gated.outside.tags);
  for (const { key, names, forMs } of lasting) {
    const marks = new Map(tags.get(key));
    for (const name of names) marks.set(name, Math.max(marks.get(name) ?? 0, now + forMs));
    tags.set(key, marks);
  }
  const notes = lasting.map(({ names, forMs }) => ({ kind: "tagged" as const, names, forMs }));
  return { ...gated, outside: { ...gated.outside, tags }, notes: [...gated.notes, ...notes] };
}

function recall(gated: Gated, { facts, now }: AtGate): Gated {
  const { decision, outside } = gated;
  const { caching, record } = decision;
  if (!caching || decision.verdict !== "allow" || facts.kind !== "request") return gated;
  const kept = outside.answers.get(keptUnder(decision, facts));
  const recalled = kept && kept.endsAt > now ? kept.result : undefined;
  const note = { kind: recalled ? ("recalled" as const) : ("missed" as const), rule: caching.rule };
  const noted = { ...record, cache: recalled ? ("hit" as const) : ("miss" as const) };
  return { ...gated, decision: { ...decision, record: noted }, recalled, notes: [...gated.notes, note] };
}
