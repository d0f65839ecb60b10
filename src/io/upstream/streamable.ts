// One session with a server over Streamable HTTP (2025-03-26 to 2025-11-25), and the next one when it ends before we do.
import { rangeAt, textAt } from "../../message/locate.ts";
import { askForStream, openStandalone } from "./get-stream.ts";
import { type Read, readHeard } from "./heard.ts";
import type { ResponseHead } from "./http-request.ts";
import type { IncomingStream, Listen } from "./incoming-stream.ts";
import { OpenPostings } from "./open-postings.ts";
import { INITIALIZED, type Outgoing } from "./outgoing.ts";
import { Posting, type PostingHost } from "./posting.ts";
import { endSession, type SessionKeys } from "./session-keys.ts";
import type { Transport, TransportHost } from "./transport.ts";

/** `greeting`: `initialize` is on its way; `introduced`: it is answered; `stale`: the next request makes a new session. */
type Phase = "new" | "greeting" | "introduced" | "ready" | "stale" | "closed";

/** Bytes that may wait for a session before those who write are slowed down. */
const FULL = 1024 * 1024;
/** How long requests of a session that ended may still be answered, or refused, in milliseconds. */
const GRACE_MS = 2000;
/** How long a server may take to take it that nobody waits any more, in milliseconds. */
const CANCEL_MS = 3000;

export class StreamableServer implements Transport, PostingHost {
  readonly transport: TransportHost;
  private keys: SessionKeys = {};
  private phase: Phase = "new";
  /** There was a session before the one that is being made. */
  private isRenewing = false;
  /** It is the first session, or some request was taken in this one. */
  private isProven = true;
  private greeting: Outgoing | undefined;
  private initialized: Outgoing | undefined;
  private queue: Outgoing[] = [];
  private readonly postings = new OpenPostings();
  private listening: IncomingStream | undefined;
  private complaint: string | undefined;
  private grace: NodeJS.Timeout | undefined;

  constructor(transport: TransportHost) {
    this.transport = transport;
  }

  get isFull(): boolean {
    if (this.transport.wire.isFull) return true;
    return this.queue.length > 0 && this.queue.reduce((sum, { bytes }) => sum + bytes.length, 0) >= FULL;
  }

  send(message: Outgoing): void {
    if (this.phase === "ready") this.post(message);
    else if (this.phase === "new" && message.method === "initialize") this.greet(message);
    else if (this.phase === "introduced" && message.method === INITIALIZED) this.introduce(message);
    else this.keep(message);
  }

  close(haste: AbortSignal): Promise<void> {
    this.phase = "closed";
    this.queue = [];
    clearTimeout(this.grace);
    this.listening?.stop();
    this.postings.stopAll();
    this.transport.wire.abortAll();
    return endSession(this.transport.wire, this.keys, haste);
  }

  accepted(posting: Posting, { headers }: ResponseHead): void {
    const { message } = posting;
    this.complaint = undefined;
    if (message === this.greeting && this.phase === "greeting") {
      const id = headers["mcp-session-id"];
      this.keys = typeof id === "string" ? { "mcp-session-id": id } : {};
      return;
    }
    if (message === this.initialized && this.phase === "introduced") this.begin();
    if (message.id !== undefined && posting.keys === this.keys) this.isProven = true;
    // It may never answer what it was told nobody waits for.
    if (message.cancels !== undefined) this.postings.drop(message.cancels);
  }

  heard(posting: Posting, bytes: Buffer): boolean {
    const { limits, events } = this.transport;
    const { id } = posting.message;
    const { frame, read, isAnswer } = readHeard(bytes, id, limits);
    const isGreeted = isAnswer && posting.message === this.greeting && this.phase === "greeting";
    if (isGreeted && read !== undefined) this.learn(read);
    if (isGreeted && read !== undefined && this.isRenewing) this.renewed(read);
    else events.frame(frame, id, read);
    return isAnswer;
  }

  done(posting: Posting): void {
    this.postings.answered(posting);
  }

  sessionEnded(posting: Posting): void {
    const { message } = posting;
    this.postings.delete(posting);
    if (posting.keys === this.keys) this.outlive();
    if (message === this.initialized && this.phase === "introduced") this.begin();
    // The server has not looked at it, so it may be asked in the new session; once.
    if (message.id !== undefined && message.isSecondTry !== true && this.phase !== "stale") {
      this.send({ ...message, isSecondTry: true });
    } else if (message.id !== undefined) {
      this.transport.events.unanswered(message.id, "it ends its sessions at once");
    }
    this.transport.events.chunkDone();
  }

