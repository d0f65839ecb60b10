// What the ways to speak to a server over HTTP have in common.
import type { MessageLimits, ServerEvents } from "../servers/server-end.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Wire } from "./wire.ts";

export interface TransportParts {
  readonly wire: Wire;
  readonly limits: MessageLimits;
  readonly events: ServerEvents;
}

export interface TransportHost extends TransportParts {
  /** It cannot be used any more, or never could. `status`: what its server answered to the handshake, if it did. */
  ended(reason: string, status?: number): void;
}

export interface Transport {
  send(message: Outgoing): void;
  readonly isFull: boolean;
  /** Resolves when the server knows, or does not want to. */
  close(haste: AbortSignal): Promise<void>;
}
