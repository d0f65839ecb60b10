// One message of a server's response to a request: read, and whether it is the answer.
import {
  type Batch,
  type Envelope,
  type EnvelopeLimits,
  type Malformed,
  readEnvelope,
} from "../../message/envelope.ts";
import type { Frame } from "../../message/framing.ts";
import type { MessageLimits } from "../servers/server-end.ts";
import { frameOf } from "./message-body.ts";

export type Read = Envelope | Batch | Malformed;

export interface Heard {
  readonly frame: Frame;
  /** `undefined`: it is too long to be one. */
  readonly read: Read | undefined;
  readonly isAnswer: boolean;
}

/** `id`: of the request, as raw JSON text. */
export function readHeard(bytes: Buffer, id: string | undefined, limits: MessageLimits): Heard {
  const frame = frameOf(bytes, limits.messageBytes);
  if (frame.kind === "oversize") return { frame, read: undefined, isAnswer: false };
  const read = readEnvelope(frame.bytes, limits);
  return { frame, read, isAnswer: entriesOf(read, limits).some((entry) => isAnswerTo(entry, id)) };
}

function entriesOf(read: Read, limits: EnvelopeLimits): readonly Read[] {
  return read.kind === "batch" ? read.entries.map((entry) => readEnvelope(entry, limits)) : [read];
}

function isAnswerTo(read: Read, id: string | undefined): boolean {
  return (read.kind === "result" || read.kind === "error") && read.id === id;
}
