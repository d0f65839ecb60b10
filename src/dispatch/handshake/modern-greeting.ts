// A request of the modern era says by itself which revision it is of, who sends it, and what the sender can do: read, and judged as the handshake it stands for.
import { INVALID_PARAMS, UNSUPPORTED_REVISION } from "../../mcp/errors.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { parseContent } from "../../message/content.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { readEnvelope } from "../../message/envelope.ts";
import { type Claim, objectOf } from "../../message/eras/modern-meta.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import { LEVELS } from "../subscriptions/log-levels.ts";
import { clientOf, type Greeting, greetingOf } from "./greeting.ts";
import { whenServersKnown } from "./handshake.ts";
import { greet } from "./server-greeting.ts";

/** `go` runs once the request may be handled; it is refused here where what it says of its sender will not do. */
export function introduce(session: ClientSession, exchange: Exchange, claim: Claim | undefined, go: () => void): void {
  const known = claim && session.introductions.get(claim.words);
  const fault = known === undefined ? faultOf(claim) : faultOfLevel(claim);
  if (claim === undefined || fault !== undefined) {
    exchange.error(fault?.code ?? INVALID_PARAMS, fault?.reason ?? NO_CLAIM, fault?.details);
    return;
  }
  session.era = "modern";
  if (exchange.stream !== undefined) session.byStream.set(exchange.stream, exchange);
  if (known === undefined) hear(session, exchange, claim, go);
  else proceed(session, exchange, { claim, greeting: known, go });
}

const NO_CLAIM =
  "every request says in `_meta` which revision of MCP it is of: `io.modelcontextprotocol/protocolVersion`";

interface Fault {
  readonly code: number;
  readonly reason: string;
  readonly details?: { readonly supported: readonly string[]; readonly requested: string };
}

function faultOf(claim: Claim | undefined): Fault | undefined {
  if (claim === undefined) return { code: INVALID_PARAMS, reason: NO_CLAIM };
  const { revision } = claim;
  if (!MODERN_REVISIONS.some((known) => known === revision)) {
    const details = { supported: [...MODERN_REVISIONS], requested: revision };
    return { code: UNSUPPORTED_REVISION, reason: `unsupported protocol version: ${revision}`, details };
  }
  return faultOfLevel(claim);
}

/** All that is not among the words that were good before. */
function faultOfLevel(claim: Claim | undefined): Fault | undefined {
  const logLevel = claim?.logLevel;
  if (logLevel === undefined || LEVELS.includes(logLevel)) return undefined;
  return { code: INVALID_PARAMS, reason: "`io.modelcontextprotocol/logLevel` in `_meta` is no level" };
}

/** Rules on `initialize` hold for it, whichever way a client says it. */
function hear(session: ClientSession, exchange: Exchange, claim: Claim, go: () => void): void {
  const { introductions } = session;
  const { words } = claim;
  const again = session.outside.later(() => introduce(session, exchange, claim, go));
  if (introductions.isUnderway(words, again)) return;
  const envelope = handshakeOf(session, claim);
  if (typeof envelope === "string") {
    exchange.error(INVALID_PARAMS, `what \`_meta\` says of its sender cannot be used: ${envelope}`);
    return;
  }
  const content = parseContent(envelope);
  if (session.greeting === undefined) session.principal = { ...session.principal, client: claimant(claim) };
  const facts = session.facts("request", envelope.method, "client", undefined);
  introductions.begin(words);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined }, (judged) => {
    const greeting = greetingOf(
      envelope,
      content,
      judged.before === undefined ? content : judged.decision.content,
      "modern",
    );
    const isGood = judged.decision.verdict === "allow" && greeting !== undefined;
    if (isGood) introductions.keep(words, greeting);
    introductions.end(words);
    if (isGood) proceed(session, exchange, { claim, greeting, go });
    else answerRefused(exchange, facts, judged);
  });
}

function claimant({ clientInfo }: Claim): ReturnType<typeof clientOf> {
  return clientOf(objectOf(clientInfo));
}

/** The reason, where it cannot be said so. */
function handshakeOf({ options }: ClientSession, { clientInfo, capabilities }: Claim): RequestEnvelope | string {
  if (objectOf(capabilities) === undefined) return "`io.modelcontextprotocol/clientCapabilities` is no object";
  if (clientInfo !== undefined && objectOf(clientInfo) === undefined)
    return "`io.modelcontextprotocol/clientInfo` is no object";
  const info = clientInfo ?? JSON.stringify(options.proxy);
  const params = `{"protocolVersion":"${LEGACY_REVISIONS[0]}","capabilities":${capabilities ?? "{}"},"clientInfo":${info}}`;
  const text = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":${params}}`;
  const envelope = readEnvelope(Buffer.from(text), options.limits);
  if (envelope.kind === "request") return envelope;
  return envelope.kind === "malformed" ? envelope.reason : "it is no request";
}

interface Introduced {
  readonly claim: Claim;
  readonly greeting: Greeting;
  readonly go: () => void;
}

function proceed(session: ClientSession, exchange: Exchange, { claim, greeting, go }: Introduced): void {
  exchange.asker = session.introductions.asker(greeting, claim.logLevel, session.options.proxy);
  if (session.greeting === undefined) begin(session, greeting);
  session.whenRunning(false, go);
}

/** The first one speaks for the session towards legacy servers. */
function begin(session: ClientSession, greeting: Greeting): void {
  session.greeting = greeting;
  session.isGreeting = true;
  for (const link of session.links) greet(session, link);
  whenServersKnown(session, () => session.start());
}
