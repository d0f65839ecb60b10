// Opens the way to a syslog server: datagrams, a connection, or a socket of this machine.
import type { SyslogDestination } from "./log-settings.ts";
import { type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { openDatagrams } from "./syslog-datagrams.ts";
import { openSyslogStream } from "./syslog-stream.ts";

export async function openSyslog({ via, facility }: SyslogDestination, events: OutletEvents): Promise<Outlet> {
  switch (via.kind) {
    case "udp":
      return openDatagrams(via, facility, events);
    case "tcp":
      return openSyslogStream({ host: via.host, port: via.port }, facility, events);
    case "unix":
      return openSyslogStream({ path: via.path }, facility, events).catch((error: unknown) => {
        throw new Error(ofSocket(reasonOf(error)), { cause: error });
      });
  }
}

/** `/dev/log` is one of datagrams nearly everywhere, which Node cannot speak to. */
function ofSocket(reason: string): string {
  if (!reason.includes("EPROTOTYPE")) return reason;
  return "it takes datagrams, and only sockets with connections are served; use `syslog+udp://127.0.0.1:514`";
}
