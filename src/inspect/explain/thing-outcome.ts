// What the policy made of one thing of a list: whether it is hidden or changed, by which rules, and why.
import type { CatalogueReview } from "../../engine/catalogue/catalogue.ts";
import type { NamedThing } from "../../engine/matching/call-facts.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { Principal } from "../../engine/facts.ts";
import { maskText } from "../../engine/telling/masking.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { placeText } from "../../engine/telling/record.ts";
import { renamed } from "../../engine/names/rename.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { listOfKind, type ListedKind } from "../../mcp/lists.ts";
import { differences, type Difference } from "../diff/json-diff.ts";

export interface ThingOutcome {
  readonly kind: ListedKind;
  /** The server's own name, URI or URI template. */
  readonly own: string;
  readonly listed: boolean;
  /** What the proxy logs of it. Its `reason` is there only if a rule failed. Of a thing that nothing befell but a new name nothing is logged: then it is bare. */
  readonly record: DecisionRecord;
  /** Absent: it keeps its own name. */
  readonly renamed?: { readonly to: string; readonly by: string; readonly place: string };
  /** Why it goes under no name, and so is not shown. */
  readonly unnamed?: string;
  /** Of the definition. */
  readonly changes: readonly Difference[];
}

export interface ReviewedList {
  readonly server: string;
  readonly kind: ListedKind;
  readonly definitions: readonly JsonObject[];
  readonly review: CatalogueReview;
}

/** In the server's order; things that no rule touched are left out. */
export function thingOutcomes(revision: Revision, list: ReviewedList, principal: Principal): readonly ThingOutcome[] {
  const { server, kind, definitions, review } = list;
  const { identity } = listOfKind(kind);
  return review.things.flatMap(({ own, listed, definition }) => {
    const name = maskText(revision, own);
    const naming = listed ? namingOf(revision, { server, kind, own }, principal) : {};
    const known = review.records.find((one) => one.name === name);
    if (!known && Object.keys(naming).length === 0) return [];
    const record = known ?? bareRecord(revision, list, name);
    const original = definitions.find((one) => one[identity] === own);
    return [{ kind, own, listed, record, ...naming, changes: differences(original, definition) }];
  });
}

function namingOf(
  revision: Revision,
  thing: NamedThing,
  principal: Principal,
): Pick<ThingOutcome, "renamed" | "unnamed"> {
  const outcome = renamed(revision, thing, principal);
  if (outcome.kind === "hidden") return { unnamed: outcome.reason };
  const { name, by } = outcome;
  return by && name !== thing.own ? { renamed: { to: name, by: by.id, place: placeText(by.place) } } : {};
}

function bareRecord(revision: Revision, { server, kind }: ReviewedList, name: string): DecisionRecord {
  const { method } = listOfKind(kind);
  return { revision: revision.id, kind: "catalogue", method, from: "server", server, name, verdict: "allow" };
}

/** After "it is hidden": by whom, or what failed. */
export function hiddenHow({ rule = "default", reason }: DecisionRecord): string {
  return reason === undefined ? ` by ${rule}` : `: ${rule} failed: ${reason}`;
}
