// Calls at legacy servers that may have questions, while their modern clients think about the answers.
import type { JsonObject } from "../../mcp/json.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { IdTable } from "../peers/id-table.ts";
import type { Peer } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";

/** What a client answers to questions: by key, as raw JSON text. */
export type Answers = ReadonlyMap<string, string>;

export interface ParkedCall {
  /** Which one it is: later ones have higher numbers. */
  readonly number: number;
  readonly link: ServerLink;
  /** Stands for the client: whoever asks it, asks for this call. */
  readonly peer: Peer;
  /** What the client can do, as it said with this request. */
  readonly capabilities: JsonObject;
  /** Over HTTP: where the client waits for it; `undefined` while it does not. */
  readonly stream: number | undefined;
  /** The client comes back, with what it answers. */
  resume(exchange: Exchange, envelope: RequestEnvelope, answers: Answers): void;
}

export class ParkedCalls {
  private readonly calls = new IdTable<ParkedCall, number>();
  private readonly byHandle = new Map<string, ParkedCall>();
  private lastNumber = 0;

  get size(): number {
    return this.calls.size;
  }

  number(): number {
    this.lastNumber += 1;
    return this.lastNumber;
  }

  add(call: ParkedCall): void {
    this.calls.set(call.number, call);
  }

  /** The client comes back to it with this handle. */
  handOut(handle: string, call: ParkedCall): void {
    this.byHandle.set(handle, call);
  }

  remove({ number }: ParkedCall, handle: string | undefined): void {
    this.calls.delete(number);
    if (handle !== undefined) this.byHandle.delete(handle);
  }

  get(handle: string): ParkedCall | undefined {
    return this.byHandle.get(handle);
  }

  /** Which one a server means that asks something: over HTTP it says so, else the latest. All are the same client's. */
  at(link: ServerLink, stream: number | undefined): ParkedCall | undefined {
    const calls = this.calls.values().filter((call) => call.link === link);
    const meant = stream === undefined ? undefined : calls.find((call) => call.stream === stream);
    return meant ?? calls.toSorted((one, other) => one.number - other.number).at(-1);
  }
}
