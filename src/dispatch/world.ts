// The world as the dispatcher sees it while it handles one event: the time, what it asks for, and who waits for answers.
import { INTERNAL_ERROR } from "../mcp/errors.ts";
import { describeBug } from "./bug.ts";
import type { Command, Told } from "./event.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import { JointMemory } from "./joint/joint-memory.ts";
import { ListMemory } from "./lists/list-memory.ts";
import type { IdCounter } from "./peers/peer.ts";

/** One for all sessions. */
export class World {
  /** Milliseconds since 1970 at the event at hand. */
  now = 0;
  /** When the message at hand came, by whatever clock `handle` is given. */
  arrived = 0;
  /** The request that is being worked on: should that fail for a bug of ours, it is the one to be refused. */
  atHand: Exchange | undefined;
  readonly needs = new Map<number, (told: Told) => void>();
  readonly timers = new Map<number, () => void>();
  private commands: Command[] = [];
  private lastNumber = 0;
  private readonly sharedSeries = new Map<string, IdCounter>();
  private readonly jointMemories = new Map<string, JointMemory>();
  private readonly listMemories = new Map<string, ListMemory>();
  /** True: somebody in between has seen to this command. */
  takes: (command: Command) => boolean = () => false;

  begin(now: number, arrived: number): void {
    this.now = now;
    this.arrived = arrived;
    this.atHand = undefined;
  }

  command(command: Command): void {
    if (!this.takes(command)) this.commands.push(command);
  }

  /** Past whoever is in between. */
  pass(command: Command): void {
    this.commands.push(command);
  }

  /** The ids of all requests to this server, whichever session makes them. */
  sharedIds(server: string): IdCounter {
    const known = this.sharedSeries.get(server) ?? { last: 0 };
    this.sharedSeries.set(server, known);
    return known;
  }

  /** What this server, which sessions share, has said to all of them. */
  jointMemory(server: string): JointMemory {
    const known = this.jointMemories.get(server) ?? new JointMemory();
    this.jointMemories.set(server, known);
    return known;
  }

  /** What this server listed last, whichever session asked. */
  listMemory(server: string): ListMemory {
    const known = this.listMemories.get(server) ?? new ListMemory();
    this.listMemories.set(server, known);
    return known;
  }

  /** The number that `cancel` takes. `spreadMs`: up to so many milliseconds more, at random. */
  after(milliseconds: number, action: () => void, spreadMs?: number): number {
    const timer = this.number();
    this.timers.set(timer, action);
    const spread = spreadMs === undefined ? {} : { spreadMs };
    this.command({ kind: "set-timer", timer, afterMs: milliseconds, ...spread });
    return timer;
  }

  cancel(timer: number): void {
    if (this.timers.delete(timer)) this.command({ kind: "clear-timer", timer });
  }

  /** What was asked for since the last time. */
  take(): readonly Command[] {
    const taken = this.commands;
    this.commands = [];
    return taken;
  }

  /** A bug of ours costs the message at hand, and nobody else's. */
  attempt(action: () => void): void {
    try {
      action();
    } catch (bug) {
      this.failed(bug);
    }
  }

  failed(bug: unknown): void {
    this.command({ kind: "report", level: "error", text: describeBug(bug) });
    this.atHand?.error(INTERNAL_ERROR, "the proxy failed; see its log");
  }

  /** For a need or a timer; never given twice. */
  number(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }

  /** Of a need that nobody waits for any more nothing comes. */
  answerNeed(need: number, told: Told): void {
    const resume = this.needs.get(need);
    this.needs.delete(need);
    resume?.(told);
  }

  fire(timer: number): void {
    const action = this.timers.get(timer);
    this.timers.delete(timer);
    action?.();
  }
}
