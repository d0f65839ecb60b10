// The one line that every outcome leaves behind: which revision, which rule, why. Secrets never reach it.
import type { ModuleFailure, ModuleUse } from "./need.ts";

export interface DecisionRecord {
  readonly revision: string;
  readonly kind: "request" | "notification" | "result" | "error" | "catalogue";
  readonly method: string;
  readonly from: "client" | "server";
  readonly server?: string;
  /** The server's own name or URI of the thing. */
  readonly name?: string;
  readonly client?: string;
  readonly user?: string;
  readonly profile?: string;
  /** `ask`: a human is asked, or the model of a client, and has not answered yet. */
  readonly verdict: "allow" | "block" | "ask" | "answer" | "drop";
  /** The deciding rule's id, or `default`. */
  readonly rule?: string;
  /** `file:line:column` of that rule. */
  readonly place?: string;
  readonly reason?: string;
  /** Ids of the rules whose transforms changed the message, in order. */
  readonly changedBy?: readonly string[];
  /** Rules in shadow (or outside their canary) that would have changed or refused it. */
  readonly shadow?: readonly { readonly rule: string; readonly would: string }[];
  readonly exceptions?: readonly string[];
  /** Rules skipped because they failed and say `fails open`. */
  readonly failedOpen?: readonly string[];
  /** Arguments that came as a text with JSON in it, and went on as the list or object that the tool takes. */
  readonly unpacked?: readonly string[];
  readonly tags?: readonly string[];
  /** Why tags that outlive their call could not be read. */
  readonly tagsUnread?: string;
  /** Rules that want a human to be asked. */
  readonly asked?: readonly string[];
  /** Rules whose limits it was counted for. */
  readonly limits?: readonly string[];
  /** The rule whose limit it was over. */
  readonly over?: string;
  /** When there is room again, in milliseconds, of what was over a limit. */
  readonly retryAfterMs?: number;
  /** `shared`: it waited for the answer to another one like it. Absent: no rule keeps answers to it. */
  readonly cache?: "hit" | "miss" | "shared";
  readonly modules?: readonly ModuleRecord[];
  /** Some text was to be translated, and stayed as it was. `asked`: the client's model translates it now. */
  readonly translation?: "partial" | "asked";
  /** What a human said of it, where one was asked or should have been. */
  readonly approval?: ApprovalRecord;
}

/** One interceptor of a module that was asked. */
export interface ModuleRecord extends ModuleUse {
  readonly rule: string;
  /** Nothing of what it said counted. */
  readonly isShadow?: true;
  /** What it changed, at most twenty of them. */
  readonly paths?: readonly string[];
  /** Why what it said was not taken. */
  readonly reason?: ModuleFailure;
  /** Its first message. */
  readonly says?: string;
}

export interface ApprovalRecord {
  /** The way it was asked; absent: there was none. */
  readonly channel?: string;
  /** ISO 8601. */
  readonly askedAt?: string;
  readonly decidedAt?: string;
  /** Who answered, as far as that is known. */
  readonly by?: string;
  /** `open`: nobody has answered yet. */
  readonly outcome: "open" | "approved" | Declined;
  /** SHA-256 of exactly what would be sent, and of what was shown. */
  readonly digest: string;
}

/** Why a message that a human was to approve does not go on. */
export type Declined = "declined" | "cancelled" | "expired" | "invalid" | "too many open" | "no way to ask";
