// Requests that name a resource by its URI: read, subscribe, unsubscribe; to the server that owns it.
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { Range } from "../../message/json-bytes/range.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { whenReady } from "../life/server-life.ts";
import type { Continued } from "../exchanges/passage.ts";
import { answerRefused } from "../exchanges/refusing.ts";
import { parkable } from "../rounds/park.ts";
import { goOn, isAbout, refuseState, takeRound } from "../rounds/rounds.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { follow } from "../subscriptions/follow.ts";
import { listen } from "../subscriptions/server-listening.ts";
import { resultUris } from "../wording/result-uris.ts";
import { type OwnedUri, ownerOf } from "./resource-owner.ts";
import { answerUnknown } from "./unknown-thing.ts";

/** `subscribes`: `undefined` for what is neither a subscription nor the end of one. */
export function requestResource(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  subscribes: boolean | undefined,
): void {
  const { bytes, params, method } = envelope;
  const range = params === undefined ? undefined : rangeAt(bytes, params, ["uri"]);
  const exposed = textAt(bytes, range);
  if (range === undefined || exposed === undefined) {
    exchange.error(INVALID_PARAMS, `\`${method}\` needs a \`uri\``);
    return;
  }
  goOn(session, exchange, envelope, (continued) =>
    find(session, exchange, envelope, { range, exposed, subscribes, continued }),
  );
}

interface Wanted {
  readonly range: Range;
  readonly exposed: string;
  readonly subscribes: boolean | undefined;
  readonly continued: Continued | undefined;
}

function find(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope, wanted: Wanted): void {
  const { exposed, subscribes, continued } = wanted;
  session.catalogue.whenCurrent(() => {
    if (!exchange.isWanted) return;
    const hidden = session.catalogue.findHidden("resource", exposed);
    const isListed = session.catalogue.find("resource", exposed) !== undefined;
    const owner = hidden !== undefined && !isListed ? undefined : ownerOf(session, exposed);
    const again = (): void => find(session, exchange, envelope, wanted);
    if (owner === undefined) answerUnknown(session, exchange, { envelope, kind: "resource", exposed, hidden, again });
    else if (continued !== undefined && !isAbout(continued, { server: owner.link.name, own: owner.own })) {
      refuseState(session, exchange, envelope);
    } else if (!owner.link.serves("resource", "template") && continued?.reply === undefined) {
      whenReady(session, owner.link, exchange, again);
    } else if (owner.link.era === "modern" && subscribes !== undefined) {
      subscribeAtModern(session, exchange, envelope, { ...owner, subscribes });
    } else go(session, following(exchange, owner, subscribes), envelope, wanted, owner);
  });
}

function go(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  { range, exposed, continued }: Wanted,
  { link, own, thing }: OwnedUri,
): void {
  forward(session, {
    exchange: parkable(session, { exchange, envelope, link, own }),
    envelope,
    facts: session.facts("request", envelope.method, "client", link.name, own, "resource"),
    from: session.client,
    to: link,
    link,
    thing,
    inward: own === exposed ? [] : [{ at: ["params", "uri"], range, text: JSON.stringify(own) }],
    outward: resultUris(session, link),
    onInputRequired: (round) => takeRound(session, round),
    continued,
  });
}

/** Modern servers know no subscriptions by themselves: they are listened to (2026-07-28, Subscriptions). */
function subscribeAtModern(
  session: ClientSession,
  exchange: Exchange,
  envelope: RequestEnvelope,
  { link, own, thing, subscribes }: OwnedUri & { readonly subscribes: boolean },
): void {
  const facts = session.facts("request", envelope.method, "client", link.name, own, "resource");
  session.judge.hear(session.client.lane, { facts, envelope, server: link.options, thing, exchange }, (judged) => {
    if (judged.decision.verdict !== "allow") answerRefused(exchange, facts, judged);
    else if (!subscribes) {
      setSubscription(link, own, false);
      listen(session, link);
      exchange.result({});
    } else
      follow(session, link, { uris: [own], tasks: [] }, ({ uris }) => {
        if (uris.includes(own)) exchange.result({});
        else exchange.error(INVALID_PARAMS, `the server \`${link.name}\` does not tell of changes of this resource`);
      });
  });
}

/** The exchange itself, or one that keeps book of what the client wants to hear of. */
function following(exchange: Exchange, { link, own }: OwnedUri, subscribes: boolean | undefined): Exchange {
  if (subscribes === undefined) return exchange;
  const wasSubscribed = link.subscriptions.has(own);
  setSubscription(link, own, subscribes);
  return exchange.part((answer) => {
    if (answer === undefined) return;
    if (answer.code !== undefined) setSubscription(link, own, wasSubscribed);
    exchange.answer(answer.bytes, answer.code);
  });
}

/** Set before the server answers, since an update may come as soon as it has taken the request. */
function setSubscription(link: ServerLink, own: string, isOn: boolean): void {
  if (isOn) link.subscriptions.add(own);
  else link.subscriptions.delete(own);
}
