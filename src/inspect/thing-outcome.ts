// What the policy made of one thing of a list: whether it is hidden or changed, by which rules, and why.
import type { CatalogueReview } from "../engine/catalogue.ts";
import type { DecisionRecord } from "../engine/decision-record.ts";
import { maskText } from "../engine/masking.ts";
import type { Revision } from "../engine/policy-store.ts";
import type { JsonObject } from "../mcp/json.ts";
import { listOfKind, type ListedKind } from "../mcp/lists.ts";
import { differences, type Difference } from "./json-diff.ts";

export interface ThingOutcome {
  readonly kind: ListedKind;
  /** The server's own name, URI or URI template. */
  readonly own: string;
  readonly listed: boolean;
  /** What the proxy logs of it. Its `reason` is there only if a rule failed. */
  readonly record: DecisionRecord;
  /** Of the definition. */
  readonly changes: readonly Difference[];
}

export interface ReviewedList {
  readonly kind: ListedKind;
  readonly definitions: readonly JsonObject[];
  readonly review: CatalogueReview;
}

/** In the server's order; things that no rule touched are left out. */
export function thingOutcomes(
  revision: Revision,
  { kind, definitions, review }: ReviewedList,
): readonly ThingOutcome[] {
  const { identity } = listOfKind(kind);
  return review.things.flatMap(({ own, listed, definition }) => {
    const name = maskText(revision, own);
    const record = review.records.find((one) => one.name === name);
    const original = definitions.find((one) => one[identity] === own);
    return record ? [{ kind, own, listed, record, changes: differences(original, definition) }] : [];
  });
}

/** After "it is hidden": by whom, or what failed. */
export function hiddenHow({ rule = "default", reason }: DecisionRecord): string {
  return reason === undefined ? ` by ${rule}` : `: ${rule} failed: ${reason}`;
}
