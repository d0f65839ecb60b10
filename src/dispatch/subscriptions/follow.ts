// Resources and tasks a client wants to hear of, made known to their servers: by `resources/subscribe`, or by listening for them, as the server's era has it.
import type { ClientSession } from "../peers/client-session.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { listen } from "./server-listening.ts";

/** In the server's own words. */
export interface Wanted {
  readonly uris: readonly string[];
  /** In the modern era only. */
  readonly tasks: readonly string[];
}

/** `then` gets those of which it will tell. */
export function follow(session: ClientSession, link: ServerLink, wanted: Wanted, then: (told: Wanted) => void): void {
  const { uris, tasks } = wanted;
  const added = uris.filter((uri) => !link.subscriptions.has(uri));
  for (const uri of added) link.subscriptions.add(uri);
  if (link.era === "modern") {
    const addedTasks = tasks.filter((id) => !link.followedTasks.has(id));
    for (const id of addedTasks) link.followedTasks.add(id);
    listen(session, link, (agreed) => {
      for (const uri of added) if (!agreed.uris.has(uri)) link.subscriptions.delete(uri);
      for (const id of addedTasks) if (!agreed.tasks.has(id)) link.followedTasks.delete(id);
      then({ uris: uris.filter((uri) => agreed.uris.has(uri)), tasks: tasks.filter((id) => agreed.tasks.has(id)) });
    });
  } else if (link.isReady)
    subscribe(link, added, (refused) => then({ uris: uris.filter((uri) => !refused.has(uri)), tasks: [] }));
  // It is told when it is ready.
  else then({ uris, tasks: [] });
}

/** Of those nobody else wants to hear of. */
export function unfollow(session: ClientSession, link: ServerLink, { uris, tasks }: Wanted): void {
  const wanted = session.listeners.wantedOf(link.name);
  const dropped = uris.filter((uri) => !wanted.uris.has(uri) && link.subscriptions.delete(uri));
  for (const id of tasks) if (!wanted.tasks.has(id)) link.followedTasks.delete(id);
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
  else link.use();
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
