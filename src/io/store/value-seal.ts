// What lies in a store that others can read: encrypted, and of no use in any other place of it.
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import type { SealKey } from "../seal.ts";

/** `place`: where it lies; what was sealed for another one cannot be opened. */
export interface ValueSeal {
  seal(plain: string, place: string): Buffer;
  /** `undefined`: nobody who has one of the keys has sealed that, for this place. */
  open(sealed: Buffer, place: string): string | undefined;
}

/** 1, name of the key, salt, ciphertext, tag. */
const FORMAT = 1;
const NAME_BYTES = 8;
const SALT_BYTES = 16;
const TAG_BYTES = 16;
const HEAD_BYTES = 1 + NAME_BYTES + SALT_BYTES;
/** Each value has a key of its own, so this one is never used twice with the same. */
const NONCE = Buffer.alloc(12);

/** The first key seals, all open. None: a random one, so what it seals is for this process alone. */
export function createValueSeal(keys: readonly SealKey[]): ValueSeal {
  const given = keys.length > 0 ? keys : [{ id: "own", secret: randomBytes(32).toString("hex") }];
  const derived = given.map(({ secret }) => derive(secret));
  const [first] = derived;
  if (first === undefined) throw new Error("there is no key");
  return {
    seal: (plain, place) => sealWith(first, plain, place),
    open: (sealed, place) => openWith(derived, sealed, place),
  };
}

interface DerivedKey {
  readonly name: Buffer;
  readonly secret: Buffer;
}

function derive(secret: string): DerivedKey {
  const key = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync("sha256", secret, "", `mcprules store 1${purpose}`, bytes));
  return { name: key(" name", NAME_BYTES), secret: key("", 32) };
}

function sealWith({ name, secret }: DerivedKey, plain: string, place: string): Buffer {
  const head = Buffer.concat([Buffer.of(FORMAT), name, randomBytes(SALT_BYTES)]);
  const cipher = createCipheriv("aes-256-gcm", keyOf(secret, head, place), NONCE, { authTagLength: TAG_BYTES });
  return Buffer.concat([head, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

function openWith(keys: readonly DerivedKey[], sealed: Buffer, place: string): string | undefined {
  if (sealed.length < HEAD_BYTES + TAG_BYTES || sealed[0] !== FORMAT) return undefined;
  const head = sealed.subarray(0, HEAD_BYTES);
  const key = keys.find(({ name }) => name.equals(head.subarray(1, 1 + NAME_BYTES)));
  if (key === undefined) return undefined;
  const decipher = createDecipheriv("aes-256-gcm", keyOf(key.secret, head, place), NONCE, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const text = decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function keyOf(secret: Buffer, head: Buffer, place: string): Buffer {
  return createHmac("sha256", secret).update(head).update(place).digest();
}
