// Spans to a collector: OpenTelemetry's own SDK, in batches over OTLP/HTTP as JSON. What is lost is counted, and said.
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
import type { Tracing } from "../../dispatch/observing/tracing.ts";
import { LAST_WAIT_MS } from "../log/outlet.ts";
import { VERSION } from "../version.ts";
import { otelTracing } from "./otel-tracing.ts";
import type { TracesSettings } from "./traces-settings.ts";
import { isInTime } from "../in-time.ts";

export interface OpenTracing {
  readonly tracing: Tracing;
  /** Sends what is left, for a moment. */
  close(): Promise<void>;
}

const BATCH_MS = 1000;
const EXPORT_MS = 10_000;
const SAY_EVERY_MS = 10_000;
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
      await isInTime(LAST_WAIT_MS, provider.shutdown().catch(ignore));
      diag.disable();
    },
  };
}

const ignore = (): void => undefined;
const SILENT = { error: ignore, info: ignore, debug: ignore, verbose: ignore };

/** How many were lost is said at once, and then every ten seconds at most. */
function told(exporter: SpanExporter, warn: (text: string) => void): SpanExporter {
  let [lost, reason] = [0, ""];
  let timer: NodeJS.Timeout | undefined;
  const say = (): void => {
    if (lost > 0) warn(`traces: ${lost} spans were lost: ${reason}`);
    timer = lost > 0 ? setTimeout(say, SAY_EVERY_MS).unref() : undefined;
    lost = 0;
  };
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined) {
          lost += spans.length;
          reason = result.error.message;
          if (timer === undefined) say();
        }
        done(result);
      }),
    shutdown: () => {
      clearTimeout(timer);
      say();
      clearTimeout(timer);
      return exporter.shutdown();
    },
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
