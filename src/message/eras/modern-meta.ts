// What every message of the modern era says of itself in `_meta`: its revision, who sends it, and what the sender can do (2026-07-28, Basic Protocol).
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import type { RequestEnvelope } from "../envelope.ts";
import type { Claim } from "./claim.ts";
import { keepMeta } from "./known-meta.ts";
import { knownKeys } from "../json-bytes/known-keys.ts";
import { isRawAt, rangeAt, rawAt, textAt } from "../locate.ts";
import { Members } from "../members.ts";
import type { Range } from "../json-bytes/range.ts";
import { PLACES, walked } from "../json-bytes/walked-object.ts";

const PREFIX = "io.modelcontextprotocol/";
export const PROTOCOL_VERSION = `${PREFIX}protocolVersion`;
export const CLIENT_INFO = `${PREFIX}clientInfo`;
export const CLIENT_CAPABILITIES = `${PREFIX}clientCapabilities`;
export const LOG_LEVEL = `${PREFIX}logLevel`;
export const SERVER_INFO = `${PREFIX}serverInfo`;
export const SUBSCRIPTION_ID = `${PREFIX}subscriptionId`;

export type { Claim } from "./claim.ts";

const CLAIMED = knownKeys([PROTOCOL_VERSION, CLIENT_INFO, CLIENT_CAPABILITIES, LOG_LEVEL]);

/** `undefined`: it names no revision in its `_meta`, so it is of the legacy era. */
export function claimOf({ bytes, params }: Pick<RequestEnvelope, "bytes" | "params">): Claim | undefined {
  if (params === undefined) return undefined;
  if (!(params instanceof Members)) return claimIn(bytes, rangeAt(bytes, params, META));
  if (params.claim !== undefined) return params.claim;
  const meta = rangeAt(bytes, params, META);
  params.claim = claimIn(bytes, meta, params.depth);
  return params.claim;
}

const META = ["_meta"];

/** `depth`: where the message is proven with it. */
function claimIn(bytes: Buffer, meta: Range | undefined, depth?: number): Claim | undefined {
  if (meta === undefined) return undefined;
  const object = walked(bytes, meta);
  const found = object.those(CLAIMED);
  if (found[0] === undefined) return undefined;
  const heard = HEARD.find(({ texts }) => texts.every((text, index) => isText(bytes, found[index], text)));
  if (heard === undefined)
    return newClaim(CLAIMED.names.map((_key, index) => found[index] && rawAt(bytes, found[index])));
  // What else stands there, such as a token, is another one with every request.
  const isAll = object.places().length === PLACES * found.filter((range) => range !== undefined).length;
  if (isAll && depth !== undefined) keepMeta(bytes, meta, depth, heard.claim);
  return heard.claim;
}

/** A client says the same of itself with every request: what was said of late is read once. */
interface Heard {
  /** Of the values of `CLAIMED`, as they stood there. */
  readonly texts: readonly (string | undefined)[];
  readonly claim: Claim;
}

const HEARD: Heard[] = [];
const MOST_HEARD = 16;
/** In characters, of all that is kept. Who says more is read each time. */
const MOST_OF_TEXTS = 4000;

function isText(bytes: Buffer, range: Range | undefined, text: string | undefined): boolean {
  return range === undefined || text === undefined ? range === text : isRawAt(bytes, range, text);
}

function newClaim(texts: Heard["texts"]): Claim {
  const [revision = "", clientInfo, capabilities, level] = texts;
  const words = [revision, clientInfo ?? "", capabilities ?? ""].join("\n");
  const claim = { revision: textIn(revision), clientInfo, capabilities, logLevel: level && textIn(level), words };
  if (words.length + (level?.length ?? 0) > MOST_OF_TEXTS) return claim;
  if (HEARD.length >= MOST_HEARD) HEARD.pop();
  HEARD.unshift({ texts, claim });
  return claim;
}

/** Of a string, else the raw text itself. */
function textIn(raw: string): string {
  const bytes = Buffer.from(raw);
  return textAt(bytes, { start: 0, end: bytes.length }) ?? raw;
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
