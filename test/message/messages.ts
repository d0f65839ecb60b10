// What the tests of messages share: reading one that must be sound.
import { isUtf8 } from "node:buffer";
import { expect } from "vitest";
import { readEnvelope, type Batch, type Envelope, type Malformed } from "../../src/message/envelope.ts";

const LIMITS = { depth: 64, isUtf8 };

export function read(text: string | Buffer): Envelope | Batch | Malformed {
  return readEnvelope(Buffer.from(text), LIMITS);
}

export function sound(text: string | Buffer): Envelope {
  const envelope = read(text);
  expect(envelope).not.toMatchObject({ kind: "malformed" });
  if (envelope.kind === "malformed" || envelope.kind === "batch") throw new Error("not a single message");
  return envelope;
}

export function joined(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString();
}
