// The connections to servers over HTTP, kept alive and shared by all clients.
import type { Dispatcher } from "undici";

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
  const { createAgent } = await import("./http-agent.ts");
  return createAgent();
}
