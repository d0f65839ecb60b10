// A client that says no more and still listens: what it asked is answered, and then it is let go.
import { UNREACHABLE } from "../../mcp/errors.ts";
import type { ClientSession } from "../peers/client-session.ts";

/** Servers that wait for it get an answer, or they could not give theirs. `onDone` is called when `patienceMs` are over. */
export function bidFarewell(session: ClientSession, patienceMs: number, onDone: () => void): void {
  const { client, listeners, outside } = session;
  listeners.end();
  client.end(UNREACHABLE, "the client says no more");
  outside.after(patienceMs, () => {
    const reason = `the client closed its end, and no answer came within ${patienceMs / 1000} s`;
    for (const exchange of client.open.values()) exchange.error(UNREACHABLE, reason);
    onDone();
  });
}

/** Everything it said has gone its way, and everything it asked is answered. */
export function isAllAnswered({ client }: ClientSession): boolean {
  return client.inFlight === 0 && client.lane.isIdle;
}
