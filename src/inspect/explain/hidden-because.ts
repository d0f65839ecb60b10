// Why a thing is hidden, in the words of the rule that hides it: what is said of the definition, of the caller, of the server.
import { callFacts } from "../../engine/matching/call-facts.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { Asking } from "../../engine/decision.ts";
import type { ReviewedThing } from "../../engine/facts.ts";
import type { Revision } from "../../engine/policy-store.ts";
import type { Caller } from "../play/test-catalogue.ts";
import { hiddenHow } from "./thing-outcome.ts";
import { tryRules, type TriedPart } from "./tried-rules.ts";

/** Behind "it is hidden". */
export function* hiddenBecause(
  revision: Revision,
  { server, thing }: { readonly server: string; readonly thing: ReviewedThing },
  { principal, now }: Caller,
  record: DecisionRecord,
): Asking<string> {
  const how = `${hiddenHow(record)}${record.place === undefined ? "" : ` (${record.place})`}`;
  if (record.rule === undefined || record.rule === "default" || record.reason !== undefined) return how;
  const facts = callFacts({ server, kind: thing.kind, own: thing.own }, principal);
  const surroundings = { now, request: undefined, thing, tags: [], root: undefined, home: undefined };
  const tried = yield* tryRules(revision, { facts, surroundings, content: {} });
  const parts = tried.find(({ rule }) => rule === record.rule)?.parts.filter(isGround) ?? [];
  return parts.length === 0 ? how : `${how}: ${parts.map(textOf).join(" ")}`;
}

/** Of an `except` it is a ground that it does not hold, and goes without saying. */
function isGround({ kind, truth }: TriedPart): boolean {
  return (kind === "target" || kind === "clause") && truth !== "no";
}

function textOf({ text, truth }: TriedPart): string {
  return truth === "doubt" ? `${text} (in doubt)` : text;
}
