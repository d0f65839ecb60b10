// A policy, ready to be asked: what the text pipeline makes and the message pipeline reads.
import type { Expression } from "../expression/jsonata/expression.ts";
import type { Path } from "../expression/path.ts";
import type { Pattern } from "../expression/pattern.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import type { CompiledValue, ConditionTest, Place, PrincipalKind, ThingKind } from "./compiled-value.ts";
import type { TestBlock } from "./test-block.ts";

export type { CompiledValue, ConditionTest, Place, PrincipalKind, ThingKind } from "./compiled-value.ts";

export interface CompiledPolicy {
  /** In file order: roots as given, files by path bytewise, rules as written. `order` of each is its index. */
  readonly rules: readonly CompiledRule[];
  /** Exactly one has no `head`: the bare default. */
  readonly defaults: readonly CompiledDefault[];
  readonly exceptions: readonly CompiledException[];
  readonly tests: readonly TestBlock[];
  /** Every `let` that holds a value (patterns as the list of their texts), as JSONata sees it. */
  readonly bindings: Readonly<Record<string, JsonValue>>;
  /** Server names that the policy mentions literally in `on`, for tests that name none. */
  readonly serversNamed: readonly string[];
  /** Tags some rule reads (`with tags …`, `$tags`); writing these must succeed. */
  readonly tagsRead: readonly string[];
}

export interface CompiledRule {
  readonly id: string;
  /** The text after the id. */
  readonly description: string | undefined;
  readonly place: Place;
  readonly order: number;
  readonly stage: Stage;
  /** What a failure of this rule does: `open` skips it. Unsaid, it is closed, but for what settings and translations have a say in. */
  readonly fails: "closed" | "open" | undefined;
  readonly head: CompiledHead;
  /** Either transforms or a verdict, never both. In the order written. */
  readonly transforms: readonly CompiledTransform[];
  readonly verdicts: readonly CompiledVerdict[];
  readonly observations: readonly CompiledObservation[];
  /** How long the server's answer is kept for the same question; `by`: instead of by principal. */
  readonly cache: { readonly forMs: number; readonly by: Expression | undefined } | undefined;
}

export type Stage =
  | { readonly kind: "enforced" }
  | { readonly kind: "shadow" }
  | { readonly kind: "canary"; readonly percent: number };

export interface CompiledDefault {
  readonly verdict: "allow" | "block";
  readonly reason: string | undefined;
  readonly place: Place;
  readonly head: CompiledHead | undefined;
}

export interface CompiledException {
  readonly id: string;
  readonly place: Place;
  readonly rules: readonly string[];
  /** Milliseconds since 1970: the first instant of that day, UTC. From then on it does nothing. */
  readonly until: number;
  readonly reason: string | undefined;
  /** Without targets of its own (`targets` empty) it takes those of the rules it names. */
  readonly head: CompiledHead;
}

/** One of the targets, and every clause, and none of the `except` groups (each group: all of its clauses). */
export interface CompiledHead {
  readonly targets: readonly CompiledTarget[];
  readonly clauses: readonly CompiledClause[];
  readonly excepts: readonly (readonly CompiledClause[])[];
}

/** Which part of an exchange: `reply` = result or error; `failure` = error, or a result with `isError`. */
export type Phase = "request" | "result" | "error" | "reply" | "failure";

export type CompiledTarget =
  | { readonly kind: "thing"; readonly thing: ThingKind; readonly name: Pattern }
  /** `method` may hold `*` and `**`. Notifications are methods too: phase `request` means the message itself. */
  | { readonly kind: "method"; readonly phase: Phase; readonly method: Pattern; readonly name: Pattern | undefined }
  | { readonly kind: "any"; readonly of: "message" | "notification" | Phase };

export type CompiledClause =
  | { readonly kind: "on"; readonly server: Pattern }
  | { readonly kind: "for"; readonly principal: PrincipalKind; readonly name: Pattern }
  | { readonly kind: "from"; readonly side: "client" | "server" }
  /** All of `all`; of each, one of the paths. */
  | { readonly kind: "with"; readonly all: readonly CompiledCondition[] }
  | { readonly kind: "without"; readonly path: Path }
  | { readonly kind: "containing"; readonly pattern: Pattern }
  | { readonly kind: "where"; readonly expression: Expression };

export interface CompiledCondition {
  readonly anyOf: readonly Path[];
  readonly test: ConditionTest;
}

/** Pieces of a reason or a log line: plain text, and `{path}` to fill in. */
export type Template = readonly (
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly path: Path }
)[];

export type CompiledVerdict =
  | { readonly kind: "allow" }
  | CompiledRefusal
  | {
      readonly kind: "limit";
      /** So many, or so much of what stands at `of`, per `perMs`. */
      readonly count: number;
      readonly of: Path | undefined;
      readonly perMs: number;
      /** Who shares the counter; `undefined`: each user, else each session. */
      readonly by: Sharer | undefined;
      readonly otherwise: CompiledRefusal | undefined;
    };

/** What a verdict that takes away does. */
export type CompiledRefusal =
  | { readonly kind: "block"; readonly reason: Template | undefined; readonly asError: boolean }
  | {
      readonly kind: "ask";
      readonly text: Template | undefined;
      readonly withinMs: number | undefined;
      /** A channel of the settings: `elicitation`, `url`, `queue`. */
      readonly via: string | undefined;
    }
  | { readonly kind: "answer"; readonly value: CompiledValue };

/** Who shares a counter or a tag. */
export type Sharer =
  | { readonly kind: "principal"; readonly principal: PrincipalKind }
  | { readonly kind: "expression"; readonly expression: Expression };

export type CompiledTransform =
  | { readonly kind: "rename"; readonly from: Pattern; readonly to: string }
  | { readonly kind: "supply"; readonly path: Path; readonly value: CompiledValue }
  | { readonly kind: "rewrite"; readonly path: Path; readonly expression: Expression }
  | { readonly kind: "set"; readonly path: Path; readonly value: CompiledValue }
  | { readonly kind: "remove"; readonly paths: readonly Path[] }
  | { readonly kind: "add"; readonly path: Path; readonly value: CompiledValue }
  | { readonly kind: "redact"; readonly pattern: Pattern; readonly path: Path | undefined; readonly as: string }
  /** `paths` undefined: all that is for people to read. `to` is a language tag, or `auto`: the caller's. */
  | {
      readonly kind: "translate";
      readonly paths: readonly Path[] | undefined;
      readonly to: string;
      readonly using: string | undefined;
    }
  | { readonly kind: "call"; readonly module: string; readonly config: JsonObject | undefined };

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export type CompiledObservation =
  | {
      readonly kind: "log";
      readonly level: LogLevel;
      /** 0–100: the share of the messages that is logged. */
      readonly percent: number;
      readonly sink: string | undefined;
      readonly text:
        | { readonly kind: "template"; readonly template: Template }
        | { readonly kind: "expression"; readonly expression: Expression }
        | undefined;
    }
  | {
      readonly kind: "tag";
      readonly names: readonly string[];
      /** Longer than the call, for all who share it. */
      readonly lasting: { readonly forMs: number; readonly by: Sharer } | undefined;
    };
