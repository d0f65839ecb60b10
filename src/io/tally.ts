// How often each verdict was given, and what each rule did, since the proxy started.
import type { DecisionRecord } from "../engine/decision-record.ts";

export interface RuleTally {
  /** Its id, or `default`. */
  readonly rule: string;
  /** `file:line:column`, where it decided something. */
  readonly place: string | null;
  /** Verdicts that were its own. */
  readonly decided: number;
  /** Messages it changed. */
  readonly changed: number;
  /** What it would have refused or changed, if it were not in shadow, or the user in its canary. */
  readonly shadow: number;
  /** Failures that it lets through, since it says `fails open`. */
  readonly failedOpen: number;
}

export type VerdictTally = Readonly<Record<DecisionRecord["verdict"], number>>;

type Counts = { -readonly [Key in keyof RuleTally]: RuleTally[Key] };

/** Rules come and go with reloads; beyond so many nobody could read it anyway. */
const MOST_RULES = 20_000;

export class Tally {
  private readonly counted = { allow: 0, block: 0, answer: 0, drop: 0, ask: 0 };
  private readonly byRule = new Map<string, Counts>();

  /** Things that are hidden from a list are no messages. */
  count({ kind, verdict, rule, place, changedBy = [], shadow = [], failedOpen = [] }: DecisionRecord): void {
    if (kind === "catalogue") return;
    this.counted[verdict] += 1;
    if (rule !== undefined) this.note(rule, "decided", place);
    for (const one of changedBy) this.note(one, "changed");
    for (const { rule: one } of shadow) this.note(one, "shadow");
    for (const one of failedOpen) this.note(one, "failedOpen");
  }

  verdicts(): VerdictTally {
    return { ...this.counted };
  }

  rules(): readonly RuleTally[] {
    return structuredClone([...this.byRule.values()]);
  }

  private note(rule: string, what: "decided" | "changed" | "shadow" | "failedOpen", place?: string): void {
    const known = this.byRule.get(rule) ?? this.begin(rule);
    known[what] += 1;
    known.place = place ?? known.place;
  }

  private begin(rule: string): Counts {
    const counts = { rule, place: null, decided: 0, changed: 0, shadow: 0, failedOpen: 0 };
    if (this.byRule.size < MOST_RULES) this.byRule.set(rule, counts);
    return counts;
  }
}
