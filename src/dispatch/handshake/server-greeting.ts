// The handshake with one server: legacy or modern, with what the client said of itself; and what the server answers, judged.
import type { JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import { composeNotification, composeRequest } from "../../message/compose.ts";
import { writeContent } from "../../message/content.ts";
import { readEnvelope, type ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import { modernMeta, type Sender } from "../../message/eras/modern-meta.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Judged } from "../judge.ts";
import { isRemembered, type Recollection } from "../life/recollections.ts";
import { attend, dismiss, start, welcome } from "../life/server-life.ts";
import type { Awaited, Reply } from "../peers/peer.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { listen } from "../subscriptions/server-listening.ts";
import { greetingFor } from "../tasks/form.ts";
import { type Greeting, infoIn } from "./greeting.ts";
import { differencesOf, introducedBy } from "./introduced.ts";

/** How long a server may take to answer it, in milliseconds. */
const TIMEOUT = 60_000;

/**
 * A server is greeted once it is up, its era is known, and the client has introduced itself, whichever comes last. Until it
 * has answered, what it said in an earlier session stands for it.
 */
export function greet(session: ClientSession, link: ServerLink): void {
  const { greeting } = session;
  if (greeting === undefined) return;
  const known = recollectionOf(session, link, greeting);
  if (known !== undefined) recall(session, link, greeting, known);
  else if (link.isAsleep && !link.isRecalled) start(session, link);
  if (!link.isOpen || link.era === undefined || link.isGreeted || link.isGone) return;
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

/** `undefined`: there is none, or better is known of it. */
function recollectionOf(session: ClientSession, link: ServerLink, greeting: Greeting): Recollection | undefined {
  const { recollections, eras } = session.known;
  if (!isRemembered(link.life) || link.introduction !== undefined || link.isRecalled || link.failures > 0)
    return undefined;
  const known = recollections.of(link, greeting);
  if (link.isAsleep) return known;
  const era = link.isOpen ? link.era : eras.of(link.options, session.outside.now);
  return known?.era === era ? known : undefined;
}

/** Judged for this client as if it said it now; where that comes to nothing, it has to say it itself. */
function recall(
  session: ClientSession,
  link: ServerLink,
  greeting: Greeting,
  { era, reply, lists }: Recollection,
): void {
  link.isRecalled = true;
  link.era = era;
  link.sender = senderTo(session, link, greeting);
  new Greeted(session, link, greeting).hear(reply, (judged) => {
    if (!link.isRecalled || link.isReady || link.failures > 0) return;
    const introduced = introducedBy(session, link, reply, judged);
    if (typeof introduced === "string") {
      if (link.isAsleep) start(session, link);
      return;
    }
    link.introduction = introduced;
    for (const list of link.allLists) list.isRecalled = true;
    for (const { kind, list, since } of lists) link.list(kind).learn(list, since);
    session.catalogue.recall(link);
    session.onServerKnown?.();
  });
}

/** The client may have set one before this server was there; mostly no rule has judged yet whether this server may hear of that. */
export function tellLogLevel(session: ClientSession, link: ServerLink): void {
  const { logLevel: level, options, judge, client } = session;
  const { levelToTell } = link;
  link.levelToTell = undefined;
  if (level === undefined || link.capability("logging") === undefined) return;
  if (levelToTell?.revision === judge.revision) {
    link.order("logging/setLevel", levelToTell.params);
    return;
  }
  const envelope = readEnvelope(composeRequest("0", "logging/setLevel", { level }), options.limits);
  if (envelope.kind !== "request") throw new Error("a request that was composed is none");
  const facts = session.facts("request", envelope.method, "client", link.name);
  judge.hear(client.lane, { facts, envelope, server: link.options }, ({ before, decision: { verdict, content } }) => {
    const params = before === undefined ? { level } : content["params"];
    if (verdict === "allow" && isJsonObject(params)) link.order(envelope.method, params);
  });
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
    if (link.isRecalled && link.introduction !== undefined) {
      const differences = differencesOf(link.introduction, introduced);
      if (differences.length > 0) session.outside.report("warn", `${OTHERWISE}: ${differences.join("; ")}`, link.name);
    }
    link.introduction = introduced;
    link.isRecalled = false;
    link.isReady = true;
    if (link.era === "legacy") this.remind();
    session.catalogue.add(link, isRemembered(link.life) ? (isLast) => this.listed(reply, isLast) : undefined);
    welcome(session, link);
    listen(session, link);
    session.onServerKnown?.();
  }

  /** One that could not list what it has is not worth remembering. */
  private listed(reply: ResultEnvelope, isLast: boolean): void {
    const { session, link, greeting } = this;
    if (!link.isReady) return;
    const { recollections } = session.known;
    if (isLast && link.allLists.some(({ hasFailed }) => hasFailed)) recollections.forget(link);
    else if (isLast) recollections.keep(link, greeting, reply);
    attend(link);
  }

  /** What it has to know before it is asked anything. */
  private remind(): void {
    const { session, link } = this;
    if (link.joint === undefined) link.send([composeNotification("notifications/initialized")]);
    tellLogLevel(session, link);
    if (link.subscriptions.size > 0) link.use();
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

const OTHERWISE = "says other things of itself than to an earlier client, and this client was told those";
