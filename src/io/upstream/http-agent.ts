// How connections to servers over HTTP are made and kept. A module of its own, since loading undici takes a while.
import type { Dispatcher } from "undici";
import Agent from "undici/lib/dispatcher/agent.js";

/** How long a connection may take to stand, in milliseconds. */
const CONNECT_MS = 10_000;

/**
 * As many connections as there are requests: an event stream holds one for as long as it likes. A server may think, and a
 * stream be silent, without end; whoever waits for an answer has limits of their own.
 */
export function createAgent(): Dispatcher {
  return new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_MS } });
}
