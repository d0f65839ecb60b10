// How the proxy proves to a module at an address who it is: a token, a signature of each request, or a certificate.
import { createHmac } from "node:crypto";
import type { ModuleAuth } from "./module-settings.ts";

/** Receivers compare in constant time, and refuse a clock that is more than five minutes off. */
export function loginHeaders(auth: ModuleAuth | undefined, body: Buffer): Record<string, string> {
  if (auth?.kind === "bearer") return { authorization: `Bearer ${auth.token}` };
  if (auth?.kind !== "hmac") return {};
  const seconds = String(Math.floor(Date.now() / 1000));
  const signature = createHmac("sha256", auth.secret).update(`${seconds}.`).update(body).digest("hex");
  return { "mcprules-key": auth.keyId, "mcprules-timestamp": seconds, "mcprules-signature": `v1=${signature}` };
}

export function certificatesOf(auth: ModuleAuth | undefined): { cert?: string; key?: string; ca?: string } {
  if (auth?.kind !== "mtls") return {};
  const { cert, key, ca } = auth;
  return { cert, key, ...(ca === undefined ? {} : { ca }) };
}
