// The transforms of a catalogue, rules in the order written: those on a thing, and those on the list that holds it.
import { isJsonObject } from "../mcp/json.ts";
import { listOfKind } from "../mcp/lists.ts";
import type { Entry } from "./catalogue-entry.ts";
import { changeList, redactList, type CatalogueList } from "./catalogue-list.ts";
import type { Asking } from "./decision.ts";
import { withoutArgument } from "./hidden-argument.ts";
import { noteOnce } from "./notes.ts";
import { truthOfRule } from "./rule-truth.ts";
import type { SelectedRule } from "./selection.ts";
import { suppliesOf } from "./supply.ts";
import { applyTransforms, isSafeInDoubt, redact, type Transformed } from "./transform.ts";

/** Then every `redact` once more, and last what `supply` hides. */
export function* transformCatalogue(list: CatalogueList, rules: readonly SelectedRule[]): Asking<void> {
  const applied: (() => void)[] = [];
  for (const { onList, onEntries } of inOrder(list.entries, rules)) {
    for (const { entry, selected } of onEntries) {
      if (yield* changeEntry(list, entry, selected)) applied.push(() => redactEntry(list, entry, selected));
    }
    if (onList && (yield* changeList(list, onList))) applied.push(() => redactList(list, onList));
  }
  for (const redactAgain of applied) redactAgain();
  for (const entry of list.entries) hideArguments(entry);
}

interface RuleAtWork {
  readonly order: number;
  onList: SelectedRule | undefined;
  readonly onEntries: { readonly entry: Entry; readonly selected: SelectedRule }[];
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

/** Whether it was applied. */
function* changeEntry(list: CatalogueList, entry: Entry, selected: SelectedRule): Asking<boolean> {
  if (entry.hidden) return false;
  const truth = yield* truthOfRule(entry.scene, selected, entry.notes);
  if (truth === "no") return false;
  const { transforms } = selected.rule;
  const isUnsafe = truth === "doubt" && !transforms.every(isSafeInDoubt);
  const outcome: Transformed = isUnsafe
    ? { kind: "failed", reason: "in doubt whether it has to be changed", always: false }
    : guarded(list, entry, yield* applyTransforms(entry.scene, "thing", transforms));
  if (!selected.isEnforced) noteShadow(entry, selected, outcome);
  return selected.isEnforced && settle(entry, selected, outcome);
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
  return { kind: "failed", reason: `\`${identity}\` identifies the thing and may not be changed`, always: false };
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
