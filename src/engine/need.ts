// What a computation of the engine may have to ask of the world before it can go on, and what it is told.
import type { Evaluation, EvaluationAnswer } from "../expression/jsonata/evaluation.ts";
import type { JsonObject } from "../mcp/json.ts";
import type { Principal } from "./facts.ts";

/** Yielded by the engine's generators; resumed with the `Answer` of the same kind. */
export type Need =
  | { readonly kind: "evaluate"; readonly evaluation: Evaluation }
  /** One mutator's call, or those of all validators of a message: started in this order, all awaited. */
  | { readonly kind: "call"; readonly calls: readonly ModuleCall[] }
  | { readonly kind: "translate"; readonly translation: TranslationRequest }
  /** The lasting tags that are kept under any of these keys. */
  | { readonly kind: "tags"; readonly keys: readonly string[] };

export type Answer =
  | { readonly kind: "evaluate"; readonly answer: EvaluationAnswer }
  /** As many as calls, in their order. */
  | { readonly kind: "call"; readonly answers: readonly ModuleAnswer[] }
  | { readonly kind: "translate"; readonly answer: TranslationAnswer }
  | { readonly kind: "tags"; readonly answer: TagsAnswer };

/** A computation that may stop to ask. Driven by dispatch (messages) or by inspect (tests). */
export type Asking<T> = Generator<Need, T, Answer>;

/** The answer to the need of this kind that was yielded just before. */
export function answerTo<Kind extends Answer["kind"]>(kind: Kind, answer: Answer): Extract<Answer, { kind: Kind }> {
  if (!isOfKind(kind, answer)) throw new Error(`asked to ${kind}, and told of ${answer.kind}`);
  return answer;
}

function isOfKind<Kind extends Answer["kind"]>(kind: Kind, answer: Answer): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}

/** Asks those interceptors of a module that are of this type and declare an interest in this event and phase. */
export interface ModuleCall {
  /** Its name in the settings. */
  readonly module: string;
  readonly type: "mutation" | "validation";
  /** MCP's method or an event of ours: `tools/call`, `mcprules/notification`. */
  readonly event: string;
  readonly phase: "request" | "response";
  /** `{method, params}` of a request, the result of a response; masked as the policy says. */
  readonly payload: JsonObject;
  /** What the rule says, to be laid over what the settings say. */
  readonly config: JsonObject | undefined;
  /** The rule's own word on failures; `undefined`: the settings have it. */
  readonly fails: "closed" | "open" | undefined;
  /** It is called and recorded; nothing of what it says counts. */
  readonly isShadow: boolean;
  readonly rule: string;
  readonly revision: string;
  readonly server: string | undefined;
  readonly from: "client" | "server";
  readonly principal: Principal;
  /** Whose it is, where whoever carries the need out can tell: calls of one session can then be told from those of another. */
  readonly session?: string | undefined;
  /** Of a reply: `{method, params}` of its request, as it was sent. */
  readonly request: JsonObject | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export type ModuleAnswer = { readonly used: readonly ModuleUse[] } & (
  | { readonly kind: "pass" }
  /** `failsOpen`: the settings let the message go on as it was where what came back is wrong. */
  | { readonly kind: "changed"; readonly payload: JsonObject; readonly failsOpen?: boolean }
  | {
      readonly kind: "rejected";
      readonly messages: readonly ModuleMessage[];
      /** It leaves the decision to a human, and the settings let it. */
      readonly asks: boolean;
      /** The settings let the requester be told the first message. */
      readonly mayTell: boolean;
    }
  | { readonly kind: "failed"; readonly reason: ModuleFailure }
);

export interface ModuleMessage {
  readonly message: string;
  /** A JSON path into the payload. */
  readonly path?: string;
  readonly severity?: string;
}

export type ModuleFailure = "down" | "timeout" | "queue" | "malformed" | "schema" | "identity" | "size" | "error";

/** What a refusal says of a module that failed. */
export interface ModuleFault {
  readonly module: string;
  readonly reason: ModuleFailure;
}

/** One interceptor that was asked, for the record. */
export interface ModuleUse {
  readonly module: string;
  /** Absent: none of the module's has an interest in such a message. */
  readonly interceptor?: string;
  readonly version?: string;
  readonly ms: number;
  readonly outcome: "pass" | "changed" | "rejected" | "failed" | "none";
}

export interface TranslationRequest {
  readonly texts: readonly TranslationText[];
  /** A language tag, or `auto`: the caller's. */
  readonly to: string;
  /** The translator's name in the settings; `undefined`: the default one. */
  readonly using: string | undefined;
  readonly server: string | undefined;
  readonly principal: Principal;
  /** As of a module's call. What one session's own translator says is for that one alone; absent: it is not asked. */
  readonly session?: string | undefined;
  /** A list is not kept waiting for what is not known yet. */
  readonly isList: boolean;
  /** It may hold people's data: nothing of it is kept on disk. */
  readonly isPersonal: boolean;
  readonly rule: string;
  readonly revision: string;
}

export interface TranslationText {
  readonly text: string;
  /** Where it stands: `server|kind|name|/pointer`. */
  readonly context: string;
  /** For a translator that understands: `description of tool search_issues`. */
  readonly about: string;
  /** Names that stay as they are. */
  readonly names: readonly string[];
}

export type TranslationAnswer =
  | {
      readonly kind: "translated";
      /** As many as asked for, in their order. `undefined`: the original stays. */
      readonly texts: readonly (string | undefined)[];
      /** Something is missing yet, or for good. */
      readonly isPartial: boolean;
    }
  | { readonly kind: "failed"; readonly reason: string };

export type TagsAnswer =
  | { readonly kind: "tags"; readonly tags: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string };
