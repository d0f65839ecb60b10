// The handshake with one server: legacy or modern, with what the client said of itself; and what the server answers, judged.
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import { LEGACY_REVISIONS, MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { composeNotification } from "../../message/compose.ts";
import { parseContent, writeContent } from "../../message/content.ts";
import type { ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import { modernMeta, type Sender } from "../../message/modern-meta.ts";
import type { ClientSession } from "../client-session.ts";
import type { Judged } from "../judge.ts";
import { dismiss, start, welcome } from "../life/server-life.ts";
import type { Awaited, Reply } from "../peer.ts";
import type { Introduction, ServerLink } from "../server-link.ts";
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
  const greeted = new Greeted(session, link, requestFor(session, link, greeting));
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

/** With its method. */
function requestFor(session: ClientSession, link: ServerLink, greeting: Greeting): JsonObject {
  link.sender = link.era === "modern" ? senderOf(session, greetingFor(session, link, greeting)) : undefined;
  if (link.sender === undefined)
    return { method: greeting.envelope.method, ...greetingFor(session, link, greeting).after };
  return { method: "server/discover", params: { _meta: modernMeta(link.sender) } };
}

/** What it said and listed in an earlier session is good enough until something is wanted of it. */
function recallOrStart(session: ClientSession, link: ServerLink, greeting: Greeting): void {
  const known = session.recollections.of(link, greeting);
  if (known === undefined) {
    start(session, link);
    return;
  }
  link.era = known.era;
  new Greeted(session, link, requestFor(session, link, greeting)).hear(known.reply, (judged) => {
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

function senderOf({ options }: ClientSession, { after, capabilities }: Greeting): Sender {
  return { clientInfo: infoIn(after) ?? { ...options.proxy }, capabilities };
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
  private readonly asked: JsonObject;

  /** `asked`: the request, with its method. */
  constructor(session: ClientSession, link: ServerLink, asked: JsonObject) {
    this.session = session;
    this.link = link;
    this.asked = asked;
    this.due = session.outside.now + TIMEOUT;
  }

  request(): JsonValue {
    return this.asked;
  }

  private get method(): string {
    return this.link.era === "modern" ? "server/discover" : "initialize";
  }

  onReply(reply: Reply): void {
    const { session, link } = this;
    if (
      reply.kind === "error" &&
      link.era === "legacy" &&
      session.eras.of(link.options, session.outside.now) === "modern"
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
      session.recollections.keep(link, session.greeting, reply);
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
    session.eras.forget(link.options);
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
  const { result } = before === undefined ? parseContent(reply) : decision.content;
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
