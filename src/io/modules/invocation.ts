// What goes to an interceptor: the parameters of `interceptor/invoke`, and the payload in the form its host reads.
import { createHash, randomBytes } from "node:crypto";
import type { ModuleCall } from "../../engine/need.ts";
import { isJsonObject, type JsonObject } from "../../mcp/json.ts";
import type { Departure } from "./leaving.ts";
import type { ModuleSettings } from "./module-settings.ts";

export interface InvocationParts {
  readonly call: ModuleCall;
  readonly settings: ModuleSettings;
  readonly interceptor: string;
  readonly departure: Departure;
}

export function invocationParams({ call, settings, interceptor, departure }: InvocationParts): JsonObject {
  const config = configOf(call, settings);
  return {
    name: interceptor,
    event: call.event,
    phase: call.phase,
    payload: outward(departure.payload, call, settings),
    ...(Object.keys(config).length === 0 ? {} : { config: departure.also(config) }),
    timeoutMs: settings.timeoutMs,
    context: contextOf(call, settings),
    _meta: metaOf(call, settings, departure),
  };
}

/** Of a host that is shown `params` alone, what comes back is one level higher. */
export function inward(
  payload: JsonObject,
  { phase, payload: sent }: ModuleCall,
  { drift }: ModuleSettings,
): JsonObject {
  if (!drift.paramsAlone || phase === "response") return payload;
  const { method } = sent;
  return method === undefined ? { params: payload } : { method, params: payload };
}

/** The rule's own, laid over the settings', but for what they lock. */
function configOf({ config = {} }: Pick<ModuleCall, "config">, { config: own, locked }: ModuleSettings): JsonObject {
  const free = Object.entries(config).filter(([key]) => !locked.includes(key));
  return { ...own, ...Object.fromEntries(free) };
}

function outward(payload: JsonObject, { phase }: ModuleCall, { drift }: ModuleSettings): JsonObject {
  if (!drift.paramsAlone || phase === "response") return payload;
  const { params } = payload;
  return isJsonObject(params) ? params : {};
}

function contextOf(call: ModuleCall, { send, drift }: ModuleSettings): JsonObject {
  const session = sessionOf(call);
  return {
    principal: principalOf(call, send.claims),
    ...traceOf(call),
    ...(drift.sessionId && session !== undefined ? { sessionId: session } : {}),
    timestamp: new Date(call.now).toISOString(),
  };
}

function principalOf({ principal }: ModuleCall, wanted: readonly string[] | undefined): JsonObject {
  const { user } = principal;
  if (user === undefined) return { type: "anonymous" };
  const claims = isJsonObject(user.claims) ? user.claims : {};
  const shown = Object.entries(claims).filter(([name]) => wanted?.includes(name) ?? true);
  return { type: "user", id: user.id, ...(shown.length === 0 ? {} : { claims: Object.fromEntries(shown) }) };
}

/** Of the request, where it says to which trace it belongs (W3C Trace Context). */
function traceOf({ payload, request }: ModuleCall): JsonObject {
  const params = (request ?? payload)["params"];
  const meta = isJsonObject(params) ? params["_meta"] : undefined;
  const traceparent = isJsonObject(meta) ? meta["traceparent"] : undefined;
  const [, traceId, spanId] =
    /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-[\da-f]{2}/.exec(typeof traceparent === "string" ? traceparent : "") ?? [];
  return traceId === undefined || spanId === undefined ? {} : { traceId, spanId };
}

function metaOf(call: ModuleCall, { send }: ModuleSettings, departure: Departure): JsonObject {
  const { server, from, rule, revision, request } = call;
  const session = sessionOf(call);
  return {
    ...(server === undefined ? {} : { "dev.mcprules/server": server }),
    "dev.mcprules/direction": from === "client" ? "client-to-server" : "server-to-client",
    ...(session === undefined ? {} : { "dev.mcprules/session": session }),
    "dev.mcprules/rule": rule,
    "dev.mcprules/revision": revision,
    ...(send.request && request !== undefined ? { "dev.mcprules/request": departure.also(request) } : {}),
  };
}

/** As long as the proxy runs: who sees it cannot find the session by it. */
const SALT = randomBytes(16);

function sessionOf({ session }: ModuleCall): string | undefined {
  return session && createHash("sha256").update(SALT).update(session).digest("base64url").slice(0, 22);
}
