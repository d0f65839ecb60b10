// The connections to servers over HTTP, kept alive and shared by all clients.
import type { Dispatcher } from "undici";

/** How long a connection may take to stand, in milliseconds. */
export const CONNECT_MS = 10_000;

/** undici is loaded with the first server that needs it: most proxies only start processes. */
export class HttpPool {
  private agent: Promise<Dispatcher> | undefined;

  open(): Promise<Dispatcher> {
    this.agent ??= openAgent();
    return this.agent;
  }

  /** Cuts every connection that is left. */
  async close(): Promise<void> {
    const { agent } = this;
    this.agent = undefined;
    if (agent !== undefined) await (await agent).destroy();
  }
}

async function openAgent(): Promise<Dispatcher> {
  const { Agent } = await import("undici");
  // As many connections as there are requests: an event stream holds one for as long as it likes. A server may think, and
  // a stream may be silent, without end; whoever waits for an answer has limits of their own.
  return new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: CONNECT_MS } });
}