  lost(posting: Posting, reason: string, status?: number): void {
    const { message } = posting;
    const { events } = this.transport;
    this.postings.delete(posting);
    if (message === this.greeting && this.phase === "greeting") this.refused(reason, status);
    else if (message.id !== undefined) events.unanswered(message.id, reason);
    else this.complain(`something it was told got lost: ${reason}`);
    if (message === this.initialized && this.phase === "introduced") this.begin();
    events.chunkDone();
  }

  readonly listen: Listen = (lastEventId, answer) => askForStream(this.transport.wire, this.keys, lastEventId, answer);

  private post(message: Outgoing): void {
    const posting = new Posting(this, message, this.keys);
    if (message.id !== undefined) this.postings.add(posting);
    posting.start();
    if (message.cancels !== undefined) this.forget(message.cancels, posting);
  }

  /** A server that hangs takes no cancellation either, and each would hold two connections. */
  private forget(cancelled: string, cancelling: Posting): void {
    const giveUp = (): void => {
      this.postings.drop(cancelled);
      cancelling.stop();
    };
    setTimeout(giveUp, CANCEL_MS).unref();
  }

  private greet(message: Outgoing): void {
    this.greeting = message;
    this.phase = "greeting";
    this.post(message);
  }

  private introduce(message: Outgoing): void {
    this.initialized = message;
    this.post(message);
  }

  /** What cannot be sent yet. What answers or ends something of an old session means nothing in a new one. */
  private keep(message: Outgoing): void {
    if (this.phase === "closed" || (this.isRenewing && message.id === undefined)) return;
    this.queue.push(message);
    if (this.phase === "stale") this.renew();
  }

  private learn(read: Read): void {
    const version =
      read.kind === "result" ? textAt(read.bytes, rangeAt(read.bytes, read.result, ["protocolVersion"])) : undefined;
    // Whether it is one that we speak is for others to say; here it must only fit into a header.
    if (version !== undefined && /^[\w.-]{1,32}$/.test(version)) {
      this.keys = { ...this.keys, "mcp-protocol-version": version };
    }
    this.phase = "introduced";
  }

  private begin(): void {
    this.phase = "ready";
    this.isRenewing = false;
    this.listening = openStandalone(this.transport, this.keys, () => this.outlive());
    const { queue } = this;
    this.queue = [];
    for (const message of queue) this.post(message);
    this.transport.events.drained();
  }

  /** The server has ended the session. One made anew that no request was taken in is not followed by another before somebody asks. */
  private outlive(): void {
    if (this.phase !== "ready") return;
    if (this.isProven) this.renew();
    else this.rest();
  }

  /** Greets the server again as the client once did; the client does not notice. */
  private renew(): void {
    if (this.greeting === undefined) return;
    this.rest();
    this.phase = "greeting";
    this.post(this.greeting);
  }

  /** No session stands until somebody asks for something. */
  private rest(): void {
    this.listening?.stop();
    this.phase = "stale";
    this.keys = {};
    this.isProven = false;
    this.isRenewing = true;
    for (const posting of this.postings.those(({ hasResponse }) => hasResponse)) this.abandon(posting);
    // The others may be about to hear the same.
    clearTimeout(this.grace);
    this.grace = setTimeout(() => this.abandonOld(), GRACE_MS);
  }

  private abandonOld(): void {
    const isOld = (posting: Posting): boolean => posting.keys !== this.keys && posting.message !== this.greeting;
    for (const posting of this.postings.those(isOld)) this.abandon(posting);
    this.transport.events.chunkDone();
  }

  private abandon(posting: Posting): void {
    const { id } = posting.message;
    this.postings.stop(posting);
    if (id !== undefined) this.transport.events.unanswered(id, "its session ended");
  }

  private renewed(read: Read): void {
    if (read.kind !== "result" || this.initialized === undefined) {
      this.phase = "greeting";
      this.refused("it refused to begin a new session");
      return;
    }
    this.transport.events.renewed();
    this.post(this.initialized);
  }

  private refused(reason: string, status?: number): void {
    if (!this.isRenewing) {
      this.transport.ended(reason, status);
      return;
    }
    this.phase = "stale";
    const { queue } = this;
    this.queue = [];
    for (const { id } of queue) if (id !== undefined) this.transport.events.unanswered(id, reason);
  }

  /** The same thing is said once until something works again. */
  private complain(text: string): void {
    if (this.complaint !== text) this.transport.events.report(text);
    this.complaint = text;
  }
}
