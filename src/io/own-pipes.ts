// Our own stdin and stdout where they are pipes: read into one buffer that stays, and written to without standing in line.
import { fstatSync, writeSync } from "node:fs";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { Readable, Writable } from "node:stream";
import { copyBytes } from "../message/copy-bytes.ts";

const STDIN = 0;
const STDOUT = 1;
/** As much as Node reads at once, for which it makes a new buffer each time. */
const AT_ONCE = 65_536;

/**
 * Paused, until somebody wants it. Of a pipe each chunk is copied out of the buffer: most are a message of some hundred bytes, and
 * 64 KB made for it and given back cost a lone call 3 % of its time.
 */
export function ownInput(): Readable {
  if (!isPipe(STDIN)) return process.stdin;
  const buffer = Buffer.allocUnsafeSlow(AT_ONCE);
  const callback = (length: number): boolean => {
    const chunk = Buffer.allocUnsafe(length);
    copyBytes(buffer, 0, length, chunk, 0);
    return input.emit("data", chunk);
  };
  const options: SocketConstructorOpts & ConnectOpts = {
    fd: STDIN,
    readable: true,
    writable: false,
    onread: { buffer, callback },
  };
  const input = new Socket(options);
  return input.pause();
}

/**
 * How to write to `output`, in order. To our own stdout at once, as long as its reader takes all; only what the reader leaves waits
 * in Node's own line, as everything does for others.
 */
export function writerTo(output: Writable): (bytes: Buffer) => void {
  const write = (bytes: Buffer): void => {
    output.write(bytes);
  };
  if (output !== process.stdout || !isPipe(STDOUT)) return write;
  return (bytes) => {
    const taken = output.writableLength === 0 ? takenAtOnce(bytes) : 0;
    if (taken < bytes.length) write(taken === 0 ? bytes : bytes.subarray(taken));
  };
}

/** Node has made it a pipe that takes no more when it is full. Who is gone is found by the stream, which tells of it. */
function takenAtOnce(bytes: Buffer): number {
  try {
    return writeSync(STDOUT, bytes);
  } catch {
    return 0;
  }
}

/** Windows has pipes of another kind. */
function isPipe(fd: number): boolean {
  if (process.platform === "win32") return false;
  try {
    const stats = fstatSync(fd);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
