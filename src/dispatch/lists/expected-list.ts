// What a server that has not said yet what it has is expected to have: what the lock says. Its names are kept for it.
import type { CatalogueLock, LockedServer } from "../../mcp/catalogue-lock.ts";
import type { ListFacts } from "../../mcp/lists.ts";
import { jsonText } from "../../message/json-text.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { KnownList } from "./server-list.ts";

const made = new WeakMap<LockedServer, Map<string, KnownList>>();

/** The same list for the same lock. `undefined`: nothing is expected, or the server said that it has nothing of the kind. */
export function expectedList(
  link: ServerLink,
  { kind, capability }: ListFacts,
  lock: CatalogueLock | undefined,
): KnownList | undefined {
  const locked = lock?.servers.get(link.name);
  const hasNone = link.introduction !== undefined && link.capability(capability) === undefined;
  if (locked === undefined || hasNone || locked.things[kind].size === 0) return undefined;
  const lists = made.get(locked) ?? new Map<string, KnownList>();
  made.set(locked, lists);
  const list = lists.get(kind) ?? listOf(locked, kind);
  lists.set(kind, list);
  return list;
}

function listOf({ things }: LockedServer, kind: ListFacts["kind"]): KnownList {
  const entries = [...things[kind].values()].map(({ definition }) => ({
    definition,
    bytes: Buffer.from(jsonText(definition)),
  }));
  return { entries, extras: new Map() };
}
