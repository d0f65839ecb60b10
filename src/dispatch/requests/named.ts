// Requests that name a tool or a prompt: to the server that owns the name, which hears its own.
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { whenReady } from "../life/server-life.ts";
import type { Offer } from "../lists/offering.ts";
import type { Continued } from "../exchanges/passage.ts";
import { parkable } from "../rounds/park.ts";
import { goOn, isAbout, refuseState, takeRound } from "../rounds/rounds.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { asksForTask, withoutTask } from "../tasks/asked-for.ts";
import { makesTasks } from "../tasks/task-support.ts";
import { refuseMismatch } from "../wording/mirrored-arguments.ts";
import type { Placement } from "../wording/placement.ts";
import { resultUris } from "../wording/result-uris.ts";
import { answerUnknown } from "./unknown-thing.ts";

type NamedKind = "tool" | "prompt";

const NAME = ["name"];
const NAME_IN_CONTENT = ["params", "name"];

export function requestNamed(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  kind: NamedKind,
): void {
  const { bytes, params, method } = envelope;
  const range = params === undefined ? undefined : rangeAt(bytes, params, NAME);
  const exposed = textAt(bytes, range);
  if (range === undefined || exposed === undefined) {
    exchange.error(INVALID_PARAMS, `\`${method}\` needs a \`name\``);
    return;
  }
  goOn(session, exchange, envelope, (continued) =>
    find(session, exchange, envelope, { kind, exposed, range, continued }),
  );
}

function find(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, named: Named): void {
  const { catalogue } = session;
  if (catalogue.isCurrent) findNow(session, exchange, envelope, named);
  else catalogue.whenCurrent(() => findNow(session, exchange, envelope, named));
}

function findNow(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, named: Named): void {
  const offer = session.catalogue.find(named.kind, named.exposed);
  if (offer === undefined) seek(session, exchange, envelope, named);
  else go(session, exchange, envelope, named, offer);
}

interface Named {
  readonly kind: NamedKind;
  readonly exposed: string;
  readonly range: Range;
  readonly continued: Continued | undefined;
  /** Its server did not take the headers that were made from what it had said of the tool before. */
  readonly isSecondTry?: boolean;
}

/** A name that is not listed may have come up since; a hidden one is known well enough. */
function seek(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, named: Named): void {
  const { kind, exposed } = named;
  const { catalogue } = session;
  const hidden = catalogue.findHidden(kind, exposed);
  const again = (): void => find(session, exchange, envelope, named);
  if (hidden !== undefined) {
    answerUnknown(session, exchange, { envelope, kind, exposed, hidden, again });
    return;
  }
  catalogue.lookAgain(kind, () =>
    catalogue.whenCurrent(() => {
      const offer = catalogue.find(kind, exposed);
      if (offer !== undefined) go(session, exchange, envelope, named, offer);
      else {
        const hiddenNow = catalogue.findHidden(kind, exposed);
        answerUnknown(session, exchange, { envelope, kind, exposed, hidden: hiddenNow, again });
      }
    }),
  );
}

function go(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  named: Named,
  { link, thing }: Offer,
): void {
  if (!exchange.isWanted) return;
  const { kind, exposed, range, continued } = named;
  if (continued !== undefined && !isAbout(continued, { server: link.name, own: thing.own })) {
    refuseState(session, exchange, envelope);
    return;
  }
  if (!link.serves(kind) && continued?.reply === undefined) {
    whenReady(session, link, exchange, () => find(session, exchange, envelope, named));
    return;
  }
  const { own, definition } = thing;
  const given = exchange.stream === undefined ? undefined : session.mirrored.get(exchange.stream);
  if (kind === "tool" && refuseMismatch(exchange, envelope, given, definition)) return;
  const inward: Placement[] = own === exposed ? [] : [{ at: NAME_IN_CONTENT, range, text: JSON.stringify(own) }];
  forward(session, {
    exchange: parkable(session, { exchange, envelope, link, own }),
    envelope,
    facts: session.facts("request", envelope.method, "client", link.name, own, kind),
    from: session.client,
    to: link,
    link,
    thing,
    inward,
    adapt: asksForTask(envelope) && !(kind === "tool" && makesTasks(link)) ? withoutTask : undefined,
    outward: resultUris(session, link),
    onInputRequired: (round) => takeRound(session, round),
    onMismatch: isRelookable(link, named) ? () => tryAgain(session, exchange, envelope, named) : undefined,
    continued,
  });
}

/** Only over HTTP, in the modern era, has a request headers of that kind; and a second time they are as they should be. */
function isRelookable({ options, era }: ServerLink, { kind, isSecondTry }: Named): boolean {
  return kind === "tool" && options.transport === "http" && era === "modern" && isSecondTry !== true;
}

/** The tool may be another by now (2026-07-28, Streamable HTTP, Client Behavior). */
function tryAgain(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, named: Named): void {
  session.catalogue.lookAgain(named.kind, () => find(session, exchange, envelope, { ...named, isSecondTry: true }));
}
