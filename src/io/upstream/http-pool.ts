// The connections to servers over HTTP, kept alive, and the tokens that are shown there: shared by all clients.
import type { HttpServer } from "../settings/settings.ts";
import type { Connections } from "./http1/connections.ts";
import type { Credentials } from "./oauth/credentials.ts";

/** What speaks HTTP is loaded with the first server that needs it: most proxies only start processes. */
export class HttpPool {
  private connections: Promise<Connections> | undefined;
  private readonly credentials = new Map<string, Promise<Credentials>>();

  open(): Promise<Connections> {
    this.connections ??= openConnections();
    return this.connections;
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
    const { connections } = this;
    this.connections = undefined;
    (await connections)?.destroy();
  }
}

async function openConnections(): Promise<Connections> {
  const { Connections: All } = await import("./http1/connections.ts");
  return new All();
}
