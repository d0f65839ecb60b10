// How issuers of tokens are asked: over TLS or on this machine, without being sent elsewhere, and not for ever.
import type { FetchLike } from "@modelcontextprotocol/client";
import { isSafeUrl } from "../../safe-url.ts";
import { codeOf, messageOf } from "../../thrown.ts";
import { failureOf, placeOf } from "../http-failure.ts";

const PATIENCE_MS = 15_000;

/** A redirect would take secrets along to wherever it leads. Rejects with words for people, which name the address. */
export const carefulFetch: FetchLike = async (url, init) => {
  const place = String(url);
  if (!isSafeUrl(place)) throw new Error(`${place} is neither \`https\` nor on this machine`);
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    throw worded(error, new URL(place));
  }
};

/** What stays a `TypeError` ends the search for metadata; after anything else the SDK looks elsewhere. */
function worded(error: unknown, url: URL): Error {
  if (error instanceof DOMException) return new Error(`${placeOf(url)} did not answer within ${PATIENCE_MS / 1000} s`);
  const { cause } = error instanceof Error ? error : {};
  if (cause instanceof Error && codeOf(cause) !== undefined) return new TypeError(failureOf(cause, url));
  return new TypeError(`${placeOf(url)} cannot be asked: ${messageOf(cause ?? error)}`);
}
