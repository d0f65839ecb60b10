// The record of one decision, with everything in it masked.
import type { Place } from "../../language/compiled-policy.ts";
import type { DecisionRecord } from "../decision-record.ts";
import type { Facts } from "../facts.ts";
import type { Judgement } from "../judge.ts";
import { maskText } from "./masking.ts";
import type { Notes } from "../notes.ts";
import type { Revision } from "../policy-store.ts";
import type { RecordHead } from "../matching/selection.ts";

/** The part that the identity gives. */
export function recordHead(revision: Revision, facts: Facts, kind: DecisionRecord["kind"] = facts.kind): RecordHead {
  const { client, user, profile } = facts.principal;
  const masked = (text: string): string => maskText(revision, text);
  return {
    revision: revision.id,
    kind,
    method: masked(facts.method),
    from: facts.from,
    ...(facts.server !== undefined && { server: facts.server }),
    ...(facts.name !== undefined && { name: masked(facts.name) }),
    ...(client && { client: masked(client.name) }),
    ...(user && { user: masked(user.id) }),
    ...(profile !== undefined && { profile }),
  };
}

/** `reason`: for the operator; by default what the one who is refused is told. Masked already. */
export function recordOf(
  head: RecordHead,
  judgement: Judgement,
  notes: Notes,
  tags: readonly string[],
  reason = judgement.reason,
): DecisionRecord {
  const { rule, place } = judgement;
  const isDropped = judgement.verdict === "block" && head.kind === "notification";
  const record = begun(head, isDropped ? "drop" : judgement.verdict);
  if (rule !== undefined) record.rule = rule;
  if (place) record.place = placeText(place);
  if (reason !== undefined) record.reason = reason;
  if (notes.changedBy.length > 0) record.changedBy = notes.changedBy;
  if (notes.shadow.length > 0) record.shadow = notes.shadow;
  if (notes.exceptions.length > 0) record.exceptions = notes.exceptions;
  if (notes.failedOpen.length > 0) record.failedOpen = notes.failedOpen;
  if (notes.unpacked.length > 0) record.unpacked = notes.unpacked;
  if (tags.length > 0) record.tags = tags;
  if (notes.tagsUnread !== undefined) record.tagsUnread = notes.tagsUnread;
  if (notes.modules.length > 0) record.modules = notes.modules;
  if (notes.translation) record.translation = notes.translation;
  if (judgement.question) record.asked = judgement.question.rules;
  if (judgement.limits.length > 0) record.limits = [...new Set(judgement.limits.map((limit) => limit.rule))];
  return record;
}

/** A policy has few places, and a message names one of them each time. */
const PLACE_TEXTS = new WeakMap<Place, string>();

export function placeText(place: Place): string {
  const known = PLACE_TEXTS.get(place);
  if (known !== undefined) return known;
  const text = `${place.file}:${place.line}:${place.column}`;
  PLACE_TEXTS.set(place, text);
  return text;
}

/** Member by member, since one is made for every message that is judged inside: a spread costs several times as much. */
function begun(head: RecordHead, verdict: DecisionRecord["verdict"]): Writable<DecisionRecord> {
  const { revision, kind, method, from, server, name, client, user, profile } = head;
  const record: Writable<DecisionRecord> = { revision, kind, method, from, verdict };
  if (server !== undefined) record.server = server;
  if (name !== undefined) record.name = name;
  if (client !== undefined) record.client = client;
  if (user !== undefined) record.user = user;
  if (profile !== undefined) record.profile = profile;
  return record;
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };
