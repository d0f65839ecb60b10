// Whether requests are traced, and by whom: a collector that the settings name, or an SDK that this process was started with.
import type { Tracing } from "../../dispatch/observing/tracing.ts";
import { VERSION } from "../version.ts";
import type { OpenTracing } from "./otlp-export.ts";
import type { TracesSettings } from "./traces-settings.ts";

/** `undefined`: nobody traces, and nothing was loaded. */
export async function openTracing(
  settings: TracesSettings | undefined,
  warn: (text: string) => void,
): Promise<OpenTracing | undefined> {
  if (settings !== undefined) return (await import("./otlp-export.ts")).exportTraces(settings, warn);
  if (!isSdkHere()) return undefined;
  return { tracing: await tracingOfSdk(), close: () => Promise.resolve() };
}

/** Where OpenTelemetry's API keeps what is registered with it, in every copy of version 1. */
function isSdkHere(): boolean {
  const registered: unknown = Reflect.get(globalThis, Symbol.for("opentelemetry.js.api.1"));
  return typeof registered === "object" && registered !== null && "trace" in registered;
}

async function tracingOfSdk(): Promise<Tracing> {
  const [{ propagation, trace }, { otelTracing }] = await Promise.all([
    import("@opentelemetry/api"),
    import("./otel-tracing.ts"),
  ]);
  return otelTracing(trace.getTracer("mcprules", VERSION), propagation);
}
