// Opens the sinks of the settings, all of them or none; what each kind needs is loaded for it alone.
import type { LogEntry } from "./log-entry.ts";
import type { Destination, SinkSettings } from "./log-settings.ts";
import { type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { Sink } from "./sink.ts";

export interface SinkHost {
  readonly complain: (text: string) => void;
  /** A sink on stderr, and how lines read there; `undefined`: as JSON. */
  readonly stderr: () => Outlet;
  readonly toText: ((entry: LogEntry) => string) | undefined;
}

/** Rejects with what is wrong with the first that cannot be opened. */
export async function openSinks(settings: readonly SinkSettings[], host: SinkHost): Promise<readonly Sink[]> {
  const opened: Sink[] = [];
  for (const sink of settings) {
    try {
      opened.push(await openSink(sink, host));
    } catch (error) {
      await Promise.all(opened.map((one) => one.close()));
      throw new Error(`the sink \`${sink.name}\`: ${reasonOf(error)}`, { cause: error });
    }
  }
  return opened;
}

async function openSink(settings: SinkSettings, { complain, stderr, toText }: SinkHost): Promise<Sink> {
  const isStderr = settings.to.kind === "stderr";
  const sink = new Sink({ ...settings, complain, toText: isStderr ? toText : undefined });
  sink.open(settings.to.kind === "stderr" ? stderr() : await openOutlet(settings.to, sink));
  return sink;
}

async function openOutlet(to: Exclude<Destination, { kind: "stderr" }>, events: OutletEvents): Promise<Outlet> {
  switch (to.kind) {
    case "file": {
      const { openFileOutlet } = await import("./file-outlet.ts");
      return openFileOutlet(to, events);
    }
    case "http": {
      const { openHttpOutlet } = await import("./http-outlet.ts");
      return openHttpOutlet(to, events);
    }
    case "syslog": {
      const { openSyslog } = await import("./syslog.ts");
      return openSyslog(to, events);
    }
  }
}
