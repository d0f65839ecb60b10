// What Prometheus finds of modules.
import { Registry } from "prom-client";
import { expect, it } from "vitest";
import { addModuleMeters } from "../../../src/io/metrics/module-meters.ts";
import { ModuleMeter } from "../../../src/io/modules/meter.ts";

it("counts calls, failures by reason, and times, of each module", async () => {
  const meter = new ModuleMeter();
  meter.done(0.002, undefined);
  meter.done(0.3, "timeout");
  meter.late = 1;
  meter.isBreakerOpen = true;
  const registry = new Registry();
  addModuleMeters(registry, () => [{ name: "m", state: { kind: "up" }, meter }]);
  await registry.metrics();
  const text = await registry.metrics();
  for (const line of [
    'mcprules_module_calls_total{module="m"} 2',
    'mcprules_module_failures_total{module="m",reason="timeout"} 1',
    'mcprules_module_late_total{module="m"} 1',
    'mcprules_module_restarts_total{module="m"} 0',
    'mcprules_module_in_flight{module="m"} 0',
    'mcprules_module_up{module="m"} 1',
    'mcprules_module_breaker_open{module="m"} 1',
    'mcprules_module_seconds_bucket{le="0.001",module="m"} 0',
    'mcprules_module_seconds_bucket{le="0.0025",module="m"} 1',
    'mcprules_module_seconds_bucket{le="0.5",module="m"} 2',
    'mcprules_module_seconds_bucket{le="+Inf",module="m"} 2',
    'mcprules_module_seconds_sum{module="m"} 0.302',
    'mcprules_module_seconds_count{module="m"} 2',
  ]) {
    expect(text.split("\n")).toContain(line);
  }
});
