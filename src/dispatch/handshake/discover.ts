// `server/discover`: what all servers can do together, for a client of the modern era.
import { POLICY_FAILED, UNREACHABLE } from "../../mcp/errors.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import { introduction, nobodyThere, UNMASKABLE } from "./handshake.ts";
import { mergedCapabilities } from "./merged-capabilities.ts";

/** Servers come and go, and rules are changed: nobody should rely on it for long. Who may see what depends on who asks. */
const CACHING = { ttlMs: 0, cacheScope: "private" };

export function requestDiscovery(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined, exchange }, (judged) => {
    if (judged.decision.verdict !== "allow") answerRefused(exchange, facts, judged);
    else answer(session, exchange);
  });
}

function answer(session: ClientSession, exchange: Exchange): void {
  session.advertised = mergedCapabilities(session.links);
  const fault = nobodyThere(session);
  const shown = introduction(session);
  if (fault !== undefined) exchange.error(UNREACHABLE, fault);
  else if (shown === undefined) exchange.error(POLICY_FAILED, UNMASKABLE);
  else exchange.result({ supportedVersions: [...MODERN_REVISIONS], ...shown, ...CACHING });
}
