// What the engine says of one message.
import type { LogLevel, Place } from "../language/compiled-policy.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { DecisionRecord, Declined } from "./decision-record.ts";
import type { ModuleFault } from "./need.ts";

export type { Answer, Asking, Need } from "./need.ts";

/** The judged part of a message under its absolute name: `{params}`, `{result}` or `{error}`; the key is missing when the message has none. */
export type Content = JsonObject;

export interface Decision {
  readonly verdict: "allow" | "block" | "ask" | "answer";
  /** The id of the rule that decided, `default`, or undefined when nothing had to be said (a reply no rule blocks). */
  readonly rule: string | undefined;
  /** For the one who is refused; already redacted. */
  readonly reason: string | undefined;
  /** `block … as error`: a JSON-RPC error also for `tools/call`. */
  readonly asError: boolean;
  /** 4030 blocked by a rule, 4031 a human declined, 4290 over a limit, 5000 the policy failed (a transform that failed, a body that cannot be judged). */
  readonly code: number;
  /** Of what is over a limit: when there is room again. */
  readonly retryAfterMs?: number | undefined;
  /** Of what a human was to approve: why it does not go on. */
  readonly declined?: Declined | undefined;
  /** Whose failure refuses it; nothing of the message is in it. */
  readonly module?: ModuleFault | undefined;
  /** The result to send in the server's place, for `answer`; beside `ask`: instead of sending it on, once a human says yes. */
  readonly answer: JsonValue | undefined;
  /** What a human is asked, for `ask`. */
  readonly question: Question | undefined;
  /** What is counted when the message is sent, all of it or nothing. */
  readonly limits: readonly Reservation[];
  /** How long the server's answer may be kept for others who ask the same, where a rule says so. */
  readonly caching: Caching | undefined;
  /** Tags that outlive the call. */
  readonly lasting: readonly LastingTags[];
  /** As it stands after transforms. The very object that went in when nothing changed. */
  readonly content: Content;
  readonly changed: boolean;
  readonly tags: readonly string[];
  readonly logs: readonly LogLine[];
  /** Values that `supply` wrote: the dispatcher keeps them and puts them beside the reply (`Surroundings.secrets`). */
  readonly secrets: readonly string[];
  readonly record: DecisionRecord;
}

export interface Question {
  /** Filled in and masked; what server, thing and rule it is about is added when it is put. */
  readonly text: string;
  /** Ids of all rules that ask, in file order. */
  readonly rules: readonly string[];
  readonly place: Place;
  /** `undefined`: as the settings say. */
  readonly withinMs: number | undefined;
  /** The one channel that may be used; `undefined`: as the settings say. */
  readonly via: string | undefined;
}

/** A share of a limit that a message takes. */
export interface Reservation {
  readonly rule: string;
  readonly place: Place;
  /** Who shares the counter: the rule's id and what its `by` gives. */
  readonly key: string;
  /** So many per `perMs`. */
  readonly count: number;
  /** What this message takes of them. */
  readonly amount: number;
  readonly perMs: number;
  /** Its rule says `fails open`: what cannot be counted goes on. */
  readonly failsOpen?: boolean;
  readonly otherwise: Otherwise;
}

/** What becomes of a message that is over a limit. */
export type Otherwise =
  | { readonly kind: "block"; readonly reason: string | undefined; readonly asError: boolean }
  | { readonly kind: "ask"; readonly question: Question }
  | { readonly kind: "answer"; readonly answer: JsonValue };

export interface Caching {
  readonly rule: string;
  readonly forMs: number;
  /** In the place of the principal, where the rule says `by`. */
  readonly by: JsonValue | undefined;
}

export interface LastingTags {
  readonly rule: string;
  readonly place: Place;
  /** It says `fails open`: where they cannot be kept, the message goes on. */
  readonly failsOpen: boolean;
  readonly names: readonly string[];
  readonly forMs: number;
  /** Whose they are: what its `by` gives. */
  readonly key: string;
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
