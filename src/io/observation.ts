// What is measured of a proxy and traced of its requests, as far as the settings ask for it; what is not asked for is not loaded.
import type { Dispatcher } from "../dispatch/dispatcher.ts";
import type { Face } from "./metrics/meters.ts";
import type { Observed } from "./metrics/open-metrics.ts";
import type { Settings } from "./settings/settings.ts";
import { openTracing } from "./traces/open-tracing.ts";
import type { OpenTracing } from "./traces/otlp-export.ts";

export interface Observation {
  /** In the place of `handle`, for that face: where there are metrics it counts, and does the same. */
  metered(handle: Dispatcher["handle"], face: Face): Dispatcher["handle"];
  readonly tracing: OpenTracing["tracing"] | undefined;
  close(): Promise<void>;
}

/** Rejects when it cannot be. */
export async function openObservation(
  { metrics: asked, traces }: Pick<Settings, "metrics" | "traces">,
  observed: Observed,
): Promise<Observation> {
  const metrics = asked && (await (await import("./metrics/open-metrics.ts")).openMetrics(asked, observed));
  const traced = await openTracing(traces, (text) => observed.log.report("warn", text));
  return {
    metered: (handle, face) => metrics?.metered(handle, face) ?? handle,
    tracing: traced?.tracing,
    close: async () => {
      await Promise.all([metrics?.close(), traced?.close()]);
    },
  };
}
