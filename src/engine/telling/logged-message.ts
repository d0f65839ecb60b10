// A whole message for a log: as it came and as it went on, with everything masked that the policy masks.
import type { JsonValue } from "../../mcp/json.ts";
import type { Content } from "../decision.ts";
import { maskValue } from "./masking.ts";
import type { Revision } from "../policy-store.ts";

export interface LoggedMessage {
  /** The client connection it belongs to. */
  readonly session: string;
  /** Of a request and its reply: the id the asker gave it, masked. */
  id(): JsonValue | undefined;
  /** How long it was when it came. */
  readonly bytes: number;
  /** Masks it, so nobody asks in vain. `undefined`: it holds what must be masked and cannot be. */
  content(): MaskedContent | undefined;
}

export interface MaskedContent {
  /** `{params}`, `{result}` or `{error}`, in the server's own names. */
  readonly message: JsonValue;
  /** As it went on, where a rule changed it. */
  readonly sent?: JsonValue;
}

/** `id`: as raw JSON text. */
export function maskedId(revision: Revision, id: string | undefined): JsonValue | undefined {
  return id === undefined ? undefined : maskValue(revision, JSON.parse(id) as JsonValue);
}

/** `secrets`: values that `supply` wrote, into this message or into the request it answers. */
export function maskedContent(
  revision: Revision,
  before: Content,
  after: Content,
  secrets: readonly string[],
): MaskedContent | undefined {
  const message = maskValue(revision, before, secrets);
  const sent = after === before ? undefined : maskValue(revision, after, secrets);
  if (message === undefined || (sent === undefined && after !== before)) return undefined;
  return sent === undefined ? { message } : { message, sent };
}
