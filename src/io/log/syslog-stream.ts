// Lines to a syslog server over a connection, each with its length before it (RFC 6587, 3.4.1). A connection that ends is made again.
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { backoff, KEPT, LAST_WAIT_MS, type Outlet, type OutletEvents, reasonOf } from "./outlet.ts";
import { connected } from "./reach.ts";
import { syslogLine } from "./syslog-line.ts";
import type { LogEntry } from "./log-entry.ts";
import { isInTime } from "../in-time.ts";

/** Rejects when nobody listens there. */
export async function openSyslogStream(
  address: NetConnectOpts,
  facility: number,
  events: OutletEvents,
): Promise<Outlet> {
  const outlet = new SyslogStream(address, facility, events);
  await outlet.connect();
  return outlet;
}

/** Bytes written in one go. */
const CHUNK = 64 * 1024;

class SyslogStream implements Outlet {
  private readonly address: NetConnectOpts;
  private readonly facility: number;
  private readonly events: OutletEvents;
  private readonly frames: string[] = [];
  private bytes = 0;
  private socket: Socket | undefined;
  /** Frames that are being written: until they are, they are not gone. */
  private inFlight = 0;
  private attempt = 0;
  private timer: NodeJS.Timeout | undefined;
  private whenEmpty: (() => void) | undefined;
  private isClosing = false;

  constructor(address: NetConnectOpts, facility: number, events: OutletEvents) {
    this.address = address;
    this.facility = facility;
    this.events = events;
  }

  async connect(): Promise<void> {
    const socket = connect(this.address);
    await connected(socket, "connect");
    socket.unref();
    this.socket = socket;
    let reason = "the connection was ended";
    socket.on("error", (error) => {
      reason = reasonOf(error);
    });
    // A syslog server says nothing; but its end is only seen by who reads.
    socket.resume();
    socket.on("close", () => this.lose(reason));
    this.attempt = 0;
    this.pump();
  }

  offer(line: string, entry: LogEntry): boolean {
    const message = syslogLine(line, entry, this.facility);
    const length = Buffer.byteLength(message);
    if (this.bytes + length > KEPT) return false;
    this.frames.push(`${length} ${message}`);
    this.bytes += length;
    this.pump();
    return true;
  }

  async close(): Promise<void> {
    this.isClosing = true;
    if (this.frames.length > 0) {
      const emptied = new Promise<void>((tell) => {
        this.whenEmpty = tell;
      });
      await isInTime(LAST_WAIT_MS, emptied);
    }
    clearTimeout(this.timer);
    if (this.frames.length > 0) this.events.lost(this.frames.length);
    this.socket?.destroy();
  }

  private pump(): void {
    const { socket, frames } = this;
    if (socket === undefined || this.inFlight > 0 || frames.length === 0) return;
    const chunk: string[] = [];
    for (let length = 0; length < CHUNK && chunk.length < frames.length;) {
      const frame = frames[chunk.length] ?? "";
      chunk.push(frame);
      length += frame.length;
    }
    this.inFlight = chunk.length;
    socket.write(chunk.join(""), (error) => {
      if (error === null || error === undefined) this.written();
    });
  }

  private written(): void {
    for (const frame of this.frames.splice(0, this.inFlight)) {
      this.bytes -= Buffer.byteLength(frame) - frame.indexOf(" ") - 1;
    }
    this.inFlight = 0;
    this.events.worked();
    if (this.frames.length === 0) this.whenEmpty?.();
    else this.pump();
  }

  private lose(reason: string): void {
    this.socket = undefined;
    this.inFlight = 0;
    if (this.isClosing) return;
    this.events.failed(reason);
    this.timer = setTimeout(
      () => void this.connect().catch((error: unknown) => this.lose(reasonOf(error))),
      backoff(this.attempt),
    );
    this.timer.unref();
    this.attempt += 1;
  }
}
