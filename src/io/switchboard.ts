// Between the dispatcher and the world: events in, commands carried out, every peer's output written in one go.
import type { Readable, Writable } from "node:stream";
import type { Asks, Command, Event, MessageBytes } from "../dispatch/event.ts";
import { SHARED } from "../dispatch/joint/joint-servers.ts";
import { type Answerers, failedAnswer, tell } from "./answer-needs.ts";
import { Backpressure } from "./backpressure.ts";
import { type ClientEnd, clientEnd, nobodysEnd } from "./client-end.ts";
import type { ClientChannel, ClientIdentity, StdioPort } from "./client-port.ts";
import type { DecisionLog } from "./log/decision-log.ts";
import { createLineFramer } from "../message/framing.ts";
import { clientFrame } from "./frame-events.ts";
import type { HeadStart } from "./servers/head-start.ts";
import type { MessageLimits } from "./servers/server-end.ts";
import { ServerEnds } from "./servers/server-ends.ts";
import type { ServerSettings } from "./settings/settings.ts";
import { type Channel, openStdioChannel } from "./stdio-channel.ts";
import { Timers } from "./timers.ts";

export interface SwitchboardOptions extends Answerers {
  readonly handle: (event: Event, now: number) => readonly Command[];
  readonly servers: readonly ServerSettings[];
  readonly limits: MessageLimits;
  readonly log: DecisionLog;
  /** Servers that run already; absent: none does. */
  readonly headStart?: HeadStart | undefined;
}

export interface ClientStreams extends ClientIdentity {
  readonly input: Readable;
  readonly output: Writable;
  /** How long, once `input` has ended, what it asked is still answered. */
  readonly patienceMs: number;
}

type ToServer = Extract<Command, { readonly kind: "to-server" }>;

export class Switchboard {
  private readonly options: SwitchboardOptions;
  private readonly clients = new Map<string, ClientEnd>();
  private readonly timers = new Timers((timer) => this.tell({ kind: "timer-fired", timer }));
  /** Few, each once. A Set would leave a table behind for each flush. */
  private readonly unflushed: Channel[] = [];
  private readonly events: Event[] = [];
  private readonly servers: ServerEnds;
  private readonly backpressure = new Backpressure({ clients: this.clients, tell: (event) => this.tell(event) });
  private isHandling = false;
  /** Milliseconds since 1970, the same for all that is handled until what comes of it leaves; `undefined`: to be read. */
  private now: number | undefined;
  private lastClient = 0;

  constructor(options: SwitchboardOptions) {
    const { servers, limits, log, headStart } = options;
    this.options = options;
    this.clients.set(SHARED, nobodysEnd());
    this.servers = new ServerEnds({
      clients: this.clients,
      servers,
      limits,
      log,
      headStart,
      handle: (event) => this.handle(event),
      flush: () => this.flush(),
      drained: (client) => this.backpressure.settle(client),
      left: (channel) => this.backpressure.forget(channel),
    });
  }

  /** Resolves when this client is gone. Its servers are being ended then. */
  openClient({ input, output, patienceMs, ...who }: ClientStreams): Promise<void> {
    return new Promise((resolve) => {
      const leave = (): void => {
        port.left();
        resolve();
      };
      output.once("close", leave);
      const channel = openStdioChannel(input, output, createLineFramer(this.options.limits.messageBytes), {
        frame: (frame) => port.frame(frame),
        chunkDone: () => this.flush(),
        drained: () => port.drained(),
        ended: () => port.ended(patienceMs),
      });
      const port = this.attach(who, { ...channel, done: leave });
    });
  }

  /** A client that came through some door. Its servers may start before this returns. */
  attach(who: ClientIdentity, channel: ClientChannel): StdioPort {
    this.lastClient += 1;
    const client = `client-${this.lastClient}`;
    this.clients.set(client, clientEnd(channel));
    this.tell({ kind: "client-opened", client, ...who });
    return {
      frame: (frame) => this.handle(clientFrame(client, frame)),
      flush: () => this.flush(),
      message: (bytes, stream, read, headers) =>
        this.tell({ kind: "client-message", client, bytes, stream, read, headers }),
      known: (user) => this.tell({ kind: "client-known", client, user }),
      streamClosed: (stream) => this.tell({ kind: "stream-closed", client, stream }),
      drained: () => this.backpressure.settle(client),
      ended: (patienceMs) => this.tell({ kind: "client-ended", client, patienceMs }),
      left: () => this.closeClient(client),
    };
  }

