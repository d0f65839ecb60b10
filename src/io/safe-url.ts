// Addresses that nobody else reads along at: with TLS, or on this machine.
import { isLoopback } from "./http/gate.ts";

/** What is sent there is read by nobody on the way. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && isOnThisMachine(text));
}

export function isOnThisMachine(url: string): boolean {
  return isLoopback(new URL(url).hostname.replaceAll(/^\[|\]$/g, ""));
}
