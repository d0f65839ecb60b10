// A catalogue as the result of its list request, for the rules that are about that message.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { listOfKind } from "../../mcp/lists.ts";
import { surroundingsOf, type Entry } from "./catalogue-entry.ts";
import type { Catalogue } from "./catalogue-review.ts";
import type { Asking } from "../decision.ts";
import type { Facts } from "../facts.ts";
import { isThinnedOut } from "../transforms/identity-guard.ts";
import { memberAt } from "../natural-body.ts";
import type { Notes } from "../notes.ts";
import type { Revision } from "../policy-store.ts";
import { truthOfRule } from "../matching/rule-truth.ts";
import { Scene } from "../scene.ts";
import type { SelectedRule } from "../matching/selection.ts";
import { applyTransforms, isSafeInDoubt, redact } from "../transforms/transform.ts";
import { failed, type Transformed } from "../transforms/transformed.ts";
import { callsOf, type PendingCall } from "../modules/validate.ts";

export interface CatalogueList {
  readonly revision: Revision;
  readonly catalogue: Catalogue;
  readonly entries: readonly Entry[];
  readonly notes: Notes;
  /** Modules that were called for the list, whose validators have still to be asked. */
  readonly calls: PendingCall[];
}

export function listFacts({ server, kind, principal }: Catalogue): Facts {
  return { kind: "result", method: listOfKind(kind).method, from: "server", server, name: undefined, principal };
}

/** What is left of the catalogue, as a message. */
export function listScene(list: CatalogueList, entries = left(list)): Scene {
  const { revision, catalogue } = list;
  const content = { result: { [listOfKind(catalogue.kind).member]: entries.map(({ definition }) => definition) } };
  const surroundings = surroundingsOf(catalogue, undefined);
  return new Scene({ revision, facts: listFacts(catalogue), surroundings, content, definition: undefined });
}

export function left({ entries }: Pick<CatalogueList, "entries">): readonly Entry[] {
  return entries.filter((entry) => !entry.hidden);
}

/** Whether it was applied. */
export function* changeList(list: CatalogueList, selected: SelectedRule): Asking<boolean> {
  const scene = listScene(list);
  const truth = yield* truthOfRule(scene, selected, list.notes);
  if (truth === "no") return false;
  const { transforms, fails, id } = selected.rule;
  if (transforms.every((transform) => transform.kind === "redact") && selected.isEnforced) {
    redactList(list, selected);
    return true;
  }
  const isUnsafe = truth === "doubt" && !transforms.every(isSafeInDoubt);
  const outcome: Transformed = isUnsafe
    ? failed("in doubt whether it has to be changed")
    : yield* applyTransforms(scene, "body", selected, transforms, list.notes);
  if (outcome.kind === "done") list.calls.push(...callsOf(selected));
  const definitions = outcome.kind === "done" ? definitionsIn(list, left(list), outcome.scene) : undefined;
  if (!selected.isEnforced) noteShadow(list, scene, selected, outcome);
  else if (definitions) takeOver(list, selected, left(list), definitions);
  else if (fails === "open" && !(outcome.kind === "failed" && outcome.always)) list.notes.failedOpen.push(id);
  else
    for (const entry of left(list)) entry.hide(selected.rule, outcome.kind === "failed" ? outcome.reason : LIST_BROKEN);
  return selected.isEnforced && definitions !== undefined;
}

/** Entry by entry, so that one that cannot be masked is hidden without taking the others with it. */
export function redactList(list: CatalogueList, selected: SelectedRule): void {
  for (const transform of selected.rule.transforms) {
    if (transform.kind !== "redact") continue;
    for (const entry of left(list)) {
      const outcome = redact(listScene(list, [entry]), "body", transform);
      const definitions = outcome.kind === "done" ? definitionsIn(list, [entry], outcome.scene) : undefined;
      if (definitions) takeOver(list, selected, [entry], definitions);
      else entry.hide(selected.rule, outcome.kind === "failed" ? outcome.reason : LIST_BROKEN);
    }
  }
}

const LIST_BROKEN = "entries of a list may be changed and dropped, never added, renamed or moved";

/** `undefined`: it is no longer the same list. */
function definitionsIn(
  { catalogue }: CatalogueList,
  before: readonly Entry[],
  scene: Scene,
): readonly JsonObject[] | undefined {
  const facts = listOfKind(catalogue.kind);
  const after = memberAt(scene.content, ["result", facts.member]);
  if (!isJsonArray(after) || !after.every(isJsonObject)) return undefined;
  return isThinnedOut(
    before.map(({ definition }) => definition),
    after,
    facts,
  )
    ? after
    : undefined;
}

function takeOver(
  { catalogue }: CatalogueList,
  selected: SelectedRule,
  entries: readonly Entry[],
  definitions: readonly JsonObject[],
): void {
  const { identity } = listOfKind(catalogue.kind);
  const byName = new Map<JsonValue | undefined, JsonObject>(definitions.map((entry) => [entry[identity], entry]));
  for (const entry of entries) {
    const definition = byName.get(entry.own);
    if (definition) entry.change(definition, selected);
    else entry.hide(selected.rule);
  }
}

function noteShadow(list: CatalogueList, before: Scene, selected: SelectedRule, outcome: Transformed): void {
  const kinds = new Set(selected.rule.transforms.map((transform) => transform.kind));
  if (outcome.kind === "failed") list.notes.shadow.push({ rule: selected.rule.id, would: "block" });
  else if (outcome.scene.content !== before.content) {
    list.notes.shadow.push({ rule: selected.rule.id, would: [...kinds].join(", ") });
  }
}
