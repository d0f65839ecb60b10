// The handshakes: the client's `initialize` is answered for all servers, after each server had one of its own.
import type { Principal } from "../engine/facts.ts";
import { maskValue } from "../engine/masking.ts";
import { INVALID_PARAMS, INVALID_REQUEST, POLICY_FAILED, UNREACHABLE } from "../mcp/errors.ts";
import type { JsonObject, JsonValue } from "../mcp/json.ts";
import { isJsonObject } from "../mcp/json.ts";
import { LEGACY_REVISIONS } from "../mcp/revisions.ts";
import { composeNotification } from "../message/compose.ts";
import { parseContent, writeContent } from "../message/content.ts";
import type { RequestEnvelope, ResultEnvelope } from "../message/envelope.ts";
import { rangeAt, textAt } from "../message/locate.ts";
import type { ClientSession } from "./client-session.ts";
import type { Exchange } from "./exchange.ts";
import { greetingOf, passable } from "./greeting.ts";
import type { Judged } from "./judge.ts";
import { mergedCapabilities, mergedInstructions } from "./merged-capabilities.ts";
import type { Awaited, Reply } from "./peer.ts";
import { answerRefused } from "./refusing.ts";
import { dismiss, welcome } from "./server-life.ts";
import type { Introduction, ServerLink } from "./server-link.ts";

/** How long the client's handshake waits for servers that are slow to start, in milliseconds; official clients give up after 60,000. */
const PATIENCE = 10_000;
/** How long a server may take to answer it, in milliseconds. */
const TIMEOUT = 60_000;

export function initialize(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  if (session.isGreeting) {
    exchange.error(INVALID_REQUEST, "`initialize` comes once, and first");
    return;
  }
  session.isGreeting = true;
  const content = parseContent(envelope);
  session.principal = { ...session.principal, client: clientOf(content) };
  const facts = session.facts("request", envelope.method, "client", undefined);
  session.judge.hear(session.client.lane, { facts, envelope, server: undefined }, (judged) => {
    const greeting = greetingOf(envelope, content, judged.before === undefined ? content : judged.decision.content);
    session.isGreeting = judged.decision.verdict === "allow" && greeting !== undefined;
    if (judged.decision.verdict !== "allow") answerRefused(exchange, facts, judged);
    else if (greeting === undefined) exchange.error(INVALID_PARAMS, "`initialize` names no `protocolVersion`");
    else {
      session.greeting = greeting;
      for (const link of session.links) greet(session, link);
      answerWhenKnown(session, exchange, greeting.protocol);
    }
  });
}

/** A server is greeted once it is up and the client has introduced itself, whichever comes last. */
export function greet(session: ClientSession, link: ServerLink): void {
  const { greeting } = session;
  if (greeting === undefined || !link.isOpen || link.isGreeted || link.isGone) return;
  link.isGreeted = true;
  const { envelope, before, after } = greeting;
  const id = link.mint();
  const request = { method: envelope.method, ...after };
  const greeted = new Greeted(session, link, request);
  link.awaited.set(id, greeted);
  link.deadlines.watch(greeted.due);
  link.send(writeContent(envelope, before, after, [{ range: envelope.idRange, text: id }]));
}

/** The client may have set one before this server was there. */
export function tellLogLevel({ logLevel: level }: ClientSession, link: ServerLink): void {
  if (level !== undefined && link.capability("logging") !== undefined) link.order("logging/setLevel", { level });
}

function answerWhenKnown(session: ClientSession, exchange: Exchange, protocol: string): void {
  const answer = (): void => {
    session.onServerKnown = undefined;
    session.outside.cancel(timer);
    if (session.links.length > 0 && session.links.every((link) => link.isGone)) {
      exchange.error(UNREACHABLE, `no server can be reached: ${session.links.map(sayWhyGone).join("; ")}`);
      return;
    }
    session.advertised = mergedCapabilities(session.links);
    const shown = introduction(session, protocol);
    if (shown === undefined) {
      exchange.error(POLICY_FAILED, "what the proxy says of its servers cannot be masked");
      return;
    }
    exchange.result(shown);
    session.start();
  };
  const timer = session.outside.after(PATIENCE, answer);
  session.onServerKnown = () => {
    if (!session.links.some((link) => link.isComing)) answer();
  };
  session.onServerKnown();
}

