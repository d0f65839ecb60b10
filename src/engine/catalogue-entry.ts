// One thing of a catalogue while it is reviewed: its scene, its selection, and what was noted about it so far.
import type { Place } from "../language/compiled-policy.ts";
import { isJsonObject, type JsonObject } from "../mcp/json.ts";
import { listOfKind } from "../mcp/lists.ts";
import { callFacts } from "./call-facts.ts";
import type { Catalogue } from "./catalogue-review.ts";
import type { ReviewedThing, Surroundings } from "./facts.ts";
import { emptyNotes, noteOnce, type Notes } from "./notes.ts";
import type { Revision } from "./policy-store.ts";
import { isSameJson } from "./same-json.ts";
import { Scene } from "./scene.ts";
import { select } from "./select.ts";
import type { SelectedRule, SelectedRules } from "./selection.ts";

/** Changed as the review goes on. */
export interface Entry {
  readonly own: string;
  /** As the server sent it. */
  readonly original: JsonObject;
  readonly rules: SelectedRules;
  readonly notes: Notes;
  /** Rules that changed it. */
  readonly changedBy: Set<SelectedRule>;
  /** Holds the definition as it now stands. */
  scene: Scene;
  schemaChangedBy: string | undefined;
  /** `undefined`: it is still there. */
  hidden: Hidden | undefined;
}

export interface Hidden {
  /** A rule, or `default`. */
  readonly by: string;
  readonly place: Place | undefined;
  /** A rule failed, and how. */
  readonly failure: string | undefined;
}

/** Entries without a name, and names that come twice, are left out and reported. */
export function entriesOf(revision: Revision, catalogue: Catalogue, problems: string[]): readonly Entry[] {
  const { identity } = listOfKind(catalogue.kind);
  const entries = new Map<string, Entry>();
  for (const definition of catalogue.definitions) {
    const own = isJsonObject(definition) ? definition[identity] : undefined;
    if (typeof own !== "string") {
      problems.push(`${catalogue.server} lists a ${catalogue.kind} without a ${identity}`);
    } else if (entries.has(own)) {
      problems.push(`${catalogue.server} lists the ${catalogue.kind} \`${own}\` twice: the first one counts`);
    } else entries.set(own, entryOf(revision, catalogue, own, definition));
  }
  return [...entries.values()];
}

export function definitionOf(entry: Entry): JsonObject {
  return entry.scene.definition ?? entry.original;
}

/** Its definition becomes this one, by that rule. */
export function change(entry: Entry, definition: JsonObject, selected: SelectedRule): void {
  const before = definitionOf(entry);
  if (isSameJson(before, definition)) return;
  if (!isSameJson(before["inputSchema"], definition["inputSchema"])) entry.schemaChangedBy ??= selected.rule.id;
  entry.scene = entry.scene.withDefinition(definition);
  entry.changedBy.add(selected);
  noteOnce(entry.notes.changedBy, selected.rule.id);
}

/** Who comes first is named. */
export function hide(
  entry: Entry,
  { id, place }: { readonly id: string; readonly place: Place | undefined },
  failure?: string,
): void {
  entry.hidden ??= { by: id, place, failure };
}

/** What the rules on this list may look at besides. */
export function surroundingsOf(catalogue: Catalogue, thing: ReviewedThing | undefined): Surroundings {
  const { now, root, home } = catalogue;
  return { now, request: undefined, thing, tags: [], root, home };
}

function entryOf(revision: Revision, catalogue: Catalogue, own: string, definition: JsonObject): Entry {
  const { server, kind, principal } = catalogue;
  const facts = callFacts({ server, kind, own }, principal);
  const surroundings = surroundingsOf(catalogue, untouched(catalogue, own, definition));
  return {
    own,
    original: definition,
    rules: select(revision, facts).rules,
    notes: emptyNotes(),
    scene: new Scene({ revision, facts, surroundings, content: {}, definition }),
    changedBy: new Set(),
    schemaChangedBy: undefined,
    hidden: undefined,
  };
}

function untouched({ kind }: Catalogue, own: string, definition: JsonObject): ReviewedThing {
  return {
    kind,
    own,
    listed: true,
    hiddenBy: undefined,
    definition,
    changed: false,
    schemaChanged: false,
    truths: new Map(),
  };
}
