// The handshake with one server: legacy or modern, with what the client said of itself; and what the server answers, judged.
import type { Content } from "../../engine/decision.ts";
import type { JsonValue } from "../../mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { composeNotification } from "../../message/compose.ts";
import { parseContent, writeContent } from "../../message/content.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import { modernMeta, type Sender } from "../../message/eras/modern-meta.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Judged } from "../judge.ts";
import { dismiss, start, welcome } from "../life/server-life.ts";
import type { Awaited, Reply } from "../peers/peer.ts";
import type { Introduction, ServerLink } from "../peers/server-link.ts";
import { listen } from "../subscriptions/server-listening.ts";
import { greetingFor, taskForm } from "../tasks/form.ts";
import { type Greeting, infoIn, passable } from "./greeting.ts";

/** How long a server may take to answer it, in milliseconds. */
const TIMEOUT = 60_000;

/** A server is greeted once it is up, its era is known, and the client has introduced itself, whichever comes last. */
export function greet(session: ClientSession, link: ServerLink): void {
  const { greeting } = session;
  if (greeting !== undefined && link.isAsleep) {
    recallOrStart(session, link, greeting);
    return;
  }
  if (greeting === undefined || !link.isOpen || link.era === undefined || link.isGreeted || link.isGone) return;
  link.isGreeted = true;
  link.sender = senderTo(session, link, greeting);
  const greeted = new Greeted(session, link, greeting);
  if (link.joint !== undefined) {
    // It was greeted before this session was told of it.
    if (link.joint.introduction !== undefined) greeted.onReply(link.joint.introduction);
    return;
  }
  const { envelope, before, after } = greetingFor(session, link, greeting);
  const id = link.mint();
  link.awaited.set(id, greeted);
  link.deadlines.watch(greeted.due);
  if (link.sender !== undefined) link.send([link.compose(id, "server/discover")]);
  else link.send(writeContent(envelope, before, after, [{ range: envelope.idRange, text: id }]));
}

/** As whom a server of the modern era is asked; one of the legacy era is told in its handshake. */
function senderTo(session: ClientSession, link: ServerLink, greeting: Greeting): Sender | undefined {
  if (link.era !== "modern") return undefined;
  const { after, capabilities } = greetingFor(session, link, greeting);
  return { clientInfo: infoIn(after) ?? { ...session.options.proxy }, capabilities };
}

/** What it said and listed in an earlier session is good enough until something is wanted of it. */
function recallOrStart(session: ClientSession, link: ServerLink, greeting: Greeting): void {
  const known = session.known.recollections.of(link, greeting);
  if (known === undefined) {
    start(session, link);
    return;
  }
  link.era = known.era;
  link.sender = senderTo(session, link, greeting);
  new Greeted(session, link, greeting).hear(known.reply, (judged) => {
    const introduced = introducedBy(session, link, known.reply, judged);
    if (typeof introduced === "string") {
      start(session, link);
      return;
    }
    link.introduction = introduced;
    for (const { facts, known: list, knownSince } of known.lists) {
      if (list !== undefined) link.list(facts.kind).learn(list, knownSince);
    }
    session.catalogue.recall(link);
    session.onServerKnown?.();
  });
}

/** The client may have set one before this server was there. */
export function tellLogLevel({ logLevel: level }: ClientSession, link: ServerLink): void {
  if (level !== undefined && link.capability("logging") !== undefined) link.order("logging/setLevel", { level });
}

/** What a server answers when it is greeted is judged like any result, with the rules of this server. */
class Greeted implements Awaited {
  readonly origin = undefined;
  readonly tags = [];
  readonly secrets = [];
  readonly due: number;
  private readonly session: ClientSession;
  private readonly link: ServerLink;
  private readonly greeting: Greeting;

  constructor(session: ClientSession, link: ServerLink, greeting: Greeting) {
    this.session = session;
    this.link = link;
    this.greeting = greeting;
    this.due = session.outside.now + TIMEOUT;
  }

  request(): JsonValue {
    const { session, link, greeting, method } = this;
    if (link.sender !== undefined) return { method, params: { _meta: modernMeta(link.sender) } };
    return { method, ...greetingFor(session, link, greeting).after };
  }

  private get method(): string {
    return this.link.era === "modern" ? "server/discover" : "initialize";
  }

