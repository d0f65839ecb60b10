// What has to be done about the URIs in a server's results: say them as the client knows them, and remember who handed them out.
import type { Content } from "../engine/decision.ts";
import { parseContent } from "../message/content.ts";
import type { ClientSession } from "./client-session.ts";
import type { Passage } from "./forward.ts";
import type { Reply } from "./peer.ts";
import type { ServerLink } from "./server-link.ts";
import { urisIn, withUris } from "./uris.ts";

/** How many URIs of a server are remembered; the oldest are forgotten first. */
const MAX_HANDED_OUT = 10_000;

/** The spelling that both official SDKs and JSON.stringify give these keys and types. */
const SIGN = '"resource';

type ResultUris = Pick<Passage, "outward" | "watch">;

const NOTHING_TO_DO: ResultUris = {};

/** Under the names that are in force now, which the request keeps until its reply has gone out. */
export function resultUris(session: ClientSession, link: ServerLink): ResultUris {
  const { catalogue } = session;
  const isRenamed = catalogue.renamesUrisOf(link);
  if (!isRenamed && !hasRivals(session, link)) return NOTHING_TO_DO;
  const { names } = catalogue;
  const outward = (content: Content): Content => withUris(content, (uri) => names.outwardUri(link.name, uri));
  return { outward: isRenamed ? outward : undefined, watch: (reply) => remember(link, reply) };
}

/** Only where several servers have resources it matters who handed a URI out. */
function hasRivals(session: ClientSession, link: ServerLink): boolean {
  const hasResources = (one: ServerLink): boolean => one.capability("resources") !== undefined;
  return hasResources(link) && session.links.some((other) => other !== link && hasResources(other));
}

function remember(link: ServerLink, reply: Reply): void {
  if (reply.kind !== "result" || !reply.bytes.includes(SIGN)) return;
  for (const uri of urisIn(parseContent(reply))) {
    link.handedOut.delete(uri);
    link.handedOut.add(uri);
  }
  for (const oldest of link.handedOut) {
    if (link.handedOut.size <= MAX_HANDED_OUT) return;
    link.handedOut.delete(oldest);
  }
}
