// Servers that kept a client waiting as long as it waits for anybody: until one of them is in time again, later clients wait for them less.

/** How long a client waits for a server that was late the last time, in milliseconds. */
export const SHORT_PATIENCE = 1000;

/** By their names. */
export interface Laggards {
  /** With their handshake. */
  readonly greeting: Set<string>;
  /** With what they have. */
  readonly listing: Set<string>;
}

export function noLaggards(): Laggards {
  return { greeting: new Set(), listing: new Set() };
}
