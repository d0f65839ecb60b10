// Where `to` of a sink leads: `stderr`, a file, an HTTP address or a syslog server.
import { isIP } from "node:net";
import type { SyslogAddress } from "./log-settings.ts";

export type Place =
  | { readonly kind: "stderr" }
  /** As it is written. */
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "http"; readonly url: string }
  | { readonly kind: "syslog"; readonly via: SyslogAddress }
  /** `message` goes on after the name of the field. */
  | { readonly kind: "unknown"; readonly message: string };

export function destinationOf(to: string): Place {
  if (to === "stderr") return { kind: "stderr" };
  if (to === "stdout") return { kind: "unknown", message: STDOUT_IS_TAKEN };
  if (/^https?:/i.test(to)) return httpPlace(to);
  if (/^syslog/i.test(to)) return syslogPlace(to);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(to)) return { kind: "unknown", message: `is no place a log can go to: ${KNOWN}` };
  return { kind: "file", path: to };
}

/** Goes on after the name of the field. */
export const STDOUT_IS_TAKEN =
  "cannot be stdout, which belongs to MCP: write `stderr`, or `./stdout` for a file of that name";

const KNOWN = "`stderr`, a path, `https://…`, `syslog+udp://HOST:PORT`, `syslog+tcp://HOST:PORT`, `syslog+unix:/PATH`";

/** URLs are printed. */
function httpPlace(to: string): Place {
  if (!URL.canParse(to)) return { kind: "unknown", message: "is no URL such as `https://logs.example/ingest`" };
  const { username, password } = new URL(to);
  if (username === "" && password === "") return { kind: "http", url: to };
  return { kind: "unknown", message: "holds a name or password, and URLs are printed: write it into `headers`" };
}

/** RFC 5426, 3.3; RFC 6587 leaves the port of TCP open, and 601 is what is registered for it. */
const PORTS = { udp: 514, tcp: 601 } as const;

function syslogPlace(to: string): Place {
  const path = /^syslog\+unix:(?:\/\/)?(\/.+)$/.exec(to)?.[1];
  if (path !== undefined) return { kind: "syslog", via: { kind: "unix", path } };
  const [, kind, address = "", digits] =
    /^syslog\+(udp|tcp):\/\/(\[[\da-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(to) ?? [];
  if (kind !== "udp" && kind !== "tcp") return { kind: "unknown", message: `is no syslog server: ${KNOWN}` };
  const host = address.replaceAll(/[[\]]/g, "");
  const port = digits === undefined ? PORTS[kind] : Number(digits);
  const isGood = port > 0 && port < 65_536 && (host === address || isIP(host) === 6);
  return isGood
    ? { kind: "syslog", via: { kind, host, port } }
    : { kind: "unknown", message: `is no syslog server: ${KNOWN}` };
}
