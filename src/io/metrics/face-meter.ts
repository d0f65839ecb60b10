// Counts what one face of the proxy does, from the events its dispatcher is told and the commands it gives.
import type { Dispatcher } from "../../dispatch/dispatcher.ts";
import type { Command, Event } from "../../dispatch/event.ts";
import type { DecisionRecord } from "../../engine/decision-record.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { Meters } from "./meters.ts";

/** In the place of `handle`: does the same, and counts. */
export function metered(handle: Dispatcher["handle"], meters: Meters): Dispatcher["handle"] {
  const meter = new FaceMeter(meters);
  return (event, now) => {
    const arrived = performance.now();
    meter.hear(event);
    const commands = handle(event, now, arrived);
    meter.see(commands);
    return commands;
  };
}

type MessageLabels = Readonly<Record<"method" | "kind" | "from" | "verdict", string>>;

class FaceMeter {
  private readonly meters: Meters;
  /** What one decision counts for, by all that it is counted by. */
  private readonly counts = new Map<string, readonly { count: number }[]>();
  private readonly clients = new Set<string>();
  /** Servers of clients, as they are told apart in events: those that run now, and those that ever did. */
  private readonly up = new Map<string, string>();
  private readonly begun = new Map<string, Set<string>>();

  constructor(meters: Meters) {
    this.meters = meters;
  }

  hear(event: Event): void {
    const { kind } = event;
    if (kind === "client-opened") this.arrived(event.client);
    else if (kind === "client-closed") this.left(event.client);
    else if (kind === "server-opened") this.opened(event);
    else if (kind === "server-closed") this.closed(event);
  }

  see(commands: readonly Command[]): void {
    let now: number | undefined;
    for (const command of commands) {
      if (command.kind === "close-server") this.closed(command);
      if (command.kind !== "record") continue;
      const { record, arrived } = command;
      // What did not arrive is no message: entries of lists, and the lists that the proxy makes of them.
      if (arrived === undefined) continue;
      this.count(record);
      // They waited for somebody, or for what a server said to somebody else.
      if (record.approval !== undefined || record.cache === "shared") continue;
      now ??= performance.now();
      this.meters.seconds.add(record.kind, record.from, (now - arrived) / 1000);
    }
  }

  private count({ method, kind, from, verdict, rule, approval, over, cache }: DecisionRecord): void {
    if (over !== undefined) this.meters.overLimit.of({ rule: over }).count += 1;
    if (cache !== undefined) this.meters.answers.of({ outcome: cache }).count += 1;
    if (approval !== undefined) {
      const { channel = "none", outcome } = approval;
      this.meters.approvals.of({ channel, outcome }).count += 1;
    }
    // Whoever makes methods up makes no series with them.
    const known = methodFacts(method) === undefined ? "other" : method;
    const key = `${known} ${kind} ${from} ${verdict} ${rule ?? ""}`;
    const counts = this.counts.get(key) ?? this.countsOf({ method: known, kind, from, verdict }, rule);
    this.counts.set(key, counts);
    for (const count of counts) count.count += 1;
  }

  private countsOf(labels: MessageLabels, rule: string | undefined): readonly { count: number }[] {
    const { messages, verdicts } = this.meters;
    const { verdict } = labels;
    return [messages.of(labels), ...(rule === undefined ? [] : [verdicts.of({ rule, verdict })])];
  }

  private arrived(client: string): void {
    this.clients.add(client);
    this.meters.sessions(1);
  }

  private left(client: string): void {
    if (this.clients.delete(client)) this.meters.sessions(-1);
    this.begun.delete(client);
  }

  private opened({ client, server }: { readonly client: string; readonly server: string }): void {
    const key = `${client}\n${server}`;
    if (!this.up.has(key)) this.meters.serverUp(server, 1);
    this.up.set(key, server);
    const begun = this.begun.get(client) ?? new Set();
    if (begun.has(server)) this.meters.restarted(server);
    this.begun.set(client, begun.add(server));
  }

  private closed({ client, server }: { readonly client: string; readonly server: string }): void {
    if (this.up.delete(`${client}\n${server}`)) this.meters.serverUp(server, -1);
  }
}
