// Requests on their way to a server whose answers rules keep, and who waits for the answer to one because he asked the same.
import type { ErrorEnvelope, ResultEnvelope } from "../../message/envelope.ts";

/** A server's answer that may be given to others, before the rules on results. */
export interface KeptAnswer {
  readonly envelope: ResultEnvelope;
  /** When the server was asked and when it answered, in milliseconds since 1970. */
  readonly asked: number;
  readonly at: number;
  /** Who asked, as a digest. */
  readonly owner: string;
  /** It is for nobody else. */
  readonly isPrivate: boolean;
}

export interface Flying {
  readonly key: string;
  readonly server: string;
  readonly method: string;
  /** `undefined`: it may be given to nobody else. */
  answerOf(reply: ResultEnvelope | ErrorEnvelope): KeptAnswer | undefined;
  keep(answer: KeptAnswer): void;
}

export interface Follower {
  /** False: it is not meant for him. */
  take(answer: KeptAnswer): boolean;
  /** He asks the server, and nobody waits for his answer. */
  goAlone(): void;
  /** He asks the server, and these wait for his answer. */
  lead(others: readonly Follower[]): void;
}

/** Of all sessions. */
export class Flights {
  private readonly byKey = new Map<string, Flight>();
  /** By server and method: since when, in milliseconds since 1970, answers count. */
  private readonly changes = new Map<string, number>();

  at(key: string): Flight | undefined {
    return this.byKey.get(key);
  }

  /** `followers`: those of one that failed. */
  begin(flying: Flying, followers: readonly Follower[] = []): Flight {
    const flight = new Flight(flying, followers, () => {
      if (this.byKey.get(flying.key) === flight) this.byKey.delete(flying.key);
    });
    this.byKey.set(flying.key, flight);
    return flight;
  }

  /** The server says that its answers to such requests may be others from now on. */
  change(server: string, methods: readonly string[], now: number): void {
    for (const method of methods) this.changes.set(`${server} ${method}`, now);
    for (const flight of this.byKey.values()) {
      if (flight.flying.server === server && methods.includes(flight.flying.method)) flight.growOld();
    }
  }

  /** `asked`: when the server was. */
  isCurrent({ server, method }: Pick<Flying, "server" | "method">, asked: number): boolean {
    return asked > (this.changes.get(`${server} ${method}`) ?? Number.NEGATIVE_INFINITY);
  }
}

export class Flight {
  readonly flying: Flying;
  private followers: Follower[];
  private readonly leave: () => void;
  private isOver = false;

  constructor(flying: Flying, followers: readonly Follower[], leave: () => void) {
    this.flying = flying;
    this.followers = [...followers];
    this.leave = leave;
  }

  follow(follower: Follower): void {
    this.followers.push(follower);
  }

  /** An answer was kept already. */
  arrive(answer: KeptAnswer): void {
    for (const follower of this.end()) if (!follower.take(answer)) follower.goAlone();
  }

  /** `undefined`: no answer will come. Only the first word counts. */
  land(reply: ResultEnvelope | ErrorEnvelope | undefined): void {
    if (this.isOver) return;
    const { flying } = this;
    const answer = reply === undefined ? undefined : flying.answerOf(reply);
    if (answer !== undefined) {
      flying.keep(answer);
      this.arrive(answer);
      return;
    }
    const followers = this.end();
    const [next, ...others] = followers;
    if (reply === undefined) next?.lead(others);
    else for (const follower of followers) follower.goAlone();
  }

  /** The server asks the client something: the answer is his alone. */
  spoil(): void {
    for (const follower of this.end()) follower.goAlone();
  }

  /** Who asks from now on asks the server. */
  growOld(): void {
    this.leave();
  }

  private end(): readonly Follower[] {
    const { followers } = this;
    this.isOver = true;
    this.followers = [];
    this.leave();
    return followers;
  }
}
