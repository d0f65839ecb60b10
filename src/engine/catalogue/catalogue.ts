// One server's whole list of things under the policy: what is hidden, what is changed, and why.
import { BLOCKED, POLICY_FAILED } from "../../mcp/errors.ts";
import { entriesOf, type Entry, type Hidden } from "./catalogue-entry.ts";
import { left, listFacts, listScene, type CatalogueList } from "./catalogue-list.ts";
import type { Catalogue, CatalogueReview } from "./catalogue-review.ts";
import { transformCatalogue } from "./catalogue-transforms.ts";
import type { DecisionRecord } from "../decision-record.ts";
import type { Asking, LogLine } from "../decision.ts";
import type { ReviewedThing } from "../facts.ts";
import { shortened } from "../telling/fill-template.ts";
import { judge, refusal, type Judgement } from "../judge.ts";
import { listingOf, type Listing } from "./listing.ts";
import { maskText } from "../telling/masking.ts";
import { emptyNotes } from "../notes.ts";
import { observe } from "../telling/observe.ts";
import { pinEntries } from "./pin.ts";
import type { Revision } from "../policy-store.ts";
import { recordHead, recordOf } from "../telling/record.ts";
import { select } from "../matching/select.ts";
import type { SelectedRule, SelectedRules } from "../matching/selection.ts";
import { asksOthers } from "../transforms/transform.ts";
import { validate } from "../modules/validate.ts";

export type { Catalogue, CatalogueReview } from "./catalogue-review.ts";

export function* reviewCatalogue(revision: Revision, catalogue: Catalogue): Asking<CatalogueReview> {
  const problems: string[] = [];
  const entries = entriesOf(revision, catalogue, problems);
  problems.push(...pinEntries(revision, catalogue, entries).map((problem) => maskText(revision, problem)));
  const list: CatalogueList = { revision, catalogue, entries, notes: emptyNotes(), calls: [] };
  const { rules } = select(revision, listFacts(catalogue));
  yield* transformCatalogue(list, rules.isRefused ? rules.transforms.filter(asksNobody) : rules.transforms);
  yield* judgeList(list, rules);
  const things: ReviewedThing[] = [];
  const logs: LogLine[] = [];
  for (const entry of entries) {
    const listing = yield* listingOf(entry.rules, entry.scene, entry.notes);
    if (listing.hiddenBy) entry.hide(listing.hiddenBy);
    things.push(reviewed(catalogue, entry, listing));
    logs.push(...(yield* logsOf(entry)));
    if (entry.hidden?.failure !== undefined) problems.push(problemOf(revision, catalogue, entry.own, entry.hidden));
  }
  const isPartial = [list, ...entries].some(({ notes }) => notes.translation === "partial");
  const isDoubtful = [list, ...entries].some(({ notes }) => notes.modules.some(({ outcome }) => outcome === "failed"));
  const records = [...listRecords(list), ...entries.flatMap((entry) => recordsOf(list, entry))];
  const isPlain = problems.length === 0 && isSilent(rules) && entries.every(isUntouched);
  return { things, problems, records, isPartial, isDoubtful, isPlain, logs };
}

function isUntouched({ hidden, rules }: Entry): boolean {
  return hidden === undefined && isSilent(rules);
}

/** Whether names are others is not asked here. */
function isSilent({ transforms, definitions, supplies, verdicts, defaults }: SelectedRules): boolean {
  return [transforms, definitions, supplies, verdicts, defaults].every(({ length }) => length === 0);
}

function asksNobody(selected: SelectedRule): boolean {
  return !asksOthers(selected);
}

/** A list result that a rule blocks shows nothing; nor does one that a human would have to be asked about. */
function* judgeList(list: CatalogueList, rules: SelectedRules): Asking<void> {
  const scene = listScene(list);
  const validated = yield* validate(list.calls, scene, list.notes);
  if (validated.kind === "failed") {
    for (const entry of left(list)) entry.hide(validated.rule.rule, validated.reason);
    return;
  }
  const { judgement } = yield* judge(rules, scene, list.notes, validated.rejections);
  if (judgement.verdict === "allow") return;
  const { rule = "default", place } = judgement;
  for (const entry of left(list)) entry.hide({ id: rule, place });
}

function reviewed({ kind }: Catalogue, entry: Entry, { truths }: Listing): ReviewedThing {
  const definition = entry.definition;
  return {
    kind,
    own: entry.own,
    listed: !entry.hidden,
    hiddenBy: entry.hidden?.by,
    definition,
    changed: definition !== entry.original,
    schemaChanged: entry.schemaChangedBy !== undefined,
    schemaChangedBy: entry.schemaChangedBy,
    truths,
  };
}

function* logsOf(entry: Entry): Asking<readonly LogLine[]> {
  const changed = [...entry.changedBy].filter(({ rule }) => rule.observations.length > 0);
  return (yield* observe(changed, entry.scene, entry.notes)).logs;
}

/** Modules are asked about the whole list, so what they did stands in a record of the list. */
function listRecords({ revision, catalogue, notes }: CatalogueList): readonly DecisionRecord[] {
  if (notes.modules.length === 0) return [];
  const head = recordHead(revision, listFacts(catalogue), "catalogue");
  return [recordOf(head, { ...refusal(undefined, BLOCKED, undefined), verdict: "allow" }, notes, [])];
}

function recordsOf({ revision, catalogue, notes }: CatalogueList, entry: Entry): readonly DecisionRecord[] {
  const { shadow, failedOpen, changedBy } = entry.notes;
  const isNotable = entry.hidden !== undefined || changedBy.length > 0 || shadow.length > 0 || failedOpen.length > 0;
  if (!isNotable && notes.shadow.length === 0 && notes.failedOpen.length === 0) return [];
  const head = recordHead(revision, { ...listFacts(catalogue), name: entry.own }, "catalogue");
  const judgement = judgementOf(entry);
  const all = {
    ...entry.notes,
    shadow: [...notes.shadow, ...shadow],
    failedOpen: [...notes.failedOpen, ...failedOpen],
  };
  const why = entry.hidden?.failure ?? entry.hidden?.reason;
  const reason = why === undefined ? undefined : maskText(revision, shortened(why));
  return [recordOf(head, judgement, all, [], reason)];
}

function judgementOf({ hidden }: Entry): Judgement {
  const code = hidden?.failure === undefined ? BLOCKED : POLICY_FAILED;
  const refused = refusal(undefined, code, undefined);
  return hidden ? { ...refused, rule: hidden.by, place: hidden.place } : { ...refused, verdict: "allow" };
}

function problemOf(revision: Revision, { server, kind }: Catalogue, own: string, { by, failure = "" }: Hidden): string {
  const what = maskText(revision, `${kind} \`${own}\` of ${server}`);
  return `${what} is hidden: ${by} failed: ${maskText(revision, shortened(failure))}`;
}
