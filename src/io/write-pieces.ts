// What leaves for one peer in one go, in as few system calls and copies as it takes.
import { writeSync } from "node:fs";
import type { Writable } from "node:stream";
import { copyBytes } from "../message/copy-bytes.ts";
import { LINE_END } from "../message/framing.ts";
import { LINE_FEED } from "../message/json-bytes/scan.ts";
import { descriptorOf } from "./pipes.ts";

/** Bytes up to which copying a piece into one common write is cheaper than handing it to the kernel by itself. */
const SMALL = 16 * 1024;

/** What is written at once is gathered here, and gone into the pipe before anything else is. */
const GATHERED = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * How to write to `output`, in order. To a pipe at once, as long as its reader takes all; only what the reader leaves waits in Node's
 * own line, as everything does for others.
 */
export function writerTo(output: Writable): (pieces: readonly Buffer[]) => void {
  const descriptor = descriptorOf(output);
  return (pieces) => {
    if (!output.writable) return;
    if (!pieces.every(isSmall)) writeLarge(output, pieces);
    else if (descriptor === undefined || output.writableLength > 0) output.write(inOne(pieces));
    else writeAtOnce(output, descriptor, pieces);
  };
}

function writeAtOnce(output: Writable, descriptor: number, pieces: readonly Buffer[]): void {
  const length = lengthOf(pieces);
  if (length > GATHERED.length) {
    output.write(inOne(pieces));
    return;
  }
  gather(pieces, GATHERED);
  const taken = takenAtOnce(descriptor, length);
  if (taken < length) output.write(Buffer.from(GATHERED.subarray(taken, length)));
}

/** Node has made it a pipe that takes no more when it is full. Who is gone is found by the stream, which tells of it. */
function takenAtOnce(descriptor: number, length: number): number {
  try {
    return writeSync(descriptor, GATHERED, 0, length);
  } catch {
    return 0;
  }
}

/** One system call for all of them (writev). */
function writeLarge(output: Writable, pieces: readonly Buffer[]): void {
  output.cork();
  for (const piece of joinSmall(pieces)) output.write(piece);
  output.uncork();
}

function isSmall({ length }: Buffer): boolean {
  return length <= SMALL;
}

/** Small neighbours become one buffer; large pieces stay where they are. */
function joinSmall(pieces: readonly Buffer[]): readonly Buffer[] {
  const joined: Buffer[] = [];
  let run: Buffer[] = [];
  const closeRun = (): void => {
    if (run.length > 0) joined.push(inOne(run));
    run = [];
  };
  for (const piece of pieces) {
    if (isSmall(piece)) {
      run.push(piece);
      continue;
    }
    closeRun();
    joined.push(piece);
  }
  closeRun();
  return joined;
}

function inOne(pieces: readonly Buffer[]): Buffer {
  const whole = Buffer.allocUnsafe(lengthOf(pieces));
  gather(pieces, whole);
  return whole;
}

function lengthOf(pieces: readonly Buffer[]): number {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  return length;
}

/** Line ends, half of the pieces, are no call into native code. */
function gather(pieces: readonly Buffer[], into: Buffer): void {
  let at = 0;
  for (const piece of pieces) {
    if (piece === LINE_END) into[at] = LINE_FEED;
    else copyBytes(piece, 0, piece.length, into, at);
    at += piece.length;
  }
}
