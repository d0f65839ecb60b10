// How long messages took, as a histogram that is cheap to add to: prom-client's own takes two microseconds for one value.
import { Histogram, type HistogramConfiguration } from "prom-client";

type Label = "kind" | "from" | "le";
type Told = Awaited<ReturnType<Histogram<Label>["get"]>>;

interface Times {
  readonly labels: Readonly<Record<"kind" | "from", string>>;
  /** How many took no longer than each bound, and longer than the one before. */
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Seconds. */
const BOUNDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

export class LatencyHistogram extends Histogram<Label> {
  private readonly title: { readonly name: string; readonly help: string };
  /** It tells what else belongs to a histogram, and has no values. */
  private readonly empty: Histogram<Label>;
  private readonly times = new Map<string, Times>();

  constructor(title: { readonly name: string; readonly help: string }) {
    const configuration: HistogramConfiguration<Label> = { ...title, labelNames: ["kind", "from"], registers: [] };
    super(configuration);
    this.title = title;
    this.empty = new Histogram(configuration);
  }

  add(kind: string, from: string, seconds: number): void {
    const times = this.timesOf(kind, from);
    times.sum += seconds;
    times.count += 1;
    let bucket = 0;
    while (seconds > (BOUNDS[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    if (bucket < BOUNDS.length) times.buckets[bucket] = (times.buckets[bucket] ?? 0) + 1;
  }

  override async get(): Promise<Told> {
    const values = [...this.times.values()].flatMap((times) => this.valuesOf(times));
    return { ...(await this.empty.get()), values };
  }

  /** What the registry asks for when it writes text; a method of prom-client that its types leave out. */
  getForPromString(): Promise<Told> {
    return this.get();
  }

  private timesOf(kind: string, from: string): Times {
    const key = `${kind} ${from}`;
    const known = this.times.get(key);
    if (known !== undefined) return known;
    const begun = { labels: { kind, from }, buckets: BOUNDS.map(() => 0), sum: 0, count: 0 };
    this.times.set(key, begun);
    return begun;
  }

  private valuesOf({ labels, buckets, sum, count }: Times): Told["values"] {
    const { name } = this.title;
    let below = 0;
    const bounded = BOUNDS.map((le, index) => {
      below += buckets[index] ?? 0;
      return { labels: { le, ...labels }, value: below, metricName: `${name}_bucket` };
    });
    return [
      ...bounded,
      { labels: { le: "+Inf", ...labels }, value: count, metricName: `${name}_bucket` },
      { labels, value: sum, metricName: `${name}_sum` },
      { labels, value: count, metricName: `${name}_count` },
    ];
  }
}
