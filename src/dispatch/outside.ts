// The world as one session has it: what it asks of it, and who waits for the answers.
import type { Asking, Need } from "../engine/decision.ts";
import type { AskClient, Asks, ClientsWord, Command, Told } from "./event.ts";
import type { Exchange } from "./exchanges/exchange.ts";
import type { JointMemory } from "./joint/joint-memory.ts";
import type { ListMemory } from "./lists/list-memory.ts";
import type { IdCounter } from "./peers/peer.ts";
import type { StoreAnswer, StoreNeed } from "./gates/store-need.ts";
import type { World } from "./world.ts";

/**
 * Puts a question to the client that a message is about. `then` is called once, at once or later. Or never: the client is
 * asked in the answer to its request, and its next request takes up what the message was about.
 */
export type AsksClient = (question: AskClient, then: (word: ClientsWord) => void) => void;

const NOBODY: AsksClient = (_question, then) => then({ kind: "not-asked" });

/** What the session waits for ends with it. */
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