  /** For what happens outside of any connection. */
  tell(event: Event): void {
    this.handle(event);
    this.flush();
  }

  /** Resolves when no process and no connection is left. In haste: without waiting for servers to end by themselves. */
  async close(haste: boolean): Promise<void> {
    for (const client of this.clients.keys()) this.closeClient(client);
    this.timers.clearAll();
    this.backpressure.forgetAll();
    await this.servers.whenGone(haste);
  }

  private closeClient(client: string): void {
    const end = this.clients.get(client);
    if (end === undefined) return;
    this.tell({ kind: "client-closed", client });
    for (const server of end.servers.keys()) this.servers.close(client, server);
    this.clients.delete(client);
  }

  /** Events that come up while one is handled wait for their turn. */
  private handle(event: Event): void {
    if (this.isHandling) {
      this.events.push(event);
      return;
    }
    this.isHandling = true;
    this.handleOne(event);
    if (this.events.length > 0) this.handleWaiting();
    this.isHandling = false;
  }

  private handleWaiting(): void {
    for (const event of this.events) this.handleOne(event);
    this.events.length = 0;
  }

  private handleOne(event: Event): void {
    try {
      this.now ??= Date.now();
      for (const command of this.options.handle(event, this.now)) this.perform(command);
    } catch (bug) {
      // One that even the dispatcher did not catch: everybody else is served on.
      this.reportBug(event.kind, bug);
    }
  }

  private perform(command: Command): void {
    const { log } = this.options;
    switch (command.kind) {
      case "to-client":
        return this.sendToClient(command.client, command.bytes, command.stream);
      case "stream-done":
        return this.endStream(command.client, command.stream);
      case "client-done":
        return this.clients.get(command.client)?.channel.done?.();
      case "to-server":
        return this.sendToServer(command);
      case "abandon":
        return this.clients.get(command.client)?.servers.get(command.server)?.channel?.abandon?.(command.about);
      case "open-server":
        return this.servers.open(command.client, command.server);
      case "close-server":
        return this.closeServer(command.client, command.server);
      case "answer-need":
        return this.answer(command.need, command.asks);
      case "set-timer":
        return this.timers.set(command);
      case "clear-timer":
        return this.timers.clear(command.timer);
      case "record":
        return log.record(command.record, command.message);
      case "log":
        return log.line(command.line);
      case "report":
        return log.report(command.level, command.text, command.server);
    }
  }

  private sendToClient(client: string, bytes: MessageBytes, stream: number | undefined): void {
    const channel = this.clients.get(client)?.channel;
    if (channel === undefined) return;
    channel.send(bytes, stream);
    this.touched(channel);
  }

  private endStream(client: string, stream: number): void {
    const channel = this.clients.get(client)?.channel;
    if (channel === undefined) return;
    channel.streamDone?.(stream);
    this.touched(channel);
  }

  private sendToServer({ client, server, bytes, headers, read }: ToServer): void {
    const channel = this.clients.get(client)?.servers.get(server)?.channel;
    if (channel === undefined) return;
    channel.send(bytes, headers, read);
    this.touched(channel);
  }

  private touched(channel: Channel): void {
    if (!this.unflushed.includes(channel)) this.unflushed.push(channel);
  }

  private flush(): void {
    this.now = undefined;
    if (this.unflushed.length === 0) return;
    let isAnyFull = false;
    for (let channel = this.unflushed.pop(); channel !== undefined; channel = this.unflushed.pop()) {
      channel.flush();
      isAnyFull ||= channel.isFull();
    }
    if (isAnyFull) this.backpressure.settleAll();
  }

  private closeServer(client: string, server: string): void {
    this.servers.close(client, server);
    this.backpressure.settle(client);
  }

  private answer(need: number, asks: Asks): void {
    void tell(asks, this.options)
      .catch((bug: unknown) => {
        this.reportBug(asks.kind, bug);
        return failedAnswer(asks);
      })
      .then((answer) => this.tell({ kind: "need-answered", need, answer }));
  }

  private reportBug(at: string, bug: unknown): void {
    const text = bug instanceof Error ? (bug.stack ?? bug.message) : String(bug);
    this.options.log.report("error", `a bug of mcprules, at ${at}: ${text}`);
  }
}
