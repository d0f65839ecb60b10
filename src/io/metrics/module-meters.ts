// What is measured of modules: asked of them when somebody looks.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { BOUNDS, type ModuleMeter } from "../modules/meter.ts";

interface Measured {
  readonly name: string;
  readonly state: { readonly kind: string };
  readonly meter: ModuleMeter;
}

export function addModuleMeters(registry: Registry, modules: () => readonly Measured[]): void {
  const add = (name: string, help: string, value: (module: Measured) => number, isGauge = false): void => {
    const collect = function (this: Counter<"module"> | Gauge<"module">): void {
      this.reset();
      for (const module of modules()) this.inc({ module: module.name }, value(module));
    };
    const settings = {
      name: `mcprules_module_${name}`,
      help,
      labelNames: ["module"] as const,
      registers: [],
      collect,
    };
    registry.registerMetric(isGauge ? new Gauge(settings) : new Counter(settings));
  };
  add("calls_total", "Calls of each module's interceptors.", ({ meter }) => meter.calls);
  add("late_total", "Answers of modules that came after their time.", ({ meter }) => meter.late);
  add("restarts_total", "Modules started again.", ({ meter }) => meter.restarts);
  add("in_flight", "Calls of modules that are under way.", ({ meter }) => meter.inFlight, true);
  add("up", "1: the module can be asked.", ({ state }) => (state.kind === "up" ? 1 : 0), true);
  add(
    "breaker_open",
    "1: the module failed too often, and is asked nothing.",
    ({ meter }) => (meter.isBreakerOpen ? 1 : 0),
    true,
  );
  addFailures(registry, modules);
  registry.registerMetric(new ModuleSeconds(modules));
}

function addFailures(registry: Registry, modules: () => readonly Measured[]): void {
  const failures = new Counter({
    name: "mcprules_module_failures_total",
    help: "Calls of modules that failed, by reason.",
    labelNames: ["module", "reason"],
    registers: [],
    collect() {
      this.reset();
      for (const { name: module, meter } of modules()) {
        for (const [reason, count] of meter.failures) this.inc({ module, reason }, count);
      }
    },
  });
  registry.registerMetric(failures);
}

type Label = "module" | "le";
type Told = Awaited<ReturnType<Histogram<Label>["get"]>>;

/** Counted by the modules themselves; prom-client only writes it down. */
class ModuleSeconds extends Histogram<Label> {
  private readonly modules: () => readonly Measured[];
  private readonly empty: Histogram<Label>;

  constructor(modules: () => readonly Measured[]) {
    const configuration = { ...TITLE, labelNames: ["module"] as const, registers: [] };
    super(configuration);
    this.modules = modules;
    this.empty = new Histogram(configuration);
  }

  override async get(): Promise<Told> {
    return { ...(await this.empty.get()), values: this.modules().flatMap(valuesOf) };
  }

  /** What the registry asks for when it writes text; a method of prom-client that its types leave out. */
  getForPromString(): Promise<Told> {
    return this.get();
  }
}

const TITLE = { name: "mcprules_module_seconds", help: "Time of calls of modules." };

function valuesOf({ name: module, meter }: Measured): Told["values"] {
  const { name } = TITLE;
  let below = 0;
  const bounded = BOUNDS.map((le, index) => {
    below += meter.buckets[index] ?? 0;
    return { labels: { le, module }, value: below, metricName: `${name}_bucket` };
  });
  return [
    ...bounded,
    { labels: { le: "+Inf", module }, value: meter.calls, metricName: `${name}_bucket` },
    { labels: { module }, value: meter.seconds, metricName: `${name}_sum` },
    { labels: { module }, value: meter.calls, metricName: `${name}_count` },
  ];
}
