// One side of the proxy - a client, or a server - with the ids that tie its requests and ours to their answers.
import type { ErrorEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import type { MessageBytes } from "../event.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { IdTable } from "./id-table.ts";
import { Lane } from "./lane.ts";
import type { Likeness } from "../wording/likeness.ts";

export type Reply = ResultEnvelope | ErrorEnvelope;

/** A request of ours (or of the other side under an id of ours) that this peer has not answered yet. */
export interface Awaited {
  /** The request it was made from, and who sent that; `undefined`: the proxy's own. */
  readonly origin: Origin | undefined;
  onReply(reply: Reply): void;
  /** No reply will come that is one: the peer is gone, or sent rubbish in its place. */
  onLost(code: number, message: string): void;
  /** Until when it may take, in milliseconds since 1970; `undefined`: nobody minds, or somebody else does. */
  readonly due?: number | undefined;
  onOverdue?(): void;
  /** The peer is at work on it. */
  onProgress?(): void;
}

export interface Origin {
  readonly exchange: Exchange;
  readonly from: Peer;
}

/** Where the answers to requests go that came together; a batch collects them. */
export interface Answering {
  /** One more answer will come. */
  expect(): void;
  /** `undefined`: there will be none, since it was cancelled. */
  add(answer: MessageBytes | undefined): void;
}

/** A series of ids, counted up. */
export interface IdCounter {
  /** The one that was given last. */
  last: number;
}

type Write = (bytes: MessageBytes, stream: number | undefined, likeness: Likeness | undefined) => void;

const MAX_COMPLAINTS = 10;

export class Peer implements Answering {
  /** `undefined`: the client. */
  readonly server: string | undefined;
  /** What comes from it. */
  readonly lane = new Lane();
  /** By the id we gave, as raw JSON text. */
  readonly awaited = new IdTable<Awaited>();
  /** What it asked and has no answer to yet, by its own id, as raw JSON text. */
  readonly open = new IdTable<Exchange>();
  /** How many of its requests are not answered, also where it gave two the same id. */
  inFlight = 0;
  /** It says no more, so it answers nothing; what is sent to it still arrives. */
  hasEnded = false;
  isGone = false;
  private readonly ids: IdCounter;
  private complaints = 0;
  private readonly write: Write;

  /** `ids`: the series that its ids are of, where others use it too. */
  constructor(server: string | undefined, write: Write, ids: IdCounter = { last: 0 }) {
    this.server = server;
    this.write = write;
    this.ids = ids;
  }

  get side(): "client" | "server" {
    return this.server === undefined ? "client" : "server";
  }

  /** `stream`: of a client over HTTP, where the message belongs. `likeness`: of a request, where it is known. */
  send(bytes: MessageBytes, stream?: number, likeness?: Likeness): void {
    if (!this.isGone) this.write(bytes, stream, likeness);
  }

  expect(): void {}

  /** An answer is sent as it comes. */
  add(answer: MessageBytes | undefined): void {
    if (answer !== undefined) this.send(answer);
  }

  opened(exchange: Exchange): void {
    this.inFlight += 1;
    this.open.set(exchange.id, exchange);
  }

  close(exchange: Exchange): void {
    this.inFlight -= 1;
    this.open.deleteOne(exchange.id, exchange);
  }

  /** A new id of ours, as raw JSON text; it serves as progress token too. */
  mint(): string {
    this.ids.last += 1;
    return String(this.ids.last);
  }

  /** Whether we ever gave this id: then a reply to it that nobody awaits only came late. */
  hasMinted(id: string): boolean {
    const value = Number(id);
    return Number.isInteger(value) && value >= 1 && value <= this.ids.last;
  }

  /** Who talks rubbish all day is reported a few times, not all day. */
  mayBeComplainedOf(): boolean {
    this.complaints += 1;
    return this.complaints <= MAX_COMPLAINTS;
  }

  /** Whoever waits for an answer of its is told that none will come; what it asked is still answered. */
  end(code: number, message: string): void {
    this.hasEnded = true;
    this.loseAwaited(code, message);
  }

  /** Nothing will come from it any more, and nothing it asked wants an answer: whoever waits is told. */
  lose(code: number, message: string): void {
    this.isGone = true;
    this.loseAwaited(code, message);
    for (const exchange of this.open.values()) exchange.cancel();
    this.open.clear();
  }

  private loseAwaited(code: number, message: string): void {
    const lost = this.awaited.values();
    this.awaited.clear();
    for (const awaited of lost) awaited.onLost(code, message);
  }
}
