// What a request and its answer have to say otherwise when client and server speak different eras, or each its own half of the modern one.
import { HEADER_MISMATCH, INTERNAL_ERROR, INVALID_PARAMS, RESOURCE_NOT_FOUND } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { ErrorEnvelope, RequestEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import { isRawAt, rangeAt, textAt } from "../../message/locate.ts";
import {
  CLIENT_CAPABILITIES,
  CLIENT_INFO,
  LOG_LEVEL,
  modernMeta,
  PROTOCOL_VERSION,
  SERVER_INFO,
} from "../../message/eras/modern-meta.ts";
import type { Changes, Rewording } from "../../message/eras/reword.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { codeOf } from "../exchanges/error-code.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { type Greeting, infoIn } from "../handshake/greeting.ts";
import type { DispatchOptions } from "../options.ts";
import type { Reply } from "../peers/peer.ts";
import { ASKING_METHODS } from "../rounds/input-required.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { greetingFor } from "../tasks/form.ts";
import { URL_ELICITATION_REQUIRED } from "./elicitations.ts";
import type { Placement } from "./placement.ts";

const NOTHING: readonly never[] = [];
const NO_CHANGES: Changes = {};
/** What nearly every result says of itself, as raw JSON text. */
const COMPLETE = '"complete"';
const IS_COMPLETE: Changes = { resultType: COMPLETE };

/** Of the legacy era nothing of this is known. */
const NO_CLAIM: Changes = {
  [PROTOCOL_VERSION]: undefined,
  [CLIENT_INFO]: undefined,
  [CLIENT_CAPABILITIES]: undefined,
  [LOG_LEVEL]: undefined,
};

/** What goes from a client to a server. */
export interface Crossing {
  readonly exchange: Exchange;
  readonly envelope: RequestEnvelope;
  readonly link: ServerLink;
}

const NO_ANSWERS: Changes = { inputResponses: undefined, requestState: undefined };

/**
 * Of a request of the client's. `members`: what a server is told that asked for it; else nobody but the proxy says so.
 * `undefined`: the server may have it as it is.
 */
export function requestRewording(
  session: ClientSession,
  { exchange, envelope, link }: Crossing,
  told?: Changes,
): Rewording | undefined {
  const { asker } = exchange;
  if (asker === undefined && link.era !== "modern") return undefined;
  const members = told ?? (mayCarryAnswers(envelope.method) ? NO_ANSWERS : NO_CHANGES);
  // A legacy server has its answers by other ways.
  if (link.era !== "modern") return { members: told === undefined ? members : NO_ANSWERS, meta: NO_CLAIM };
  const said = asker?.greeting ?? session.greeting;
  if (said === undefined) return undefined;
  const greeting = greetingFor(session, link, said);
  const logLevel = asker === undefined ? session.logLevel : asker.logLevel;
  return { members, meta: claimTexts(greeting, logLevel, session.options.proxy) };
}

/** Of a task too answers come with what is made for them, and are judged there. */
function mayCarryAnswers(method: string): boolean {
  return ASKING_METHODS.has(method) || method === "tasks/get" || method === "tasks/cancel";
}

/** A client says the same of itself with every request. By the level that it wants to hear from. */
const CLAIM_TEXTS = new WeakMap<Greeting, Map<string | undefined, Changes>>();
/** More than MCP has: others are made each time. */
const MOST_LEVELS = 10;

function claimTexts(greeting: Greeting, logLevel: string | undefined, proxy: DispatchOptions["proxy"]): Changes {
  const byLevel = CLAIM_TEXTS.get(greeting) ?? new Map<string | undefined, Changes>();
  const known = byLevel.get(logLevel);
  if (known !== undefined) return known;
  const { capabilities, after } = greeting;
  const made = texts(modernMeta({ clientInfo: infoIn(after) ?? { ...proxy }, capabilities, logLevel }));
  if (byLevel.size < MOST_LEVELS) CLAIM_TEXTS.set(greeting, byLevel.set(logLevel, made));
  return made;
}

function texts(object: JsonObject): Changes {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, jsonText(value)]));
}

/** What the legacy era does not know in results. */
const MODERN_MEMBERS = { resultType: undefined, ttlMs: undefined, cacheScope: undefined };
const TO_LEGACY: Rewording = { members: MODERN_MEMBERS, meta: { [SERVER_INFO]: undefined } };

/** Of a server's result, for the client that asked. */
export function resultRewording(
  { asker }: Exchange,
  link: ServerLink,
  method: string,
  reply: ResultEnvelope,
): Rewording | undefined {
  const { bytes, result } = reply;
  if (asker === undefined) return link.era === "modern" ? TO_LEGACY : undefined;
  const meta = ownName(asker.proxy);
  const given = resultTypeOf(reply);
  const resultType = link.era === "modern" && given !== "complete" ? JSON.stringify(given) : COMPLETE;
  const details = tellsNoMore(method, given) ? NO_DETAILS : NO_CHANGES;
  if (method !== "resources/read") {
    const isPlain = details === NO_CHANGES && resultType === COMPLETE;
    return { members: isPlain ? IS_COMPLETE : { ...details, resultType }, meta };
  }
  const isTimed = link.era === "modern" && rangeAt(bytes, result, ["ttlMs"]) !== undefined;
  const time = isTimed ? NO_CHANGES : { ttlMs: "0" };
  // Who may read it depends on the rules.
  return { members: { ...details, resultType, ...time, cacheScope: '"private"' }, meta };
}

const OWN_NAMES = new WeakMap<JsonObject, Changes>();

/** As whom the proxy answers. */
function ownName(proxy: JsonObject): Changes {
  const known = OWN_NAMES.get(proxy) ?? texts({ [SERVER_INFO]: proxy });
  OWN_NAMES.set(proxy, known);
  return known;
}

/** What a task has come to, or asks, is told in `tasks/get` and `notifications/tasks`, where it is judged. */
const NO_DETAILS: Changes = { result: undefined, error: undefined, inputRequests: undefined };

function tellsNoMore(method: string, resultType: string): boolean {
  return resultType === "task" || method === "tasks/cancel" || method === "tasks/update";
}

/** Codes that the modern era has given up. */
const GIVEN_UP: ReadonlyMap<number, number> = new Map([
  [RESOURCE_NOT_FOUND, INVALID_PARAMS],
  [URL_ELICITATION_REQUIRED, INTERNAL_ERROR],
]);

/** Of a server's error. */
export function errorPlacements({ asker }: Exchange, { bytes, error }: ErrorEnvelope): readonly Placement[] {
  const range = rangeAt(bytes, error, ["code"]);
  const code = asker === undefined ? undefined : GIVEN_UP.get(codeOf(bytes, error));
  return range === undefined || code === undefined ? NOTHING : [{ at: ["error", "code"], range, text: String(code) }];
}

/** The server says that it was told one thing in the headers and another in the body. */
export function isHeaderMismatch(reply: Reply): boolean {
  return reply.kind === "error" && codeOf(reply.bytes, reply.error) === HEADER_MISMATCH;
}

/** What kind of result a modern server gives; `complete` where it does not say. */
export function resultTypeOf({ bytes, result }: ResultEnvelope): string {
  const range = rangeAt(bytes, result, ["resultType"]);
  if (range === undefined || isRawAt(bytes, range, COMPLETE)) return "complete";
  return textAt(bytes, range) ?? "";
}
