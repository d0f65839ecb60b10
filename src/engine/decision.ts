// What the engine says of one message, and what it may need from outside before it can say it.
import type { Evaluation, EvaluationAnswer } from "../expression/evaluation.ts";
import type { LogLevel } from "../language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** Yielded by the engine's generators; resumed with the `Answer` of the same kind. Issue by issue this union grows. */
export type Need = { readonly kind: "evaluate"; readonly evaluation: Evaluation };
export type Answer = EvaluationAnswer;

/** A computation that may stop to ask. Driven by dispatch (messages) or by inspect (tests). */
export type Asking<T> = Generator<Need, T, Answer>;

/** The judged part of a message under its absolute name: `{params}`, `{result}` or `{error}`; the key is missing when the message has none. */
export type Content = JsonObject;

export interface Decision {
  readonly verdict: "allow" | "block" | "answer";
  /** The id of the rule that decided, `default`, or undefined when nothing had to be said (a reply no rule blocks). */
  readonly rule: string | undefined;
  /** For the one who is refused; already redacted. */
  readonly reason: string | undefined;
  /** `block … as error`: a JSON-RPC error also for `tools/call`. */
  readonly asError: boolean;
  /** 4030 blocked by a rule, 5000 the policy failed (a transform that failed, a body that cannot be judged). */
  readonly code: number;
  /** The result to send in the server's place, for `answer`. */
  readonly answer: JsonValue | undefined;
  /** As it stands after transforms. The very object that went in when nothing changed. */
  readonly content: Content;
  readonly changed: boolean;
  readonly tags: readonly string[];
  readonly logs: readonly LogLine[];
  /** Values that `supply` wrote: the dispatcher keeps them and puts them beside the reply (`Surroundings.secrets`). */
  readonly secrets: readonly string[];
  readonly record: DecisionRecord;
}

export interface LogLine {
  readonly level: LogLevel;
  /** Where the rule sends it; absent: where lines go anyway. */
  readonly sink?: string;
  readonly revision: string;
  readonly rule: string;
  /** The message the rule noted something of. */
  readonly method: string;
  readonly from: "client" | "server";
  readonly server?: string;
  readonly name?: string;
  readonly text: string;
}
