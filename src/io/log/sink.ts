// One place that lines of the log go to: which it takes, how they read there, and what is said when it fails or is too slow.
import type { LogLevel } from "../../language/compiled-policy.ts";
import type { LogEntry } from "./log-entry.ts";
import { compileFilter } from "./filter.ts";
import { type Line, lineOf } from "./line.ts";
import type { Form, SinkSettings } from "./log-settings.ts";
import type { Outlet, OutletEvents } from "./outlet.ts";

export const RANKS: Readonly<Record<LogLevel, number>> = { trace: 0, debug: 1, info: 2, warn: 3, error: 4 };

export interface SinkOptions extends Pick<SinkSettings, "name" | "level" | "form" | "filter" | "messageBytes"> {
  /** Other than as JSON. */
  readonly toText?: ((entry: LogEntry) => string) | undefined;
  /** Where it is said what is wrong with this sink. */
  readonly complain: (text: string) => void;
}

/** What is wrong with a sink is said so often at most. */
const SAY_EVERY_MS = 10_000;

export class Sink implements OutletEvents {
  readonly name: string;
  readonly rank: number;
  readonly messageBytes: number;
  /** Lines that went nowhere, since the start. */
  dropped = 0;
  private readonly options: SinkOptions;
  private readonly forms: ReadonlySet<Form>;
  private readonly filter: ((entry: LogEntry) => boolean) | undefined;
  private outlet: Outlet | undefined;
  private isFailing = false;
  /** Of the dropped: those that a line in the sink itself, and the complaint, has not told of yet. */
  private readonly untold = { inside: 0, outside: 0 };
  private timer: NodeJS.Timeout | undefined;
  private steady: NodeJS.Timeout | undefined;

  constructor(options: SinkOptions) {
    this.options = options;
    this.name = options.name;
    this.rank = RANKS[options.level];
    this.messageBytes = options.messageBytes;
    this.forms = new Set(options.form);
    this.filter = compileFilter(options.filter);
  }

  open(outlet: Outlet): void {
    this.outlet = outlet;
  }

  takes(form: Form): boolean {
    return this.forms.has(form);
  }

  isMeant(entry: LogEntry): boolean {
    return RANKS[entry.level] >= this.rank && (this.filter === undefined || this.filter(entry));
  }

  write(line: Line): void {
    const { outlet } = this;
    if (outlet === undefined) return;
    if (this.untold.inside > 0) this.tellInside(outlet);
    if (!outlet.offer(this.textOf(line), line.entry)) this.lost(1);
  }

  failed(reason: string): void {
    clearTimeout(this.steady);
    this.steady = undefined;
    if (this.isFailing) return;
    this.isFailing = true;
    this.options.complain(`the sink \`${this.name}\` fails, and is tried again: ${reason}`);
  }

  /** Said once it has not failed for a while: some fail with every other line. */
  worked(): void {
    if (!this.isFailing) return;
    this.steady ??= setTimeout(() => {
      this.steady = undefined;
      this.isFailing = false;
      this.options.complain(`the sink \`${this.name}\` works again`);
    }, SAY_EVERY_MS).unref();
  }

  lost(count: number): void {
    this.dropped += count;
    this.untold.inside += count;
    this.untold.outside += count;
    this.timer ??= setTimeout(() => this.tellOutside(), SAY_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    if (this.outlet !== undefined && this.untold.inside > 0) this.tellInside(this.outlet);
    clearTimeout(this.steady);
    await this.outlet?.close();
    this.tellOutside();
  }

  private textOf(line: Line): string {
    return this.options.toText === undefined ? line.json() : this.options.toText(line.entry);
  }

  private tellInside(outlet: Outlet): void {
    const text = `${this.untold.inside} lines of the log were dropped`;
    const line = lineOf({ kind: "report", level: "warn", text, server: undefined });
    if (outlet.offer(this.textOf(line), line.entry)) this.untold.inside = 0;
  }

  private tellOutside(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.untold.outside === 0) return;
    this.options.complain(`the sink \`${this.name}\` dropped ${this.untold.outside} lines`);
    this.untold.outside = 0;
  }
}
