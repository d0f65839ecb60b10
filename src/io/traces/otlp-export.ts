// Spans to a collector: OpenTelemetry's own SDK, in batches over OTLP/HTTP as JSON. What fails is said once, and tried with the next batch.
import { diag, DiagLogLevel } from "@opentelemetry/api";
import { setGlobalErrorHandler, W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import type { Tracing } from "../../dispatch/tracing.ts";
import { LAST_WAIT_MS, within } from "../log/outlet.ts";
import { VERSION } from "../version.ts";
import { otelTracing } from "./otel-tracing.ts";
import type { TracesSettings } from "./traces-settings.ts";

export interface OpenTracing {
  readonly tracing: Tracing;
  /** Sends what is left, for a moment. */
  close(): Promise<void>;
}

const BATCH_MS = 1000;
const EXPORT_MS = 10_000;
/** Spans that wait; what comes beyond them is dropped, and that is said. */
const MOST_WAITING = 4096;

export function exportTraces({ url, headers, service }: TracesSettings, warn: (text: string) => void): OpenTracing {
  const logger = { ...SILENT, warn: (message: string) => warn(`traces: ${message}`) };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  // Failed exports are told below, each once.
  setGlobalErrorHandler(() => undefined);
  const exporter = told(new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: EXPORT_MS }), warn);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.version": VERSION }),
    sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: BATCH_MS, maxQueueSize: MOST_WAITING })],
  });
  const tracer = provider.getTracer("mcprules", VERSION);
  return {
    tracing: otelTracing(tracer, new W3CTraceContextPropagator()),
    close: async () => {
      await within(LAST_WAIT_MS, provider.shutdown().catch(ignore));
      diag.disable();
    },
  };
}

const ignore = (): void => undefined;
const SILENT = { error: ignore, info: ignore, debug: ignore, verbose: ignore };

function told(exporter: SpanExporter, warn: (text: string) => void): SpanExporter {
  let isFailing = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const hasFailed = result.error !== undefined;
        if (hasFailed && !isFailing) warn(`traces: ${spans.length} spans were lost: ${result.error?.message ?? ""}`);
        if (!hasFailed && isFailing) warn("traces: spans are taken again");
        isFailing = hasFailed;
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
