// `completion/complete`: to the server that owns the prompt or the template that is to be filled in.
import type { ReviewedThing } from "../../engine/facts.ts";
import { INVALID_PARAMS } from "../../mcp/errors.ts";
import type { ListedKind } from "../../mcp/lists.ts";
import type { RequestEnvelope } from "../../message/envelope.ts";
import { rangeAt, textAt } from "../../message/locate.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Exchange } from "../exchanges/exchange.ts";
import { forward } from "../forward.ts";
import { whenReady } from "../life/server-life.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { ownerOf } from "./resource-owner.ts";
import { answerUnknown } from "./unknown-thing.ts";

interface Reference {
  readonly key: "name" | "uri";
  readonly kind: Extract<ListedKind, "prompt" | "template">;
  readonly thing: "prompt" | "resource";
}

const REFERENCES: ReadonlyMap<string, Reference> = new Map<string, Reference>([
  ["ref/prompt", { key: "name", kind: "prompt", thing: "prompt" }],
  ["ref/resource", { key: "uri", kind: "template", thing: "resource" }],
]);

export function requestCompletion(session: ClientSession, exchange: Exchange, envelope: RequestEnvelope): void {
  const { bytes, params, method } = envelope;
  const type = params === undefined ? undefined : textAt(bytes, rangeAt(bytes, params, ["ref", "type"]));
  const reference = REFERENCES.get(type ?? "");
  const range =
    params === undefined || reference === undefined ? undefined : rangeAt(bytes, params, ["ref", reference.key]);
  const exposed = textAt(bytes, range);
  if (reference === undefined || range === undefined || exposed === undefined) {
    exchange.error(INVALID_PARAMS, `\`${method}\` needs a \`ref\` to a prompt or a resource`);
    return;
  }
  session.catalogue.whenCurrent(() => {
    if (!exchange.isWanted) return;
    const { kind, key, thing } = reference;
    const owner = referent(session, reference, exposed);
    const again = (): void => requestCompletion(session, exchange, envelope);
    if (owner === undefined) {
      const hidden = session.catalogue.findHidden(kind, exposed);
      answerUnknown(session, exchange, { envelope, kind, exposed, hidden, again });
      return;
    }
    const { link, own } = owner;
    if (!link.serves(kind)) {
      whenReady(session, link, exchange, again);
      return;
    }
    forward(session, {
      exchange,
      envelope,
      facts: session.facts("request", method, "client", link.name, own, thing),
      from: session.client,
      to: link,
      link,
      thing: owner.thing,
      inward: own === exposed ? [] : [{ at: ["params", "ref", key], range, text: JSON.stringify(own) }],
    });
  });
}

interface Referent {
  readonly link: ServerLink;
  readonly own: string;
  readonly thing: ReviewedThing | undefined;
}

/** `ref/resource` usually carries a template as it is listed, and may carry a URI. */
function referent(session: ClientSession, { kind }: Reference, exposed: string): Referent | undefined {
  const { catalogue } = session;
  const offer = catalogue.find(kind, exposed);
  if (offer !== undefined) return { link: offer.link, own: offer.thing.own, thing: offer.thing };
  if (kind === "prompt" || catalogue.findHidden(kind, exposed) !== undefined) return undefined;
  return ownerOf(session, exposed);
}
