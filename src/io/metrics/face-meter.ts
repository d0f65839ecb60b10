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

class FaceMeter {
  private readonly meters: Meters;
  private readonly clients = new Set<string>();
  /** Servers of clients, as they are told apart in events: those that run now, and those that ever did. */
  private readonly up = new Map<string, string>();
  private readonly begun = new Map<string, Set<string>>();

  constructor(meters: Meters) {
    this.meters = meters;
  }

  hear(event: Event): void {
    switch (event.kind) {
      case "client-opened":
        this.clients.add(event.client);
        return this.meters.sessions(1);
      case "client-closed":
        if (this.clients.delete(event.client)) this.meters.sessions(-1);
        this.begun.delete(event.client);
        return undefined;
      case "server-opened":
        return this.opened(event);
      case "server-closed":
        return this.closed(event);
      case "client-message":
      case "client-known":
      case "client-oversize":
      case "client-ended":
      case "stream-closed":
      case "server-message":
      case "server-unanswered":
      case "server-renewed":
      case "server-oversize":
      case "need-answered":
      case "policy-changed":
      case "timer-fired":
    }
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
      now ??= performance.now();
      this.meters.seconds.add(record.kind, record.from, (now - arrived) / 1000);
    }
  }

  private count({ method, kind, from, verdict, rule }: DecisionRecord): void {
    this.meters.messages.add(`${method} ${kind} ${from} ${verdict}`, () => ({
      // Whoever makes methods up makes no series with them.
      method: methodFacts(method) === undefined ? "other" : method,
      kind,
      from,
      verdict,
    }));
    if (rule !== undefined) this.meters.verdicts.add(`${rule} ${verdict}`, () => ({ rule, verdict }));
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
