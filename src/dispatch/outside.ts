// What the dispatcher asks of the world while it handles one event, and who waits for the answers.
import type { Asking, Need } from "../engine/decision.ts";
import { INTERNAL_ERROR } from "../mcp/errors.ts";
import { describeBug } from "./bug.ts";
import type { AskClient, Asks, ClientsWord, Command, Told } from "./event.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import { JointMemory } from "./joint/joint-memory.ts";
import { ListMemory } from "./lists/list-memory.ts";
import type { IdCounter } from "./peers/peer.ts";
import type { StoreAnswer, StoreNeed } from "./gates/store-need.ts";

/**
 * Puts a question to the client that a message is about. `then` is called once, at once or later. Or never: the client is
 * asked in the answer to its request, and its next request takes up what the message was about.
 */
export type AsksClient = (question: AskClient, then: (word: ClientsWord) => void) => void;

const NOBODY: AsksClient = (_question, then) => then({ kind: "not-asked" });

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

/** The world as one session has it: what the session waits for ends with it. */
export class Outside {
  private readonly world: World;
  private readonly needs = new Set<number>();
  private readonly timers = new Set<number>();
  /** Whatever the policy in force masks, in a text that may hold what others said. */
  readonly mask: (text: string) => string;

  constructor(world: World, mask: (text: string) => string) {
    this.world = world;
    this.mask = mask;
  }

  get now(): number {
    return this.world.now;
  }

  get arrived(): number {
    return this.world.arrived;
  }

  command(command: Command): void {
    this.world.command(command);
  }

  report(level: "info" | "warn" | "error", said: string, server?: string): void {
    const text = this.mask(said);
    this.world.command(
      server === undefined ? { kind: "report", level, text } : { kind: "report", level, text, server },
    );
  }

  workOn(exchange: Exchange | undefined): void {
    this.world.atHand = exchange;
  }

  /** The same action, to be done when its turn comes, about the request that is worked on now. */
  later(action: () => void): () => void {
    const { atHand, arrived } = this.world;
    return () => {
      this.world.atHand = atHand;
      this.world.arrived = arrived;
      this.world.attempt(action);
    };
  }

  /**
   * Runs `asking` to its end and hands on what comes of it. True: that happened already, since it needed nothing.
   * `asksClient` absent: there is no client that could be asked anything.
   */
  run<T>(asking: Asking<T>, then: (value: T) => void, asksClient: AsksClient = NOBODY): boolean {
    return this.goOn(asking, asking.next(), then, asksClient);
  }

  /** `then` is never called before this returns. */
  askStore(store: StoreNeed, then: (answer: StoreAnswer) => void): void {
    this.ask({ kind: "store", store }, (told) => {
      if (told.kind !== "store") throw new Error(`the store was asked, and told of ${told.kind}`);
      then(told.answer);
    });
  }

  /** As the world's. */
  after(milliseconds: number, action: () => void, spreadMs?: number): number {
    const fire = (): void => {
      this.timers.delete(timer);
      action();
    };
    const timer = this.world.after(milliseconds, fire, spreadMs);
    this.timers.add(timer);
    return timer;
  }

  cancel(timer: number): void {
    this.timers.delete(timer);
    this.world.cancel(timer);
  }

  /** The ids of all requests to this server, whichever session makes them. */
  sharedIds(server: string): IdCounter {
    return this.world.sharedIds(server);
  }

  /** What this server, which sessions share, has said to all of them. */
  jointMemory(server: string): JointMemory {
    return this.world.jointMemory(server);
  }

  listMemory(server: string): ListMemory {
    return this.world.listMemory(server);
  }

  close(): void {
    for (const timer of this.timers) this.cancel(timer);
    for (const need of this.needs) this.world.needs.delete(need);
    this.needs.clear();
  }

  private goOn<T>(
    asking: Asking<T>,
    step: IteratorResult<Need, T>,
    then: (value: T) => void,
    asksClient: AsksClient,
  ): boolean {
    if (step.done === true) {
      then(step.value);
      return true;
    }
    const need = step.value;
    const take = (told: Told): void => {
      if (told.kind === "store") throw new Error("a rule asked, and was told of the store");
      if (told.kind === "ask-client") this.askClient(need, told, asksClient, take);
      else this.goOn(asking, asking.next(told), then, asksClient);
    };
    this.ask(need, take);
    return false;
  }

  private askClient(need: Need, question: AskClient, asksClient: AsksClient, then: (told: Told) => void): void {
    if (need.kind !== "translate") throw new Error(`a rule asked to ${need.kind}, and the client is to be asked`);
    const { translation } = need;
    const { atHand, arrived } = this.world;
    asksClient(question, (word) => {
      this.world.atHand = atHand;
      this.world.arrived = arrived;
      this.ask({ kind: "client-said", translation, word }, then);
    });
  }

  private ask(asks: Asks, then: (told: Told) => void): void {
    const need = this.world.number();
    const { atHand, arrived } = this.world;
    this.needs.add(need);
    this.world.needs.set(need, (told) => {
      this.needs.delete(need);
      this.world.atHand = atHand;
      this.world.arrived = arrived;
      then(told);
    });
    this.world.command({ kind: "answer-need", need, asks });
  }
}
