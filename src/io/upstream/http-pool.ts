// The connections to servers over HTTP, kept alive, and the tokens that are shown there: shared by all clients.
import type { Dispatcher } from "undici";
import type { HttpServer } from "../settings/settings.ts";
import type { Credentials } from "./oauth/credentials.ts";

/** undici is loaded with the first server that needs it: most proxies only start processes. */
export class HttpPool {
  private agent: Promise<Dispatcher> | undefined;
  private readonly credentials = new Map<string, Promise<Credentials>>();

  open(): Promise<Dispatcher> {
    this.agent ??= openAgent();
    return this.agent;
  }

  /** `undefined`: the server wants none. What speaks OAuth is loaded with the first server that does. */
  credentialsFor(server: HttpServer): Promise<Credentials> | undefined {
    const { oauth, name } = server;
    if (oauth === undefined) return undefined;
    const known = this.credentials.get(name);
    if (known !== undefined) return known;
    const opened = import("./oauth/credentials.ts").then(({ openCredentials }) => openCredentials(server, oauth));
    this.credentials.set(name, opened);
    return opened;
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
