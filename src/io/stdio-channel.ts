// One end of a stdio connection: chunks in, whole frames out; messages gathered, and written together once a chunk is done.
import type { Readable, Writable } from "node:stream";
import type { MessageBytes } from "../dispatch/event.ts";
import { createLineFramer, type Frame } from "../message/framing.ts";

export interface Channel {
  /** Takes a message; it leaves with the next `flush`. */
  send(message: MessageBytes): void;
  /** Writes what was taken, in one go. */
  flush(): void;
  /** More waits to be taken by the peer than we care to keep: whoever fills it should stop reading for a while. */
  isFull(): boolean;
  setPaused(isPaused: boolean): void;
}

export interface ChannelEvents {
  readonly frame: (frame: Frame) => void;
  /** All frames of one chunk were told. */
  readonly chunkDone: () => void;
  /** What waited was taken by the peer. */
  readonly drained: () => void;
  /** The peer says no more. Told once. */
  readonly ended: () => void;
}

/** Bytes that may wait for a peer before those who write to it are slowed down. */
const FULL = 1024 * 1024;

/** Bytes up to which copying a piece into one common write is cheaper than handing it to the kernel by itself. */
const SMALL = 16 * 1024;

const LINE_END = Buffer.from("\n");

/** `limit`: bytes of the longest message. */
export function openStdioChannel(input: Readable, output: Writable, limit: number, events: ChannelEvents): Channel {
  const framer = createLineFramer(limit);
  const waiting: Buffer[] = [];
  let isPaused = false;
  input.on("data", (chunk: Buffer) => {
    framer.push(chunk, events.frame);
    events.chunkDone();
  });
  let hasEnded = false;
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    framer.end(events.frame);
    events.chunkDone();
    events.ended();
  };
  // A peer that is gone in whatever way: it says no more. Node tells `close` after `error`.
  input.on("error", () => undefined);
  input.on("end", end);
  input.on("close", end);
  output.on("error", () => undefined);
  output.on("drain", events.drained);
  return {
    send: (message) => void waiting.push(...message, LINE_END),
    flush: () => {
      if (waiting.length > 0) writeAll(output, waiting.splice(0));
    },
    isFull: () => output.writableLength >= FULL && !output.destroyed,
    setPaused: (shouldPause) => {
      if (shouldPause === isPaused) return;
      isPaused = shouldPause;
      if (isPaused) input.pause();
      else input.resume();
    },
  };
}

function writeAll(output: Writable, pieces: readonly Buffer[]): void {
  if (!output.writable) return;
  const joined = joinSmall(pieces);
  const [first] = joined;
  if (first !== undefined && joined.length === 1) {
    output.write(first);
    return;
  }
  // One system call for all of them (writev).
  output.cork();
  for (const piece of joined) output.write(piece);
  output.uncork();
}

/** Small neighbours become one buffer; large pieces stay where they are. */
function joinSmall(pieces: readonly Buffer[]): readonly Buffer[] {
  const joined: Buffer[] = [];
  let run: Buffer[] = [];
  const closeRun = (): void => {
    if (run.length > 0) joined.push(run.length === 1 ? (run[0] ?? LINE_END) : Buffer.concat(run));
    run = [];
  };
  for (const piece of pieces) {
    if (piece.length <= SMALL) {
      run.push(piece);
      continue;
    }
    closeRun();
    joined.push(piece);
  }
  closeRun();
  return joined;
}
