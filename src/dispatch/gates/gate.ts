// What stands between a decision and the sending of its message: somebody is asked, something is counted, tags are kept.
import type { Gated, Outcome } from "../judge.ts";

/**
 * Hands on, once, what came of the message. A gate that has nothing to do with it hands `gated.judged` itself on, at once;
 * after it no gate finds what it was there for: a question is answered, or the message refused.
 */
export type Gate = (gated: Gated, then: (outcome: GateOutcome) => void) => void;

/** `again`: the policy is another one by now, so it is judged again, and begins at the first gate. */
export type GateOutcome = Outcome | { readonly kind: "again" };
