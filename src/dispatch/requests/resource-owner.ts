// Which server a URI belongs to, and what it is called there.
import type { ReviewedThing } from "../../engine/facts.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { ServerLink } from "../peers/server-link.ts";

export interface OwnedUri {
  readonly link: ServerLink;
  /** As the server says it. */
  readonly own: string;
  /** When it is listed. */
  readonly thing: ReviewedThing | undefined;
}

/**
 * One owner, or nobody: who lists it, else who handed it out in this session, else the longest template that fits,
 * else the only server with resources. The earlier server wins ties.
 */
export function ownerOf(session: ClientSession, uri: string): OwnedUri | undefined {
  const { catalogue } = session;
  const offer = catalogue.find("resource", uri);
  if (offer !== undefined) return { link: offer.link, own: offer.thing.own, thing: offer.thing };
  return byHand(session, uri) ?? byTemplate(session, uri) ?? bySolitude(session, uri);
}

function byHand({ links, catalogue }: ClientSession, uri: string): OwnedUri | undefined {
  for (const link of links) {
    const prefix = `${link.name}+`;
    const candidates = uri.startsWith(prefix) ? [uri, uri.slice(prefix.length)] : [uri];
    const own = candidates.find((one) => link.handedOut.has(one) && catalogue.names.outwardUri(link.name, one) === uri);
    if (own !== undefined) return { link, own, thing: undefined };
  }
  return undefined;
}

function byTemplate(session: ClientSession, uri: string): OwnedUri | undefined {
  const found = session.catalogue.names.byTemplate(uri);
  const link = found === undefined ? undefined : session.link(found.server);
  return found === undefined || link === undefined ? undefined : { link, own: found.own, thing: undefined };
}

function bySolitude({ links }: ClientSession, uri: string): OwnedUri | undefined {
  const able = links.filter((link) => link.capability("resources") !== undefined);
  const [link] = able;
  return link === undefined || able.length > 1 ? undefined : { link, own: uri, thing: undefined };
}