  onReply(reply: Reply): void {
    const { session, link } = this;
    if (
      reply.kind === "error" &&
      link.era === "legacy" &&
      session.known.eras.of(link.options, session.outside.now) === "modern"
    ) {
      this.greetAgain();
      return;
    }
    // Who is of the modern era refuses at once, and may be busy for long with saying what it is.
    if (reply.kind === "error" && link.era === "legacy" && link.lateProbe !== undefined) {
      link.lateProbe.whenOver(() => this.onReply(reply));
      return;
    }
    if (reply.kind === "error") {
      const message = textAt(reply.bytes, rangeAt(reply.bytes, reply.error, ["message"]));
      this.fail(`it refused the handshake: ${message ?? "it does not say why"}`);
      return;
    }
    this.hear(reply, (judged) => this.settle(reply, judged));
  }

  hear(reply: ResultEnvelope, then: (judged: Judged) => void): void {
    const { session, link } = this;
    const facts = session.facts("result", this.method, "server", link.name);
    session.judge.hear(link.lane, { facts, envelope: reply, server: link.options, asked: this }, then);
  }

  /** Of a server that is gone somebody else has said so. */
  onLost(_code: number, message: string): void {
    if (!this.link.isGone) this.fail(message);
  }

  onOverdue(): void {
    this.fail(`it did not answer the handshake within ${TIMEOUT / 1000} s`);
  }

  private settle(reply: ResultEnvelope, judged: Judged): void {
    const { session, link } = this;
    const introduced = introducedBy(session, link, reply, judged);
    if (typeof introduced === "string") {
      this.fail(introduced);
      return;
    }
    link.introduction = introduced;
    link.isReady = true;
    if (link.life.start === "lazy" && session.greeting !== undefined) {
      session.known.recollections.keep(link, session.greeting, reply);
    }
    if (link.era === "legacy") this.remind();
    session.catalogue.add(link);
    welcome(session, link);
    listen(session, link);
    session.onServerKnown?.();
  }

  /** What it has to know before it is asked anything. */
  private remind(): void {
    const { session, link } = this;
    if (link.joint === undefined) link.send([composeNotification("notifications/initialized")]);
    tellLogLevel(session, link);
    for (const uri of link.subscriptions) link.order("resources/subscribe", { uri });
  }

  /** It was slow to say that it is a modern one, and was taken for another meanwhile. */
  private greetAgain(): void {
    const { session, link } = this;
    link.era = "modern";
    link.isGreeted = false;
    greet(session, link);
  }

  private fail(reason: string): void {
    const { session, link } = this;
    session.known.eras.forget(link.options);
    session.outside.command({ kind: "close-server", client: session.id, server: link.name });
    dismiss(session, link, reason);
  }
}

/** A text says why it cannot be used. */
function introducedBy(
  session: ClientSession,
  link: ServerLink,
  reply: ResultEnvelope,
  { decision, before }: Judged,
): Introduction | string {
  if (decision.verdict !== "allow") return `the policy refuses its handshake: ${decision.reason ?? "no reason given"}`;
  if (before !== undefined) return introducedIn(session, link, decision.content);
  if (link.joint === undefined) return introducedIn(session, link, parseContent(reply));
  const known = INTRODUCED.get(reply) ?? introducedIn(session, link, parseContent(reply));
  INTRODUCED.set(reply, known);
  return known;
}

/** What servers that sessions share said of themselves, where no rule looked into it: the same to each session. */
const INTRODUCED = new WeakMap<ResultEnvelope, Introduction | string>();

function introducedIn(session: ClientSession, link: ServerLink, { result }: Content): Introduction | string {
  const introduced = link.era === "modern" ? discoveryOf(result) : introductionOf(result);
  if (introduced === undefined) return "it settled on a revision of MCP that the proxy does not speak";
  return { ...introduced, capabilities: passable(introduced.capabilities, taskForm(session, link)) };
}

/** `undefined`: it speaks no revision that the proxy speaks. */
function discoveryOf(result: JsonValue | undefined): Introduction | undefined {
  if (!isJsonObject(result)) return undefined;
  const { supportedVersions, capabilities, instructions } = result;
  const offered = isJsonArray(supportedVersions) ? supportedVersions : [];
  const protocol = MODERN_REVISIONS.find((revision) => offered.includes(revision));
  return protocol === undefined ? undefined : introductionWith(protocol, capabilities, instructions);
}

function introductionOf(result: JsonValue | undefined): Introduction | undefined {
  if (!isJsonObject(result)) return undefined;
  const { protocolVersion, capabilities, instructions } = result;
  const protocol = LEGACY_REVISIONS.find((revision) => revision === protocolVersion);
  return protocol === undefined ? undefined : introductionWith(protocol, capabilities, instructions);
}

function introductionWith(
  protocol: string,
  capabilities: JsonValue | undefined,
  instructions: JsonValue | undefined,
): Introduction {
  return {
    protocol,
    capabilities: isJsonObject(capabilities) ? capabilities : {},
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}
