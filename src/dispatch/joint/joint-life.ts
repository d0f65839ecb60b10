// How the one process of a joint server comes and goes: opened for the first session, greeted in the proxy's own name, opened again when it ends.
import { isJsonObject } from "../../mcp/json.ts";
import { LEGACY_REVISIONS } from "../../mcp/revisions.ts";
import { composeNotification, composeRequest } from "../../message/compose.ts";
import { parseContent } from "../../message/content.ts";
import type { ErrorEnvelope, ResultEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import { Backoff } from "../life/backoff.ts";
import type { ServerStatus } from "../observing/status.ts";
import type { JointHost } from "./joint-host.ts";

/** How long it may take to answer its handshake, in milliseconds. */
const TIMEOUT = 60_000;

export interface JointLifeEvents {
  ready(): void;
  ended(reason: string): void;
}

export class JointLife {
  isStuck = false;
  /** What it said of itself the last time. */
  introduction: ResultEnvelope | undefined;
  private readonly host: JointHost;
  private readonly events: JointLifeEvents;
  private readonly backoff: Backoff;
  private state: "closed" | "opening" | "ready" = "closed";
  private greetingId: string | undefined;
  private timer: number | undefined;
  private starts = 0;
  private lastError: string | undefined;

  constructor(host: JointHost, events: JointLifeEvents) {
    this.host = host;
    this.events = events;
    this.backoff = new Backoff(host.life.restart);
  }

  get isReady(): boolean {
    return this.state === "ready";
  }

  /** Somebody wants it. It is opened, unless it is there or will be opened anyway. */
  want(): void {
    if (this.state === "closed" && this.timer === undefined) this.open();
  }

  opened(): void {
    const { host } = this;
    this.greetingId = host.mint();
    const params = { protocolVersion: LEGACY_REVISIONS[0], capabilities: {}, clientInfo: host.proxy };
    host.send([composeRequest(this.greetingId, "initialize", params)]);
    this.timer = host.after(TIMEOUT, () => this.fail(`it did not answer the handshake within ${TIMEOUT / 1000} s`));
  }

  closed(reason: string): void {
    const { host } = this;
    this.state = "closed";
    this.lastError = reason;
    this.greetingId = undefined;
    this.stopTimer();
    const { afterMs, spreadMs } = this.backoff.failed(host.now());
    this.timer = host.after(afterMs, () => this.open(), spreadMs);
    this.events.ended(reason);
  }

  /** True: it is the answer to the handshake. */
  takes(reply: ResultEnvelope | ErrorEnvelope): boolean {
    if (reply.id === undefined || reply.id !== this.greetingId) return false;
    this.greetingId = undefined;
    this.stopTimer();
    if (reply.kind === "error") {
      const message = textAt(reply.bytes, rangeAt(reply.bytes, reply.error, ["message"]));
      this.fail(`it refused the handshake: ${message ?? "it does not say why"}`);
    } else if (isJsonObject(parseContent(reply)["result"])) this.settle(reply);
    else this.fail("its answer to the handshake cannot be used");
    return true;
  }

  status(inFlight: number, mask: (text: string) => string): ServerStatus {
    const { starts, introduction } = this;
    const lastError = this.lastError === undefined ? undefined : mask(this.lastError);
    const era = introduction === undefined ? undefined : "legacy";
    const restarts = Math.max(0, starts - 1);
    return { name: this.host.server, state: this.standing(), era, restarts, lastError, inFlight };
  }

  private open(): void {
    this.timer = undefined;
    this.state = "opening";
    this.isStuck = false;
    this.starts += 1;
    this.host.open();
  }

  private settle(reply: ResultEnvelope): void {
    this.introduction = reply;
    this.state = "ready";
    this.backoff.ready(this.host.now());
    this.host.send([composeNotification("notifications/initialized")]);
    this.events.ready();
  }

  private fail(reason: string): void {
    this.host.close();
    this.closed(reason);
  }

  private stopTimer(): void {
    if (this.timer !== undefined) this.host.cancel(this.timer);
    this.timer = undefined;
  }

  private standing(): ServerStatus["state"] {
    if (this.state === "opening") return "starting";
    if (this.state === "ready") return this.isStuck ? "stuck" : "ready";
    return this.starts === 0 ? "asleep" : "down";
  }
}
