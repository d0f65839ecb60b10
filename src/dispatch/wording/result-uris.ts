// What has to be done about the URIs in a server's results: remember who handed them out, and say them as the client knows them.
import { parseContent } from "../../message/content.ts";
import type { ClientSession } from "../peers/client-session.ts";
import type { Passage } from "../exchanges/passage.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { urisIn, withUris } from "./uris.ts";

/** How many URIs of a server are remembered; the oldest are forgotten first. */
const MAX_HANDED_OUT = 10_000;

/** Without this key there is no URI to be found: most results need not be parsed for it. */
const SIGN = '"uri"';

/** Only where several servers have resources it matters whose a URI is. Under the names that are in force now. */
export function resultUris(session: ClientSession, link: ServerLink): Passage["outward"] {
  if (!hasRivals(session, link)) return undefined;
  const { names } = session.catalogue;
  return (reply) => {
    if (!reply.bytes.includes(SIGN)) return undefined;
    for (const uri of urisIn(parseContent(reply))) remember(link, uri);
    return (content) => withUris(content, (uri) => names.outwardUri(link.name, uri));
  };
}

function hasRivals(session: ClientSession, link: ServerLink): boolean {
  return (
    session.links.length > 1 &&
    hasResources(link) &&
    session.links.some((other) => other !== link && hasResources(other))
  );
}

function hasResources(link: ServerLink): boolean {
  return link.capability("resources") !== undefined;
}

function remember(link: ServerLink, uri: string): void {
  link.handedOut.delete(uri);
  link.handedOut.add(uri);
  const [oldest] = link.handedOut;
  if (oldest !== undefined && link.handedOut.size > MAX_HANDED_OUT) link.handedOut.delete(oldest);
}
