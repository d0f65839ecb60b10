// Requests as spans, through OpenTelemetry's API: one for the time in the proxy, and one inside it for the time at the other side.
import {
  type Context,
  defaultTextMapSetter,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapPropagator,
  trace,
  type Tracer,
} from "@opentelemetry/api";
import type { Trace, TracedRequest, TraceKeys, TraceOutcome, Tracing } from "../../dispatch/observing/tracing.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";

/** Who reads and writes `traceparent` and `tracestate`. */
export type Propagator = Pick<TextMapPropagator, "inject" | "extract">;

export function otelTracing(tracer: Tracer, propagator: Propagator): Tracing {
  return { begin: (request) => new RequestSpan(tracer, propagator, request) };
}

/** Where the name of each kind of thing stands (OpenTelemetry's semantic conventions for MCP and generative AI). */
const NAME_ATTRIBUTES = { tool: "gen_ai.tool.name", prompt: "gen_ai.prompt.name", resource: "mcp.resource.uri" };

class RequestSpan implements Trace {
  private readonly tracer: Tracer;
  private readonly propagator: Propagator;
  private readonly request: TracedRequest;
  private readonly title: string;
  private readonly context: Context;
  private readonly span: Span;
  private away: Span | undefined;

  constructor(tracer: Tracer, propagator: Propagator, request: TracedRequest) {
    this.tracer = tracer;
    this.propagator = propagator;
    this.request = request;
    const { method, session, server, from, keys } = request;
    const parent = propagator.extract(ROOT_CONTEXT, keys, defaultTextMapGetter);
    // Names of spans are few, and hold nothing that somebody makes up.
    this.title = methodFacts(method) === undefined ? "other" : method;
    const attributes = { "mcprules.session": session, "mcprules.server": server, "mcprules.from": from };
    this.span = tracer.startSpan(this.title, { kind: SpanKind.SERVER, attributes }, parent);
    this.context = trace.setSpan(parent, this.span);
  }

  /** Method and name are the record's, since they are masked there. */
  judged({ method, name, verdict, rule, revision }: DecisionRecord): void {
    const { thing } = this.request;
    this.span.setAttribute("mcp.method.name", method);
    if (name !== undefined && thing !== undefined) {
      this.span.setAttribute(NAME_ATTRIBUTES[thing], name);
      // URIs are too many to be names of spans.
      if (thing !== "resource") this.span.updateName(`${this.title} ${name}`);
    }
    this.span.setAttribute("mcprules.verdict", verdict);
    this.span.setAttribute("mcprules.revision", revision);
    if (rule !== undefined) this.span.setAttribute("mcprules.rule", rule);
  }

  sent(): TraceKeys {
    const { server, from } = this.request;
    const attributes = { "mcprules.server": server };
    const name = `${this.title} at ${from === "client" ? server : "the client"}`;
    this.away = this.tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }, this.context);
    const carrier: Record<string, string> = {};
    this.propagator.inject(trace.setSpan(this.context, this.away), carrier, defaultTextMapSetter);
    return carrier;
  }

  replied(isToolError: boolean): void {
    if (isToolError) for (const span of [this.away, this.span]) markFailed(span, "tool_error");
    this.away?.end();
    this.away = undefined;
  }

  end(outcome: TraceOutcome): void {
    if (outcome.kind === "error") {
      this.span.setAttribute("rpc.response.status_code", String(outcome.code));
      markFailed(this.span, String(outcome.code));
    }
    if (outcome.kind === "cancelled") markFailed(this.span, "cancelled");
    this.away?.end();
    this.span.end();
  }
}

function markFailed(span: Span | undefined, type: string): void {
  span?.setAttribute("error.type", type);
  span?.setStatus({ code: SpanStatusCode.ERROR });
}
