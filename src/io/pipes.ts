// Pipes to our client and to servers: read into one buffer that stays, and written to without standing in line.
import { fstatSync } from "node:fs";
import { type ConnectOpts, Socket, type SocketConstructorOpts } from "node:net";
import type { Readable, Writable } from "node:stream";
import type { Frame, LineFramer } from "../message/framing.ts";

const STDIN = 0;
const STDOUT = 1;

/**
 * One for all pipes: what was read is taken before anything else is read. As large as what Node makes for each read by itself: most
 * chunks are a message of some hundred bytes, and 64 KB made and given back cost a lone call 3 % of its time, there and back once more.
 */
const BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Those that are read into `BUFFER`. */
const STEADY = new WeakMap<Readable, Steady>();

/** Of pipes to processes. Other streams may do something with what they are given, such as encrypt it. */
const DESCRIPTORS = new WeakMap<Writable, number>();

interface Steady {
  /** Takes so many bytes out of `BUFFER`, before it returns. */
  take: (length: number) => void;
}

/** To be read with `readFrames`. Paused until then. */
export function ownInput(): Readable {
  return isPipe(STDIN) ? steady({ fd: STDIN }).pause() : process.stdin;
}

/**
 * What a process writes to the pipe that Node has made for it, to be read with `readFrames`; paused until then. It takes the place
 * of `made`. Node has no option for that, so the handle changes hands; where there is none, `made` is read as it is.
 */
export function processOutput(made: Readable): Readable {
  const { _handle: handle } = made as MadeByNode;
  if (process.platform === "win32" || handle === undefined || handle === null) return made;
  (made as MadeByNode)._handle = null;
  return steady({ handle }).pause();
}

/** Of a `Socket`, undocumented. */
interface MadeByNode {
  _handle?: { readonly fd?: number } | null;
}

function steady(end: { readonly fd: number } | { readonly handle: object }): Socket {
  const taker: Steady = { take: () => undefined };
  const callback = (length: number): boolean => {
    taker.take(length);
    return true;
  };
  const options: SocketConstructorOpts & ConnectOpts = {
    ...end,
    readable: true,
    writable: false,
    onread: { buffer: BUFFER, callback },
  };
  const pipe = new Socket(options);
  STEADY.set(pipe, taker);
  return pipe;
}

/** Everything that comes from `input`, from now on. `chunkDone`: after each chunk. */
export function readFrames(
  input: Readable,
  framer: LineFramer,
  onFrame: (frame: Frame) => void,
  chunkDone: () => void = () => undefined,
): void {
  const pipe = STEADY.get(input);
  if (pipe === undefined)
    input.on("data", (chunk: Buffer) => {
      framer.push(chunk, onFrame);
      chunkDone();
    });
  else
    pipe.take = (length) => {
      framer.pushFleeting(BUFFER, length, onFrame);
      chunkDone();
    };
  input.resume();
}

/** What a process is told, over the pipe that Node has made for it. */
export function processInput(made: Writable): Writable {
  const descriptor = (made as MadeByNode)._handle?.fd;
  if (process.platform !== "win32" && descriptor !== undefined) DESCRIPTORS.set(made, descriptor);
  return made;
}

/** Of a pipe that what is written may go into past its stream; it takes no more when it is full. `undefined`: it is something else. */
export function descriptorOf(output: Writable): number | undefined {
  if (output === process.stdout) return isPipe(STDOUT) ? STDOUT : undefined;
  return DESCRIPTORS.get(output);
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
