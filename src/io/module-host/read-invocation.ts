// The parameters of `interceptor/invoke`, read as the message that the engine judges.
import type { Content } from "../../engine/decision.ts";
import type { Facts, Principal, Surroundings } from "../../engine/facts.ts";
import { memberAt } from "../../engine/natural-body.ts";
import { readPayload } from "../../engine/modules/read-payload.ts";
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { methodFacts } from "../../mcp/methods.ts";
import type { InterceptorPhase } from "../modules/wire.ts";

export interface Invocation {
  readonly name: string;
  readonly event: string;
  readonly phase: InterceptorPhase;
  readonly payload: JsonObject;
  readonly timeoutMs: number;
  readonly facts: Facts;
  readonly content: Content;
  readonly surroundings: Surroundings;
}

/** What it may take where nobody says. */
const LONGEST_MS = 30_000;

/** A text says what is wrong with them. */
export function readInvocation(params: JsonObject, now: number): Invocation | string {
  const { name, event, phase, payload, timeoutMs = LONGEST_MS } = params;
  if (typeof name !== "string" || typeof event !== "string") return "`name` and `event` must be texts";
  if (phase !== "request" && phase !== "response") return "`phase` must be `request` or `response`";
  if (!isJsonObject(payload)) return "`payload` must be an object";
  if (typeof timeoutMs !== "number" || timeoutMs <= 0) return "`timeoutMs` must be a number above 0";
  const message = readPayload({ event, phase, payload });
  if (message === undefined) return `\`payload\` is none of ${event}, ${phase}`;
  const { kind, method, content } = message;
  const request = memberAt(params, ["_meta", "dev.mcprules/request"]);
  const carrier = kind === "request" || kind === "notification" ? content["params"] : memberAt(request, ["params"]);
  const facts: Facts = {
    kind,
    method,
    from: senderOf(params, kind, method),
    server: textAt(params, ["_meta", "dev.mcprules/server"]) ?? textAt(params, ["config", "server"]) ?? UNSAID,
    name: nameIn(method, carrier) ?? (kind === "result" || kind === "error" ? unsaidName(method) : undefined),
    principal: principalOf(params),
  };
  const nothing = { thing: undefined, tags: [], root: undefined, home: undefined };
  const session = textAt(params, ["_meta", "dev.mcprules/session"]) ?? textAt(params, ["context", "sessionId"]);
  const surroundings = { ...nothing, now, request, session };
  const longest = Math.min(timeoutMs, LONGEST_MS);
  return { name, event, phase, payload, timeoutMs: longest, facts, content, surroundings };
}

/** The name of a server or a thing that nobody told: only `*` takes it in. */
const UNSAID = "";

/** A result does not say what it is of: whoever sends its request along says so. */
function unsaidName(method: string): string | undefined {
  return (methodFacts(method)?.carries.length ?? 0) > 0 ? UNSAID : undefined;
}

function senderOf(params: JsonObject, kind: Facts["kind"], method: string): Facts["from"] {
  const direction = textAt(params, ["_meta", "dev.mcprules/direction"]);
  if (direction !== undefined) return direction.startsWith("client") ? "client" : "server";
  const asks = methodFacts(method)?.from === "server" ? "server" : "client";
  if (kind === "request" || kind === "notification") return asks;
  return asks === "client" ? "server" : "client";
}

function nameIn(method: string, params: JsonValue | undefined): string | undefined {
  const names = methodFacts(method)?.carries.map(({ at }) => memberAt(params, at)) ?? [];
  return names.find((name) => typeof name === "string");
}

/** Groups are in the claim that most issuers have them in; where there is none, membership is in doubt. */
function principalOf(params: JsonObject): Principal {
  const principal = memberAt(params, ["context", "principal"]);
  const id = memberAt(principal, ["id"]);
  const claims = memberAt(principal, ["claims"]) ?? {};
  const groups = memberAt(claims, ["groups"]);
  const known = isJsonArray(groups) ? groups.filter((group) => typeof group === "string") : undefined;
  return {
    client: undefined,
    user: typeof id === "string" ? { id, groups: known, claims } : undefined,
    profile: undefined,
  };
}

function textAt(value: JsonValue, keys: readonly string[]): string | undefined {
  const found = memberAt(value, keys);
  return typeof found === "string" ? found : undefined;
}
