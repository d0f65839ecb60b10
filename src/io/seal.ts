// Seals what clients carry for the proxy between two requests: encrypted, and signed with a key that only the proxy has.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";
import type { Seal } from "../dispatch/options.ts";

export interface SealKey {
  readonly id: string;
  readonly secret: string;
}

/** `mr1.` + id of the key + `.` + nonce, ciphertext and tag + `.` + HMAC-SHA256 of all before this dot; base64url. */
const FORMAT = "mr1";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Longer ones are not even looked at, as who sends them is unknown until then. */
const MAX_SEALED = 16 * 1024;

/**
 * The first key seals, all open. None: a random one, which ends with the process. What was sealed for one `profile` is
 * unknown in the others.
 */
export function createSeal(keys: readonly SealKey[], profile = ""): Seal {
  const given = keys.length > 0 ? keys : [{ id: "own", secret: randomBytes(32).toString("hex") }];
  const derived = given.map((key) => derive(key, profile));
  const [first] = derived;
  if (first === undefined) throw new Error("there is no key");
  return {
    seal: (plain) => sealWith(first, plain),
    open: (sealed) => openWith(derived, sealed),
    digest: (text) => createHash("sha256").update(text).digest("base64url"),
  };
}

/** 128 bits that nobody can guess. */
export function randomToken(): string {
  return randomBytes(16).toString("base64url");
}

interface DerivedKey {
  readonly id: string;
  readonly signing: Buffer;
  readonly encrypting: Buffer;
}

function derive({ id, secret }: SealKey, profile: string): DerivedKey {
  const key = (purpose: string): Buffer =>
    Buffer.from(hkdfSync("sha256", secret, profile, `mcprules requestState 1${purpose}`, 32));
  return { id, signing: key(""), encrypting: key(" encryption") };
}

function sealWith({ id, signing, encrypting }: DerivedKey, plain: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", encrypting, nonce);
  const hidden = Buffer.concat([nonce, cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  const head = `${FORMAT}.${id}.${hidden.toString("base64url")}`;
  return `${head}.${signatureOf(head, signing).toString("base64url")}`;
}

function openWith(keys: readonly DerivedKey[], sealed: string): string | undefined {
  if (sealed.length > MAX_SEALED) return undefined;
  const [format, id, hidden, signature, ...rest] = sealed.split(".");
  const key = keys.find((candidate) => candidate.id === id);
  if (format !== FORMAT || key === undefined || hidden === undefined || signature === undefined || rest.length > 0) {
    return undefined;
  }
  const expected = signatureOf(`${format}.${key.id}.${hidden}`, key.signing);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return decrypted(Buffer.from(hidden, "base64url"), key.encrypting);
}

function decrypted(hidden: Buffer, key: Buffer): string | undefined {
  const decipher = createDecipheriv("aes-256-gcm", key, hidden.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(hidden.subarray(hidden.length - TAG_BYTES));
  try {
    const text = decipher.update(hidden.subarray(NONCE_BYTES, hidden.length - TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function signatureOf(head: string, key: Buffer): Buffer {
  return createHmac("sha256", key).update(head).digest();
}
