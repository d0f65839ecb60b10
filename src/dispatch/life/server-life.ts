// How servers come and go while a client is there: started when they are needed, started again when they end, and waited for meanwhile.
import { UNREACHABLE } from "../../mcp/errors.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { forgetTasks } from "../tasks/sealed-task.ts";
import { bareReason, unreachable } from "./unreachable.ts";

/** How long a request waits for a server, in milliseconds: for one that has ended, and for one that is started for it. */
const PATIENCE = { again: 5000, first: 10_000 };

/** At once, and side by side: they are greeted when the client is. */
export function openServers(session: ClientSession): void {
  for (const link of session.links) if (link.life.start === "eager") start(session, link);
}

/** It cannot be used: whoever waits for an answer of its gets one, the others go on without it, and it is started again. */
export function dismiss(session: ClientSession, link: ServerLink, because: string): void {
  const { outside } = session;
  const reason = bareReason(link.name, because);
  // Nobody is to be told any more that it is there and has this and that, before it says so itself.
  if (!link.hasServed) session.known.recollections.forget(link);
  link.isReady = false;
  forgetTasks(session, link);
  link.failures += 1;
  // Who fails for the same reason again and again says nothing new.
  if (link.failures === 1 || reason !== link.goneBecause) outside.report("error", reason, link.name);
  link.goneBecause = reason;
  link.lose(UNREACHABLE, sayUnreachable(link));
  const { afterMs, spreadMs } = link.backoff.failed(outside.now);
  outside.after(afterMs, () => start(session, link), spreadMs);
  // One that is shared may be there again before this session would have asked for it.
  if (link.life.share) link.begin();
  session.catalogue.lose();
  session.onServerKnown?.();
}

/** What it was sent before may still arrive. */
export function noteStuck(session: ClientSession, link: ServerLink, isStuck: boolean): void {
  link.isStuck = isStuck;
  session.outside.report("warn", isStuck ? STUCK : "takes what it is sent again", link.name);
}

const STUCK = "does not take what it is sent; until it does, its requests are answered 5030";

/** Its handshake is done. */
export function welcome(session: ClientSession, link: ServerLink): void {
  const { outside } = session;
  if (link.failures > 0) outside.report("info", `is there again, after ${times(link.failures)}`, link.name);
  session.known.laggards.greeting.delete(link.name);
  link.isReady = true;
  link.failures = 0;
  link.backoff.ready(outside.now);
  attend(link);
}

/** It is up, or has listed something: whoever waited for that goes on. */
export function attend(link: ServerLink): void {
  const { waiting } = link;
  link.waiting = [];
  for (const action of waiting) action();
}

/**
 * True: one of the servers that `wants` picks is not up yet, or has not listed what it has, which is only remembered; it may
 * turn out to have more, so `again` runs then. One that was not started yet is not started for that.
 */
export function awaitExpected(
  session: ClientSession,
  exchange: Exchange,
  wants: (link: ServerLink) => boolean,
  again: () => void,
): boolean {
  const expected = session.links.find((link) => link.failures === 0 && !link.isAsleep && wants(link));
  if (expected !== undefined) whenReady(session, expected, exchange, again);
  return expected !== undefined;
}

/** Runs `action`, which puts the request before the policy, once the server can take it; the exchange ends when that takes too long. */
export function whenReady(session: ClientSession, link: ServerLink, exchange: Exchange, action: () => void): void {
  const { outside } = session;
  exchange.waitsUntil ??= outside.now + (link.failures > 0 ? PATIENCE.again : PATIENCE.first);
  const goOn = outside.later(() => {
    outside.cancel(timer);
    action();
  });
  const timer = outside.after(Math.max(0, exchange.waitsUntil - outside.now), () => {
    link.waiting = link.waiting.filter((waiting) => waiting !== goOn);
    exchange.error(UNREACHABLE, outside.mask(sayUnreachable(link)));
  });
  link.waiting.push(goOn);
  if (link.isAsleep) start(session, link);
}

/** Runs `action`, for a notification, once all that waits for the server before it has gone on, and the server is up if it is expected. */
export function inTurn(session: ClientSession, link: ServerLink, action: () => void): void {
  const { outside, client, options } = session;
  const isAwaited = link.isExpected && !link.isReady && !link.isAsleep;
  if (link.waiting.length === 0 && !isAwaited) action();
  else if (link.waiting.length < options.limits.inFlight)
    link.waiting.push(outside.later(() => inTurn(session, link, action)));
  else if (client.mayBeComplainedOf()) outside.report("warn", TOO_MANY, link.name);
}

const TOO_MANY = "is slow to start, and too much waits for it: a notification of the client was dropped";

function sayUnreachable({ name, goneBecause }: ServerLink): string {
  return unreachable(name, goneBecause === "" ? "it is slow to start" : goneBecause);
}

export function start(session: ClientSession, link: ServerLink): void {
  if (link.isOpen && !link.isGone) return;
  link.begin();
  session.outside.command({ kind: "open-server", client: session.id, server: link.name });
}

function times(count: number): string {
  return count === 1 ? "one failure" : `${count} failures`;
}
