// How issuers of tokens are asked: over TLS or on this machine, without being sent elsewhere, and not for ever.
import type { FetchLike } from "@modelcontextprotocol/client";
import { isSafeUrl } from "../../safe-url.ts";

const PATIENCE_MS = 15_000;

/** A redirect would take secrets along to wherever it leads. */
export const carefulFetch: FetchLike = (url, init) => {
  const place = String(url);
  if (!isSafeUrl(place)) return Promise.reject(new Error(`${place} is neither \`https\` nor on this machine`));
  return fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(PATIENCE_MS) });
};