function sayWhyGone({ name, goneBecause }: ServerLink): string {
  return `\`${name}\` ${goneBecause}`;
}

/** What servers said is masked; what the proxy says of itself is not. `undefined`: it cannot be masked. */
function introduction(session: ClientSession, protocol: string): JsonObject | undefined {
  const { links, options, advertised, judge } = session;
  const instructions = mergedInstructions(links);
  const said = { capabilities: advertised, ...(instructions === undefined ? {} : { instructions }) };
  const masked = maskValue(judge.revision, said);
  if (!isJsonObject(masked)) return undefined;
  return { protocolVersion: protocol, serverInfo: { ...options.proxy }, ...masked };
}

function clientOf(content: JsonObject): Principal["client"] {
  const params = content["params"];
  const info = isJsonObject(params) ? params["clientInfo"] : undefined;
  if (!isJsonObject(info) || typeof info["name"] !== "string") return undefined;
  const { name, version, title } = info;
  return {
    name,
    ...(typeof version === "string" ? { version } : {}),
    ...(typeof title === "string" ? { title } : {}),
  };
}

/** What a server answers when it is greeted is judged like any result, with the rules of this server. */
class Greeted implements Awaited {
  readonly origin = undefined;
  readonly tags = [];
  readonly secrets = [];
  readonly due: number;
  private readonly session: ClientSession;
  private readonly link: ServerLink;
  private readonly asked: JsonObject;

  constructor(session: ClientSession, link: ServerLink, asked: JsonObject) {
    this.session = session;
    this.link = link;
    this.asked = asked;
    this.due = session.outside.now + TIMEOUT;
  }

  request(): JsonValue {
    return this.asked;
  }

  onReply(reply: Reply): void {
    const { session, link } = this;
    if (reply.kind === "error") {
      const message = textAt(reply.bytes, rangeAt(reply.bytes, reply.error, ["message"]));
      this.fail(`it refused the handshake: ${message ?? "it does not say why"}`);
      return;
    }
    const facts = session.facts("result", "initialize", "server", link.name);
    const hearing = { facts, envelope: reply, server: link.options, asked: this };
    session.judge.hear(link.lane, hearing, (judged) => this.settle(reply, judged));
  }

  /** Of a server that is gone somebody else has said so. */
  onLost(_code: number, message: string): void {
    if (!this.link.isGone) this.fail(message);
  }

  onOverdue(): void {
    this.fail(`it did not answer the handshake within ${TIMEOUT / 1000} s`);
  }

  private settle(reply: ResultEnvelope, judged: Judged): void {
    if (judged.decision.verdict !== "allow") {
      this.fail(`the policy refuses its handshake: ${judged.decision.reason ?? "no reason given"}`);
      return;
    }
    const { result } = judged.before === undefined ? parseContent(reply) : judged.decision.content;
    const introduced = introductionOf(result);
    if (introduced === undefined) {
      this.fail("it settled on a revision of MCP that the proxy does not speak");
      return;
    }
    this.link.introduction = introduced;
    this.link.send([composeNotification("notifications/initialized")]);
    this.link.isReady = true;
    tellLogLevel(this.session, this.link);
    for (const uri of this.link.subscriptions) this.link.order("resources/subscribe", { uri });
    this.session.catalogue.add(this.link);
    welcome(this.session, this.link);
    this.session.onServerKnown?.();
  }

  private fail(reason: string): void {
    const { session, link } = this;
    session.outside.command({ kind: "close-server", client: session.id, server: link.name });
    dismiss(session, link, reason);
  }
}

function introductionOf(result: JsonValue | undefined): Introduction | undefined {
  if (!isJsonObject(result)) return undefined;
  const { protocolVersion, capabilities, instructions } = result;
  const protocol = LEGACY_REVISIONS.find((revision) => revision === protocolVersion);
  if (protocol === undefined) return undefined;
  return {
    protocol,
    capabilities: passable(capabilities),
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}
