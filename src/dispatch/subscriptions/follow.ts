// Resources a client wants to hear of, made known to their servers: by `resources/subscribe`, or by listening for them, as the server's era has it.
import type { ClientSession } from "../client-session.ts";
import type { ServerLink } from "../server-link.ts";
import { listen } from "./server-listening.ts";

/** `uris` in the server's own words. `then` gets those of which it will tell. */
export function follow(
  session: ClientSession,
  link: ServerLink,
  uris: readonly string[],
  then: (told: readonly string[]) => void,
): void {
  const added = uris.filter((uri) => !link.subscriptions.has(uri));
  for (const uri of added) link.subscriptions.add(uri);
  if (link.era === "modern") {
    listen(session, link, (agreed) => {
      const told = uris.filter((uri) => agreed.uris.has(uri));
      for (const uri of added) if (!agreed.uris.has(uri)) link.subscriptions.delete(uri);
      then(told);
    });
  } else if (link.isReady) subscribe(link, added, (refused) => then(uris.filter((uri) => !refused.has(uri))));
  // It is told when it is ready.
  else then(uris);
}

/** Of those nobody else wants to hear of. */
export function unfollow(session: ClientSession, link: ServerLink, uris: readonly string[]): void {
  const { uris: wanted } = session.listeners.wantedOf(link.name);
  const dropped = uris.filter((uri) => !wanted.has(uri) && link.subscriptions.delete(uri));
  if (link.era === "modern") listen(session, link);
  else if (link.isReady) for (const uri of dropped) link.order("resources/unsubscribe", { uri });
}

function subscribe(link: ServerLink, uris: readonly string[], then: (refused: ReadonlySet<string>) => void): void {
  const refused = new Set<string>();
  let missing = uris.length;
  const arrive = (): void => {
    missing -= 1;
    if (missing === 0) then(refused);
  };
  if (missing === 0) then(refused);
  for (const uri of uris) {
    const refuse = (): void => {
      link.subscriptions.delete(uri);
      refused.add(uri);
      arrive();
    };
    const id = link.mint();
    link.awaited.set(id, {
      origin: undefined,
      onReply: (reply) => (reply.kind === "error" ? refuse() : arrive()),
      onLost: refuse,
    });
    link.send([link.compose(id, "resources/subscribe", { uri })]);
  }
}
