// What is left of a policy for one identity: the rules in play, sorted by what they do.
import type { WordSieve } from "../../expression/masking/word-sieve.ts";
import type { CompiledDefault, CompiledRule, CompiledVerdict } from "../../language/compiled-policy.ts";
import type { DecisionRecord } from "../decision-record.ts";
import type { Decision } from "../decision.ts";
import type { Match } from "./narrow.ts";
import type { Scene } from "../scene.ts";

export interface Selection {
  /** The very decision, when nothing but the identity is needed for it. Its `content` means nothing. */
  readonly byIdentity: Decision | undefined;
  /** Of a message that holds nothing of what its rules look for. */
  readonly byAbsence: Absence | undefined;
  /** Some rule looks inside: the content has to be parsed, and `decide` asked. */
  readonly readsBody: boolean;
  /** Of a reply: some rule looks at its request (`Surroundings.request`). */
  readonly readsRequest: boolean;
  /** Some rule looks at the definition of the thing (`Surroundings.thing`). */
  readonly readsThing: boolean;
  /** Tags that outlived their calls have to be read first. For the engine only, as all below. */
  readonly readsTags: boolean;
  readonly rules: SelectedRules;
  /** The part of each record that the identity gives, already masked. */
  readonly record: RecordHead;
}

/** What is decided of a message that has nothing of what is sought: as `byIdentity`, in the place of `decide`. */
export interface Absence {
  readonly decision: Decision;
  readonly sought: readonly Sought[];
}

export type Sought =
  /** It is not there if one text stands there, and no word may stand in that. `keys`: from the arguments of a call. */
  | { readonly kind: "in-arguments"; readonly keys: readonly string[]; readonly sieve: WordSieve }
  | { readonly kind: "in-message"; readonly sieve: WordSieve };

export interface SelectedRules {
  /** They change the message. */
  readonly transforms: readonly SelectedRule[];
  /** They change the definition of the thing in its list. */
  readonly definitions: readonly SelectedRule[];
  readonly renames: readonly SelectedRule[];
  readonly supplies: readonly SelectedRule[];
  /** Verdicts, and what is only noted. */
  readonly verdicts: readonly SelectedRule[];
  /** Tells those of `verdicts` that a message has to be put to; absent: all. */
  readonly sieve?: RuleSieve | undefined;
  /** One of `verdicts` does. */
  readonly asks: boolean;
  readonly defaults: readonly SelectedDefault[];
  /** Absent where no default judges: replies, and what keeps a connection alive. */
  readonly bareDefault: CompiledDefault | undefined;
  /** It is blocked, whatever is inside. */
  readonly isRefused: boolean;
}

/** The rules that are left to ask, in file order; all others surely say no. */
export type RuleSieve = (scene: Scene) => readonly SelectedRule[];

export interface SelectedRule {
  readonly rule: CompiledRule;
  readonly match: Match;
  /** Those of the rule that may act on this message. */
  readonly verdicts: readonly CompiledVerdict[];
  readonly exceptions: readonly SelectedException[];
  /** Not in shadow, or within its canary. */
  readonly isEnforced: boolean;
  /** It, or an exception to it, needs an expression evaluated. */
  readonly asks: boolean;
  /** Everything it asks is asked of the definition: the catalogue review has the answer. */
  readonly isAboutThing: boolean;
}

export interface SelectedException {
  readonly id: string;
  readonly until: number;
  readonly match: Match;
}

export interface SelectedDefault {
  readonly verdict: CompiledDefault["verdict"];
  readonly reason: string | undefined;
  readonly place: CompiledDefault["place"];
  readonly match: Match;
}

export type RecordHead = Pick<
  DecisionRecord,
  "revision" | "kind" | "method" | "from" | "server" | "name" | "client" | "user" | "profile"
>;
