// What the switchboard has of a server, be it a process or a connection, and what a connection tells.
import type { Event, MessageBytes } from "../../dispatch/event.ts";
import type { EnvelopeLimits, RequestEnvelope } from "../../message/envelope.ts";
import type { Frame } from "../../message/framing.ts";
import type { Headers } from "../../message/eras/modern-headers.ts";
import type { Channel } from "../stdio-channel.ts";

export interface ServerEnd {
  /** Absent when it could not be started. */
  readonly channel: ServerChannel | undefined;
  /** Resolves with the reason, for people, when nothing will come from it any more. Never rejects. */
  readonly ended: Promise<string>;
  /** Resolves when nothing of it is left. */
  readonly close: () => Promise<void>;
  /** No more waiting for it to end by itself. */
  readonly hurry: () => void;
}

export interface ServerChannel extends Channel {
  /** `headers`: over HTTP, of the modern era; it is sent by itself then, beside these headers. `read`: where it is known to be a request. */
  send(message: MessageBytes, headers?: Headers, read?: Pick<RequestEnvelope, "id" | "method">): void;
  /** Over HTTP: nobody waits any more for what was sent by itself under this id of ours (raw JSON text). */
  abandon?(about: string): void;
}

export type ServerMessage = Extract<Event, { readonly kind: "server-message" }>;

export interface MessageLimits extends EnvelopeLimits {
  /** Bytes of the longest message that is kept. */
  readonly messageBytes: number;
}

export interface ServerEvents {
  /** `about`: our id of the request on whose response it came; `read`: where it has been read already. */
  readonly frame: (frame: Frame, about?: ServerMessage["about"], read?: ServerMessage["read"]) => void;
  /** The request with this id of ours will have no answer. `evidence`: for what kind of server that speaks. */
  readonly unanswered: (about: string, reason: string, evidence?: "legacy") => void;
  /** Another session stands in place of the one before. */
  readonly renewed: () => void;
  /** All frames of one chunk were told. */
  readonly chunkDone: () => void;
  /** What waited was taken by the server. */
  readonly drained: () => void;
  /** A line of its stderr. */
  readonly said: (line: string) => void;
  /** Something the operator should know. */
  readonly report: (text: string) => void;
}
