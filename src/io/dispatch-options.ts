// What the settings come to for a dispatcher.
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import type { DispatchOptions } from "../dispatch/options.ts";
import { createSeal, randomToken } from "./seal.ts";
import type { ServerSettings, Settings } from "./settings/settings.ts";
import { VERSION } from "./version.ts";

export type DispatchSettings = Pick<Settings, "servers" | "naming" | "names" | "limits" | "keys" | "asking">;

export function dispatchOptionsOf(
  { servers, naming, names, limits, keys, asking }: DispatchSettings,
  profile?: string,
): DispatchOptions {
  return {
    servers: servers.map((server) => ({
      ...server,
      transport: server.kind === "http" ? "http" : "stdio",
      identity: identityOf(server),
      // What the proxy says in everybody's place, it says once, in a handshake.
      ...(server.life?.share === true ? { era: "legacy" } : {}),
    })),
    naming,
    names,
    limits: { ...limits, isUtf8 },
    proxy: { name: "mcprules", version: VERSION },
    seal: createSeal(keys, profile),
    token: randomToken,
    asking,
  };
}

/** What is started or spoken to, and as whom; not how long it is waited for. It holds secrets, so nobody gets more than a digest. */
function identityOf({ life: _life, ...server }: ServerSettings): string {
  return createHash("sha256").update(JSON.stringify(server)).digest("base64url");
}
