// One thing of a catalogue while it is reviewed: its scene, its selection, and what was noted about it so far.
import type { Place } from "../../language/compiled-policy.ts";
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { listOfKind } from "../../mcp/lists.ts";
import { callFacts } from "../matching/call-facts.ts";
import type { Catalogue } from "./catalogue-review.ts";
import type { ReviewedThing, Surroundings } from "../facts.ts";
import { emptyNotes, noteOnce, type Notes } from "../notes.ts";
import type { Revision } from "../policy-store.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import { Scene } from "../scene.ts";
import { select } from "../matching/select.ts";
import type { SelectedRule, SelectedRules } from "../matching/selection.ts";

/** What rules make of it shows as the review goes on. */
export class Entry {
  readonly own: string;
  /** As the server sent it. */
  readonly original: JsonObject;
  readonly rules: SelectedRules;
  readonly notes: Notes = emptyNotes();
  /** Rules that changed it. */
  readonly changedBy: Set<SelectedRule> = new Set();
  #scene: Scene;
  #schemaChangedBy: string | undefined;
  #hidden: Hidden | undefined;

  constructor(own: string, original: JsonObject, scene: Scene) {
    this.own = own;
    this.original = original;
    this.#scene = scene;
    this.rules = select(scene.revision, scene.facts).rules;
  }

  /** Holds the definition as it now stands. */
  get scene(): Scene {
    return this.#scene;
  }

  get definition(): JsonObject {
    return this.#scene.definition ?? this.original;
  }

  /** The first rule that did. */
  get schemaChangedBy(): string | undefined {
    return this.#schemaChangedBy;
  }

  /** `undefined`: it is still there. */
  get hidden(): Hidden | undefined {
    return this.#hidden;
  }

  /** Its definition becomes this one, by that rule. */
  change(definition: JsonObject, selected: SelectedRule): void {
    const before = this.definition;
    if (isSameJson(before, definition)) return;
    const isSchemaKept = onlyTranslates(selected) || isSameJson(before["inputSchema"], definition["inputSchema"]);
    if (!isSchemaKept) this.changeSchema(selected);
    this.#scene = this.#scene.withDefinition(definition);
    this.changedBy.add(selected);
    noteOnce(this.notes.changedBy, selected.rule.id);
  }

  /** From now on arguments have to fit. */
  changeSchema({ rule }: SelectedRule): void {
    this.#schemaChangedBy ??= rule.id;
  }

  /** Who comes first is named. */
  hide({ id, place }: { readonly id: string; readonly place: Place | undefined }, failure?: string): void {
    this.#hidden ??= { by: id, place, failure };
  }

  /** It is not as the lock says. */
  pin(reason: string): void {
    this.#hidden ??= { by: LOCK_ID, place: undefined, failure: undefined, reason };
  }
}

/** What it changes in a schema, no argument has to fit. */
function onlyTranslates({ rule }: SelectedRule): boolean {
  return rule.transforms.every(({ kind }) => kind === "translate");
}

/** What stands in the place of a rule where the lock hides a thing; no rule can be called so. */
export const LOCK_ID = "mcprules.lock";

export interface Hidden {
  /** A rule, `default`, or the lock. */
  readonly by: string;
  readonly place: Place | undefined;
  /** A rule failed, and how. */
  readonly failure: string | undefined;
  /** For the record, where no rule is to blame. */
  readonly reason?: string;
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

/** What the rules on this list may look at besides. */
export function surroundingsOf(catalogue: Catalogue, thing: ReviewedThing | undefined): Surroundings {
  const { now, root, home } = catalogue;
  return { now, request: undefined, thing, tags: [], root, home };
}

function entryOf(revision: Revision, catalogue: Catalogue, own: string, definition: JsonObject): Entry {
  const { server, kind, principal } = catalogue;
  const facts = callFacts({ server, kind, own }, principal);
  const surroundings = surroundingsOf(catalogue, untouched(catalogue, own, definition));
  return new Entry(own, definition, new Scene({ revision, facts, surroundings, content: {}, definition }));
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
