// What mcprules promises to reach over HTTP, and whether it does; what was not measured is left out.
import { atLeast, atMost } from "../targets.mjs";
import { median, ratio } from "../statistics.mjs";

const NONE = "no rules";
const OTHERS = ["SDK proxy", "mcp-proxy", "supergateway"];

/** `taken(lane, measurement, contestant)`: the numbers of all rounds. */
export function judged(taken) {
  const of = (lane, id, one, other) => ratio(taken(lane, id, one), taken(lane, id, other));
  const targets = [
    ...OTHERS.flatMap((other) => [
      atLeast(`stdio server, 64 in flight against ${other}`, of("stdio", "rate", NONE, other), 6),
      atMost(`stdio server, latency against ${other}`, of("stdio", "latency", NONE, other), 0.25),
      atMost(`stdio server, 10 MB against ${other}`, of("stdio", "ten-megabytes", NONE, other), 0.1),
    ]),
    atLeast("HTTP server, 64 in flight against a reverse proxy", of("http", "rate", NONE, "reverse proxy"), 1),
    atLeast("both of 2026-07-28, against a reverse proxy", of("modern-http", "rate", NONE, "reverse proxy"), 1),
    atLeast("modern client, 64 in flight against mcp-proxy", of("modern-stdio", "rate", NONE, "mcp-proxy"), 6),
    atMost("modern client, latency against mcp-proxy", of("modern-stdio", "latency", NONE, "mcp-proxy"), 0.25),
    ...OTHERS.slice(0, 2).map((other) =>
      atLeast(`sessions opened against ${other}`, of("sessions", "opened", NONE, other), 2),
    ),
    ...[NONE, "started when needed"].map((ours) =>
      atLeast(
        `sessions with a server each opened against supergateway, ${ours}`,
        of("session-processes", "opened", ours, "supergateway"),
        2,
      ),
    ),
    atMost("memory that a session keeps, KB", median(taken("sessions", "kept", NONE)), 60),
  ];
  return targets.filter(({ value }) => Number.isFinite(value));
}
