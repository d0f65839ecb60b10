// What every message of the modern era says of itself in `_meta`: its revision, who sends it, and what the sender can do (2026-07-28, Basic Protocol).
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { isJsonObject } from "../mcp/json.ts";
import { MODERN_REVISIONS } from "../mcp/revisions.ts";
import type { RequestEnvelope } from "./envelope.ts";
import { knownIndexAt, knownKeys, NONE } from "./known-keys.ts";
import { rangeAt, rawAt, textAt } from "./locate.ts";
import { MemberWalk } from "./member-walk.ts";
import type { Range } from "./range.ts";

const PREFIX = "io.modelcontextprotocol/";
export const PROTOCOL_VERSION = `${PREFIX}protocolVersion`;
export const CLIENT_INFO = `${PREFIX}clientInfo`;
export const CLIENT_CAPABILITIES = `${PREFIX}clientCapabilities`;
export const LOG_LEVEL = `${PREFIX}logLevel`;
export const SERVER_INFO = `${PREFIX}serverInfo`;
export const SUBSCRIPTION_ID = `${PREFIX}subscriptionId`;

/** What a request says of its sender, as raw JSON text where nobody has looked at it yet. */
export interface Claim {
  readonly revision: string;
  readonly clientInfo: string | undefined;
  readonly capabilities: string | undefined;
  readonly logLevel: string | undefined;
}

const CLAIMED = knownKeys([PROTOCOL_VERSION, CLIENT_INFO, CLIENT_CAPABILITIES, LOG_LEVEL]);

/** `undefined`: it names no revision in its `_meta`, so it is of the legacy era. */
export function claimOf({ bytes, params }: Pick<RequestEnvelope, "bytes" | "params">): Claim | undefined {
  const meta = params === undefined ? undefined : rangeAt(bytes, params, ["_meta"]);
  if (meta === undefined) return undefined;
  const found: (Range | undefined)[] = [];
  const walk = new MemberWalk(bytes, meta);
  while (walk.next()) {
    const index = knownIndexAt(bytes, walk.keyStart, walk.keyEnd, CLAIMED);
    if (index !== NONE) found[index] = walk.value();
  }
  const [revision, clientInfo, capabilities, level] = found;
  if (revision === undefined) return undefined;
  return {
    revision: textAt(bytes, revision) ?? rawAt(bytes, revision),
    clientInfo: clientInfo && rawAt(bytes, clientInfo),
    capabilities: capabilities && rawAt(bytes, capabilities),
    logLevel: level && (textAt(bytes, level) ?? rawAt(bytes, level)),
  };
}

/** Who sends requests to a modern server. */
export interface Sender {
  readonly clientInfo: JsonValue;
  readonly capabilities: JsonObject;
  readonly logLevel?: string | undefined;
}

/** What must stand in `_meta` of a request to a modern server. */
export function modernMeta({ clientInfo, capabilities, logLevel }: Sender): JsonObject {
  return {
    [PROTOCOL_VERSION]: MODERN_REVISIONS[0],
    [CLIENT_INFO]: clientInfo,
    [CLIENT_CAPABILITIES]: capabilities,
    ...(logLevel === undefined ? {} : { [LOG_LEVEL]: logLevel }),
  };
}

/** The object that this text holds; `undefined`: there is none, or it is none. */
export function objectOf(text: string | undefined): JsonObject | undefined {
  const value = text === undefined ? undefined : (JSON.parse(text) as JsonValue);
  return isJsonObject(value) ? value : undefined;
}

/** A whole result of the proxy's own, as the modern era wants it. */
export function completeResult(result: JsonObject, proxy: JsonObject): JsonObject {
  const meta = result["_meta"];
  const _meta = { ...(isJsonObject(meta) ? meta : {}), [SERVER_INFO]: proxy };
  return { resultType: "complete", ...result, _meta };
}
