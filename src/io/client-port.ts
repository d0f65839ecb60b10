// The two halves of a client's connection: what the switchboard writes to, and what a door tells the switchboard.
import type { Principal } from "../engine/facts.ts";
import type { Event, MessageBytes } from "../dispatch/event.ts";
import type { Frame } from "../message/framing.ts";
import type { Channel } from "./stdio-channel.ts";

/** How what is written reaches a client. A stream is one HTTP request of its; over stdio there are none. */
export interface ClientChannel extends Channel {
  send(message: MessageBytes, stream?: number): void;
  /** No more will be sent on this stream. It ends with the next `flush`. */
  streamDone?(stream: number): void;
  /** It has ended, and all that it asked is answered. */
  done?(): void;
}

export interface ClientIdentity {
  readonly user: Principal["user"];
  readonly profile: string | undefined;
  /** That it reads, as far as its door tells, the best first. */
  readonly languages?: Principal["languages"];
}

type ClientMessage = Extract<Event, { readonly kind: "client-message" }>;

/** After whatever is told here, what comes of it is on its way. */
export interface ClientPort {
  /** One frame of a chunk: `flush` must follow once the chunk is done. */
  frame(frame: Frame): void;
  flush(): void;
  /** One message that came on a stream, already read. */
  message(
    bytes: Buffer,
    stream: ClientMessage["stream"],
    read: ClientMessage["read"],
    headers?: ClientMessage["headers"],
  ): void;
  streamClosed(stream: number): void;
  /** It has shown by now that it is this user, with these groups and claims. */
  known(user: ClientIdentity["user"]): void;
  /** There is room again for what is sent to it. */
  drained(): void;
  /** It is gone; its servers end. */
  left(): void;
}

/** Of a client with one way in and one way out. */
export interface StdioPort extends ClientPort {
  /** It says no more and still listens: what it asked is answered, for so long at most. */
  ended(patienceMs: number): void;
}
