// The transforms of a catalogue, rules in the order written: those on a thing, and those on the list that holds it.
import type { CompiledTransform } from "../../language/compiled-policy.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { listOfKind } from "../../mcp/lists.ts";
import type { Entry } from "./catalogue-entry.ts";
import { changeList, redactList, type CatalogueList } from "./catalogue-list.ts";
import type { Asking } from "../decision.ts";
import { withoutArgument } from "./hidden-argument.ts";
import { noteOnce } from "../notes.ts";
import { truthOfRule } from "../matching/rule-truth.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { suppliesOf } from "../transforms/supply.ts";
import { applyTransforms, asksOthers, isSafeInDoubt, redact } from "../transforms/transform.ts";
import { failed, type Transformed } from "../transforms/transformed.ts";
import { translateTogether } from "../translation/translate.ts";

/** Then every `redact` once more, and last what `supply` hides. */
export function* transformCatalogue(list: CatalogueList, rules: readonly SelectedRule[]): Asking<void> {
  const applied: (() => void)[] = [];
  for (const { onList, onEntries } of inOrder(list.entries, rules)) {
    for (const { entry, selected } of yield* changeEntries(list, onEntries)) {
      applied.push(() => redactEntry(list, entry, selected));
    }
    if (onList && (yield* changeList(list, onList))) applied.push(() => redactList(list, onList));
  }
  for (const redactAgain of applied) redactAgain();
  for (const entry of list.entries) hideArguments(entry);
}

interface RuleAtWork {
  readonly order: number;
  onList: SelectedRule | undefined;
  readonly onEntries: RuleOnEntry[];
}

interface RuleOnEntry {
  readonly entry: Entry;
  readonly selected: SelectedRule;
}

function inOrder(entries: readonly Entry[], onList: readonly SelectedRule[]): readonly RuleAtWork[] {
  const byOrder = new Map<number, RuleAtWork>();
  const at = ({ rule: { order } }: SelectedRule): RuleAtWork => {
    const work = byOrder.get(order) ?? { order, onList: undefined, onEntries: [] };
    byOrder.set(order, work);
    return work;
  };
  for (const selected of onList) at(selected).onList = selected;
  for (const entry of entries) {
    for (const selected of entry.rules.definitions) at(selected).onEntries.push({ entry, selected });
  }
  return [...byOrder.values()].toSorted((one, other) => one.order - other.order);
}

/** A rule on the way through its transforms. */
interface Underway extends RuleOnEntry {
  outcome: Transformed;
}

/** One rule on all the entries it is about, a transform at a time, so that they are translated together. Those it was applied to. */
function* changeEntries(list: CatalogueList, works: readonly RuleOnEntry[]): Asking<readonly RuleOnEntry[]> {
  const underway: Underway[] = [];
  for (const work of works) {
    const begun = yield* begin(work);
    if (begun) underway.push(begun);
  }
  const [first] = underway;
  for (const transform of first?.selected.rule.transforms ?? []) {
    yield* changeAll(underway, transform);
  }
  return underway.filter(({ entry, selected, outcome }) => {
    const checked = guarded(list, entry, outcome);
    if (!selected.isEnforced) noteShadow(entry, selected, checked);
    return selected.isEnforced && settle(entry, selected, checked);
  });
}

/** `undefined`: it does not concern this entry. */
function* begin({ entry, selected }: RuleOnEntry): Asking<Underway | undefined> {
  if (entry.hidden || (entry.rules.isRefused && asksOthers(selected))) return undefined;
  const truth = yield* truthOfRule(entry.scene, selected, entry.notes);
  if (truth === "no") return undefined;
  const isUnsafe = truth === "doubt" && !selected.rule.transforms.every(isSafeInDoubt);
  const outcome: Transformed = isUnsafe
    ? failed("in doubt whether it has to be changed")
    : { kind: "done", scene: entry.scene };
  return { entry, selected, outcome };
}

function* changeAll(works: readonly Underway[], transform: CompiledTransform): Asking<void> {
  const going = works.flatMap((work) => (work.outcome.kind === "done" ? [{ work, scene: work.outcome.scene }] : []));
  const [first] = going;
  if (transform.kind === "translate" && first) {
    const texts = going.map(({ work, scene }) => ({ scene, notes: work.entry.notes }));
    const outcomes = yield* translateTogether(texts, "thing", first.work.selected, transform);
    for (const [index, { work }] of going.entries()) work.outcome = outcomes[index] ?? work.outcome;
    return;
  }
  for (const { work, scene } of going) {
    work.outcome = yield* applyTransforms(scene, "thing", work.selected, [transform], work.entry.notes);
  }
}

function settle(entry: Entry, selected: SelectedRule, outcome: Transformed): boolean {
  if (outcome.kind === "done") {
    if (outcome.scene.definition) entry.change(outcome.scene.definition, selected);
    return true;
  }
  if (outcome.always || selected.rule.fails !== "open") entry.hide(selected.rule, outcome.reason);
  else noteOnce(entry.notes.failedOpen, selected.rule.id);
  return false;
}

function redactEntry(list: CatalogueList, entry: Entry, selected: SelectedRule): void {
  for (const transform of selected.rule.transforms) {
    if (transform.kind !== "redact" || entry.hidden) continue;
    const outcome = guarded(list, entry, redact(entry.scene, "thing", transform));
    if (outcome.kind === "failed") entry.hide(selected.rule, outcome.reason);
    else settle(entry, selected, outcome);
  }
}

function guarded({ catalogue }: CatalogueList, entry: Entry, outcome: Transformed): Transformed {
  if (outcome.kind === "failed") return outcome;
  const { identity } = listOfKind(catalogue.kind);
  if (outcome.scene.definition?.[identity] === entry.own) return outcome;
  return failed(`\`${identity}\` identifies the thing and may not be changed`);
}

function hideArguments(entry: Entry): void {
  for (const selected of entry.rules.supplies) {
    const definition = entry.definition;
    const { inputSchema } = definition;
    if (!isJsonObject(inputSchema)) continue;
    const schema = suppliesOf(selected).reduce((sum, { path }) => withoutArgument(sum, path.steps), inputSchema);
    entry.change({ ...definition, inputSchema: schema }, selected);
    entry.changeSchema(selected);
  }
}

function noteShadow({ scene, notes }: Entry, selected: SelectedRule, outcome: Transformed): void {
  const kinds = new Set(selected.rule.transforms.map((transform) => transform.kind));
  if (outcome.kind === "failed") notes.shadow.push({ rule: selected.rule.id, would: "block" });
  else if (outcome.scene.definition !== scene.definition) {
    notes.shadow.push({ rule: selected.rule.id, would: [...kinds].join(", ") });
  }
}
