// How the sessions and their servers stand, for people who ask.
import type { Era } from "../../mcp/methods.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { ClientId } from "../event.ts";
import type { ServerLink } from "../peers/server-link.ts";

export interface SessionStatus {
  readonly id: ClientId;
  /** As the client says of itself; `undefined` before it has. */
  readonly client: string | undefined;
  readonly user: string | undefined;
  /** Milliseconds since 1970. */
  readonly since: number;
  /** Requests of the client that are not answered yet. */
  readonly inFlight: number;
  readonly servers: readonly ServerStatus[];
}

export interface ServerStatus {
  readonly name: string;
  /**
   * `asleep`: not started, since nothing was wanted of it yet. `stuck`: it does not take what it is sent. `down`: it has
   * ended, and will be started again.
   */
  readonly state: "asleep" | "starting" | "ready" | "stuck" | "down";
  readonly era: Era | undefined;
  readonly restarts: number;
  /** For people: why it ended, or could not be used, the last time. */
  readonly lastError: string | undefined;
  /** Requests to it that are not answered yet. */
  readonly inFlight: number;
}

export function statusOf(session: ClientSession, since: number): SessionStatus {
  const { client, user } = session.principal;
  return {
    id: session.id,
    client:
      client && session.outside.mask(client.version === undefined ? client.name : `${client.name} ${client.version}`),
    user: user && session.outside.mask(user.id),
    since,
    inFlight: session.client.inFlight,
    servers: session.links.map((link) => serverStatus(session, link)),
  };
}

function serverStatus({ outside }: ClientSession, link: ServerLink): ServerStatus {
  const { name, era, starts, goneBecause, awaited } = link;
  return {
    name,
    state: stateOf(link),
    era,
    restarts: Math.max(0, starts - 1),
    lastError: goneBecause === "" ? undefined : outside.mask(goneBecause),
    inFlight: awaited.size,
  };
}

function stateOf({ isReady, isStuck, isGone, starts }: ServerLink): ServerStatus["state"] {
  if (isReady) return isStuck ? "stuck" : "ready";
  if (starts === 0) return "asleep";
  return isGone ? "down" : "starting";
}
