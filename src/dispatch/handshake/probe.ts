// Finding out which era a server speaks: it is asked as a modern one, and what comes back, or does not, tells.
import { HEADER_MISMATCH, MISSING_CAPABILITY, UNREACHABLE, UNSUPPORTED_REVISION } from "../../mcp/errors.ts";
import { isJsonArray, isJsonObject } from "../../mcp/json.ts";
import type { Era } from "../../mcp/methods.ts";
import { MODERN_REVISIONS } from "../../mcp/revisions.ts";
import { composeRequest } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import { modernMeta } from "../../message/eras/modern-meta.ts";
import type { ClientSession } from "../peers/client-session.ts";
import { codeOf } from "../exchanges/error-code.ts";
import { dismiss } from "../life/server-life.ts";
import type { Awaited, Reply } from "../peers/peer.ts";
import type { Probe, ServerLink } from "../peers/server-link.ts";
import { greet } from "./server-greeting.ts";

/**
 * How long a process may keep silent before it is taken for a legacy server, in milliseconds. Real servers need up to
 * 1.5 s to start; the clients' own handshakes wait for 10 s.
 */
const PATIENCE = 3000;
/** Over HTTP a legacy server says something too, so silence tells nothing of it: after so long it has failed, in milliseconds. */
const TIMEOUT = 60_000;

/**
 * Its process runs, or its connection stands: it is greeted in its era, as soon as that is known. Who stands for a server
 * that several sessions share speaks the legacy era.
 */
export function meet(session: ClientSession, link: ServerLink): void {
  link.isOpen = true;
  link.era = link.life.share ? "legacy" : session.known.eras.of(link.options, session.outside.now);
  if (link.era === undefined) probe(session, link);
  else greet(session, link);
}

/** A legacy server may end when it hears what it does not know (some do): it is started again, and greeted as what it is. */
export function survivesProbe(session: ClientSession, link: ServerLink): boolean {
  if (link.probe === undefined || link.options.transport !== "stdio") return false;
  link.awaited.delete(link.probe.id);
  link.probe.end();
  session.known.eras.find(link.options, "legacy", session.outside.now);
  link.begin();
  session.outside.command({ kind: "open-server", client: session.id, server: link.name });
  return true;
}

/** With the proxy's own name: who will use it is not known yet. */
function probe(session: ClientSession, link: ServerLink): void {
  const id = link.mint();
  const probing = new Probing(session, link, id);
  link.probe = probing;
  link.awaited.set(id, probing);
  link.deadlines.watch(probing.due);
  const _meta = modernMeta({ clientInfo: { ...session.options.proxy }, capabilities: {} });
  link.send([composeRequest(id, "server/discover", { _meta })]);
}

class Probing implements Awaited, Probe {
  readonly origin = undefined;
  readonly id: string;
  private readonly session: ClientSession;
  private readonly link: ServerLink;
  readonly due: number;
  private readonly timer: number | undefined;
  private afterwards: (() => void) | undefined;

  constructor(session: ClientSession, link: ServerLink, id: string) {
    this.session = session;
    this.link = link;
    this.id = id;
    this.due = session.outside.now + TIMEOUT;
    const isProcess = link.options.transport === "stdio";
    this.timer = isProcess ? session.outside.after(PATIENCE, () => this.onSilence()) : undefined;
  }

  onReply(reply: Reply): void {
    this.settle(eraOf(reply));
    this.beOver();
  }

  /** Connections that fail, and servers that want a login first, say nothing of their era. Of one that is gone somebody else has told. */
  onLost(_code: number, message: string): void {
    const { session, link } = this;
    const isLate = link.probe !== this;
    this.end();
    this.beOver();
    if (isLate || link.isGone) return;
    session.outside.command({ kind: "close-server", client: session.id, server: link.name });
    dismiss(session, link, message);
  }

  onOverdue(): void {
    this.onLost(UNREACHABLE, `it did not say within ${TIMEOUT / 1000} s what it is`);
  }

  /** What comes late still counts, for the sessions after this one. */
  settle(era: Era): void {
    const { session, link } = this;
    session.known.eras.find(link.options, era, session.outside.now);
    if (link.probe !== this) return;
    this.end();
    link.era = era;
    greet(session, link);
  }

  whenOver(action: () => void): void {
    this.afterwards = action;
  }

  private onSilence(): void {
    this.link.lateProbe = this;
    this.settle("legacy");
  }

  private beOver(): void {
    if (this.link.lateProbe === this) this.link.lateProbe = undefined;
    this.afterwards?.();
  }

  /** Nothing more is expected of it. */
  end(): void {
    if (this.timer !== undefined) this.session.outside.cancel(this.timer);
    if (this.link.probe === this) this.link.probe = undefined;
  }
}

function eraOf(reply: Reply): Era {
  const revisions = reply.kind === "error" ? revisionsOfError(reply) : revisionsOfResult(reply);
  return MODERN_REVISIONS.some((revision) => revisions.includes(revision)) ? "modern" : "legacy";
}

function revisionsOfResult(reply: Reply): readonly unknown[] {
  const { result } = parseContent(reply);
  const revisions = isJsonObject(result) ? result["supportedVersions"] : undefined;
  return isJsonArray(revisions) ? revisions : [];
}

/** One that is sent only by who speaks the modern era; where it says which revisions, that counts. */
function revisionsOfError(reply: Extract<Reply, { readonly kind: "error" }>): readonly unknown[] {
  const code = codeOf(reply.bytes, reply.error);
  if (code === HEADER_MISMATCH || code === MISSING_CAPABILITY) return MODERN_REVISIONS;
  if (code !== UNSUPPORTED_REVISION) return [];
  const { error } = parseContent(reply);
  const details = isJsonObject(error) ? error["data"] : undefined;
  const revisions = isJsonObject(details) ? details["supported"] : undefined;
  return isJsonArray(revisions) ? revisions : [];
}
