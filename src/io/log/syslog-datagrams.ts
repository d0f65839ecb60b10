// Lines to a syslog server over UDP: a datagram a line (RFC 5426). What the network loses nobody knows.
import { createSocket, type Socket } from "node:dgram";
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import { KEPT, type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { syslogLine } from "./syslog-line.ts";

/** Of IPv4, beside the headers of IP and UDP. */
const LONGEST_DATAGRAM = 65_507;

/** Rejects when the name of the host is known to nobody. */
export async function openDatagrams(
  { host, port }: { readonly host: string; readonly port: number },
  facility: number,
  events: OutletEvents,
): Promise<Outlet> {
  const { address, family } = await lookup(host);
  const socket = createSocket(family === 6 ? "udp6" : "udp4");
  socket.connect(port, address);
  await once(socket, "connect");
  socket.unref();
  // Somebody on the way may say that nobody listens there.
  socket.on("error", (error) => events.failed(reasonOf(error)));
  return {
    offer: (line, entry) => send(socket, Buffer.from(syslogLine(line, entry, facility)), events),
    close: () =>
      new Promise((resolve) => {
        // Behind what was sent before.
        setImmediate(() => socket.close(resolve));
      }),
  };
}

function send(socket: Socket, datagram: Buffer, events: OutletEvents): boolean {
  if (datagram.length > LONGEST_DATAGRAM || socket.getSendQueueSize() > KEPT) return false;
  socket.send(datagram, (error) => {
    if (error === null) return events.worked();
    events.failed(reasonOf(error));
    events.lost(1);
  });
  return true;
}
