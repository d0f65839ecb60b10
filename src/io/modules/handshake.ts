// The first words to a host: which era it speaks, and the greeting of that era.
import { isJsonArray, isJsonObject, type JsonObject } from "../../mcp/json.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { modernMeta } from "../../message/eras/modern-meta.ts";
import { VERSION } from "../version.ts";
import type { Reply } from "./peer.ts";
import { CONTRACT } from "./wire.ts";

type Ask = (method: string, params: JsonObject, withinMs: number) => Promise<Reply>;

/** `mayGoOn`: nothing was said that rules out the other era. */
export type Greeting =
  | { readonly kind: "greeted"; readonly revision: string }
  | { readonly kind: "failed"; readonly reason: string };

/** How long a host may be silent when it is asked what it does not know. */
const SILENCE_MS = 3000;

const CLIENT = { name: "mcprules", version: VERSION };
const CAPABILITIES = { extensions: { [CONTRACT.capability]: {} } };

/** What must stand in `_meta` of a request of the modern era. */
export function modernParams(params: JsonObject = {}): JsonObject {
  const { _meta } = params;
  const own = isJsonObject(_meta) ? _meta : {};
  return { ...params, _meta: { ...own, ...modernMeta({ clientInfo: CLIENT, capabilities: CAPABILITIES }) } };
}

/** Whether it answers as a modern one does; any other answer, or none, is one of the legacy era. */
export async function isModern(ask: Ask, withinMs: number): Promise<boolean> {
  const reply = await ask("server/discover", modernParams(), Math.min(SILENCE_MS, withinMs));
  const supported =
    reply.kind === "result" && isJsonObject(reply.result) ? reply.result["supportedVersions"] : undefined;
  return isJsonArray(supported) && supported.includes(MODERN_REVISIONS[0]);
}

export async function greetLegacy(ask: Ask, withinMs: number): Promise<Greeting> {
  const params = { protocolVersion: LEGACY_REVISIONS[0], capabilities: CAPABILITIES, clientInfo: CLIENT };
  const reply = await ask("initialize", params, withinMs);
  if (reply.kind !== "result") return { kind: "failed", reason: `its handshake failed: ${sayReply(reply)}` };
  const revision = isJsonObject(reply.result) ? reply.result["protocolVersion"] : undefined;
  const known = LEGACY_REVISIONS.find((one) => one === revision);
  if (known !== undefined) return { kind: "greeted", revision: known };
  return { kind: "failed", reason: "its handshake names no revision of MCP that is known here" };
}

export function sayReply(reply: Exclude<Reply, { kind: "result" }>): string {
  return reply.kind === "error" ? `error ${String(reply.code)}: ${reply.message}` : reply.reason;
}
