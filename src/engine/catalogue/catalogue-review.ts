// What is put to a catalogue review, and what comes out of it.
import type { JsonObject } from "../../mcp/json.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { DecisionRecord } from "../decision-record.ts";
import type { LogLine } from "../decision.ts";
import type { Principal, ReviewedThing } from "../facts.ts";

/** All pages of one list of one server, for one caller. */
export interface Catalogue {
  readonly server: string;
  readonly kind: ListedKind;
  /** As the server sent them, in its order. */
  readonly definitions: readonly JsonObject[];
  readonly principal: Principal;
  readonly now: number;
  readonly root: string | undefined;
  readonly home: string | undefined;
}

export interface CatalogueReview {
  /** Every thing with a name, hidden ones included, in the server's order. */
  readonly things: readonly ReviewedThing[];
  /** For the operator: names listed twice, entries without a name, rules that failed. */
  readonly problems: readonly string[];
  /** One for each thing that is hidden or changed, or would be by a rule in shadow. */
  readonly records: readonly DecisionRecord[];
  /** Some text waits for its translation: worth another review when more of them are known. */
  readonly isPartial: boolean;
  /** A module gave no answer: worth another review when it may be well again. */
  readonly isDoubtful: boolean;
  /** No rule had a say in it, nor did anything go wrong: for the same caller it is the same at any time. */
  readonly isPlain: boolean;
  /** Of rules that changed a definition. */
  readonly logs: readonly LogLine[];
}
