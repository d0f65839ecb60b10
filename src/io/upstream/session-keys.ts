// What stands in the headers of a session with a server from its handshake on, and how it is taken leave of.
import { unread } from "./answer-body.ts";
import type { Wire } from "./wire.ts";

export type SessionKeys = Readonly<Partial<Record<"mcp-session-id" | "mcp-protocol-version", string>>>;

/** How long a server may take to end a session, and how long in haste, in milliseconds. */
const PATIENCE_MS = 2000;
const HASTE_MS = 300;

/** Tells a server that its session is over. Resolves when it knows, or does not answer. */
export function endSession(wire: Wire, keys: SessionKeys, haste: AbortSignal): Promise<void> {
  if (keys["mcp-session-id"] === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      clearTimeout(hurry);
      running.abort();
      resolve();
    };
    const running = wire.send({ method: "DELETE", headers: keys }, { head: () => unread(end), failed: end });
    let hurry: NodeJS.Timeout | undefined;
    const timer = setTimeout(end, PATIENCE_MS);
    const beQuick = (): void => {
      hurry = setTimeout(end, HASTE_MS);
    };
    if (haste.aborted) beQuick();
    else haste.addEventListener("abort", beQuick, { once: true });
  });
}
