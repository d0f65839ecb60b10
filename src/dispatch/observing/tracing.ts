// Spans of the requests that pass, for whoever traces calls through many programs. What spans are, and what time it is, is known above.
import type { DecisionRecord } from "../../engine/decision-record.ts";
import type { Facts } from "../../engine/facts.ts";
import type { ErrorEnvelope, RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, rawAt, textAt } from "../../message/locate.ts";
import type { Rewording } from "../../message/eras/reword.ts";
import type { ClientId } from "../event.ts";

export interface Tracing {
  begin(request: TracedRequest): Trace;
}

export interface TracedRequest extends Pick<Facts, "method" | "name" | "thing" | "from"> {
  readonly session: ClientId;
  readonly server: string;
  /** The asker's id, as raw JSON text. */
  readonly id: string;
  /** As its asker wrote them. */
  readonly keys: TraceKeys;
}

/** In `_meta`, as SEP-414 has it; W3C Trace Context. */
export interface TraceKeys {
  readonly traceparent?: string | undefined;
  readonly tracestate?: string | undefined;
}

/** One request, told what becomes of it; `end` comes last, and once. */
export interface Trace {
  judged(record: DecisionRecord): void;
  /** It goes on. What its `_meta` says of traces from here on. */
  sent(): TraceKeys;
  /** The other side has answered, or will not any more. */
  replied(isToolError: boolean): void;
  end(outcome: TraceOutcome): void;
}

/** `code`: of an error. */
export type TraceOutcome =
  | { readonly kind: "result" }
  | { readonly kind: "error"; readonly code: number }
  | { readonly kind: "cancelled" };

interface Origin {
  readonly facts: Facts;
  readonly envelope: RequestEnvelope;
  readonly link: { readonly name: string };
}

export function beginTrace(tracing: Tracing, session: ClientId, { facts, envelope, link }: Origin): Trace {
  const { method, name, thing, from } = facts;
  const keys = traceKeysOf(envelope);
  return tracing.begin({ session, method, name, thing, from, server: link.name, id: envelope.id, keys });
}

/** A rewording that says these keys too; those there are none of stay as they came. */
export function withTraceKeys(rewording: Rewording | undefined, keys: TraceKeys): Rewording {
  const { traceparent, tracestate } = keys;
  return {
    members: rewording?.members ?? {},
    meta: {
      ...rewording?.meta,
      ...(traceparent !== undefined && { traceparent: JSON.stringify(traceparent) }),
      ...(tracestate !== undefined && { tracestate: JSON.stringify(tracestate) }),
    },
  };
}

/** A result of `tools/call` that says it is an error. */
export function isToolError(reply: ResultEnvelope | ErrorEnvelope): boolean {
  if (reply.kind === "error") return false;
  const range = rangeAt(reply.bytes, reply.result, ["isError"]);
  return range !== undefined && rawAt(reply.bytes, range) === "true";
}

function traceKeysOf({ bytes, params }: RequestEnvelope): TraceKeys {
  if (params === undefined) return {};
  return {
    traceparent: textAt(bytes, rangeAt(bytes, params, ["_meta", "traceparent"])),
    tracestate: textAt(bytes, rangeAt(bytes, params, ["_meta", "tracestate"])),
  };
}
