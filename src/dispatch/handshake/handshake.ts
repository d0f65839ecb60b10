// The client's handshake: `initialize` is answered for all servers, after each server had one of its own.
import type { Revision } from "../../engine/policy-store.ts";
import { maskValue } from "../../engine/telling/masking.ts";
import { INVALID_PARAMS, INVALID_REQUEST, POLICY_FAILED, UNREACHABLE } from "../../mcp/errors.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { composeWrittenResult } from "../../message/compose.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { jsonText } from "../../message/json-text.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { SHORT_PATIENCE } from "../life/laggards.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { clientOf, greetingOf, infoIn } from "./greeting.ts";
import { mergedCapabilities, mergedInstructions } from "./merged-capabilities.ts";
import { greet } from "./server-greeting.ts";

/** How long the client's handshake waits for servers that are slow to start, in milliseconds; official clients give up after 60,000. */
const PATIENCE = 10_000;

export function initialize(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  if (session.isGreeting) {
    exchange.error(INVALID_REQUEST, "`initialize` comes once, and first");
    return;
  }
  session.isGreeting = true;
  const saying = session.known.sayings.of(envelope);
  const { content } = saying;
  session.principal = session.known.principals.one({ ...session.principal, client: clientOf(infoIn(content)) });
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined }, (judged) => {
    const { before, decision } = judged;
    const greeting = before === undefined ? saying.greeting : greetingOf(envelope, content, decision.content, "legacy");
    session.isGreeting = decision.verdict === "allow" && greeting !== undefined;
    if (decision.verdict !== "allow") answerRefused(exchange, facts, judged);
    else if (greeting === undefined) exchange.error(INVALID_PARAMS, "`initialize` names no `protocolVersion`");
    else {
      session.era = "legacy";
      session.greeting = greeting;
      for (const link of session.links) greet(session, link);
      whenServersKnown(session, () => answer(session, exchange, greeting.protocol));
    }
  });
}

/** Goes on once every server is ready, or will not come soon. */
export function whenServersKnown(session: ClientSession, then: () => void): void {
  const { links } = session;
  const goOn = (): void => {
    session.advertised = mergedCapabilities(links);
    then();
  };
  // Whoever comes later than others mostly finds all servers known.
  if (links.some(({ isComing }) => isComing)) waitForServers(session, goOn);
  else goOn();
}

function waitForServers(session: ClientSession, then: () => void): void {
  const { links, outside } = session;
  const { laggards } = session.known;
  let isHurried = false;
  const timers: number[] = [];
  const goOn = (): void => {
    session.onServerKnown = undefined;
    for (const timer of timers) outside.cancel(timer);
    then();
  };
  session.onServerKnown = () => {
    if (!links.some((link) => link.isComing && !(isHurried && laggards.greeting.has(link.name)))) goOn();
  };
  const giveUp = (): void => {
    for (const link of links) if (link.isComing && !laggards.greeting.has(link.name)) tellLate(session, link);
    goOn();
  };
  const hurry = (): void => {
    isHurried = true;
    session.onServerKnown?.();
  };
  timers.push(outside.after(PATIENCE, giveUp));
  if (links.some((link) => laggards.greeting.has(link.name))) timers.push(outside.after(SHORT_PATIENCE, hurry));
  session.onServerKnown();
}

/** Said until it is in time again, and not of each client that goes without it. */
function tellLate({ known, outside }: ClientSession, { name }: ServerLink): void {
  known.laggards.greeting.add(name);
  outside.report("warn", LATE, name);
}

const LATE = `has not answered the handshake for ${PATIENCE / 1000} s; clients are answered without it`;

function answer(session: ClientSession, exchange: Exchange, protocol: string): void {
  const fault = nobodyThere(session);
  const shown = introduction(session);
  if (fault !== undefined) exchange.error(UNREACHABLE, fault);
  else if (shown === undefined) exchange.error(POLICY_FAILED, UNMASKABLE);
  else {
    exchange.answer([composeWrittenResult(exchange.id, answerText(session, protocol, shown))]);
    session.start();
  }
}

/** What is said to a client in `initialize`, as it is written; by what its servers said of themselves. */
const WRITTEN = new WeakMap<JsonObject, { readonly protocol: string; readonly text: string }>();

function answerText({ options }: ClientSession, protocolVersion: string, shown: JsonObject): string {
  const known = WRITTEN.get(shown);
  if (known?.protocol === protocolVersion) return known.text;
  const text = jsonText({ protocolVersion, serverInfo: { ...options.proxy }, ...shown });
  WRITTEN.set(shown, { protocol: protocolVersion, text });
  return text;
}

/** Why, for people, if no server can be reached at all. */
export function nobodyThere({ links }: ClientSession): string | undefined {
  if (links.length === 0 || !links.every((link) => link.isGone)) return undefined;
  return `no server can be reached: ${links.map(sayWhyGone).join("; ")}`;
}

export const UNMASKABLE = "what the proxy says of its servers cannot be masked";

function sayWhyGone({ name, goneBecause }: ServerLink): string {
  return `\`${name}\`: ${goneBecause}`;
}

interface Shown {
  readonly instructions: string | undefined;
  readonly revision: Revision;
  readonly masked: JsonObject | undefined;
}

/** By the capabilities, where no rule had supplied a server with anything: many sessions have the very same. */
const SHOWN = new WeakMap<JsonObject, Shown>();

/** What servers said of themselves together, masked. `undefined`: it cannot be masked. */
export function introduction({ links, advertised, judge, supplied }: ClientSession): JsonObject | undefined {
  const instructions = mergedInstructions(links);
  const { revision } = judge;
  const secrets = links.flatMap((link) => supplied.of(link.options));
  const known = secrets.length === 0 ? SHOWN.get(advertised) : undefined;
  if (known?.revision === revision && known.instructions === instructions) return known.masked;
  const said = { capabilities: advertised, ...(instructions === undefined ? {} : { instructions }) };
  const value = maskValue(revision, said, secrets);
  const masked = isJsonObject(value) ? value : undefined;
  if (secrets.length === 0) SHOWN.set(advertised, { instructions, revision, masked });
  return masked;
}
