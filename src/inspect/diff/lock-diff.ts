// Two catalogue locks: which servers and things came, went, or are described otherwise.
import type { CatalogueLock, LockedServer } from "../../mcp/catalogue-lock.ts";
import { LISTS, type ListedKind } from "../../mcp/lists.ts";
import { differences, type Difference } from "./json-diff.ts";

export interface LockChange {
  readonly server: string;
  /** Absent: the server itself. */
  readonly thing?: { readonly kind: ListedKind; readonly own: string };
  readonly change: "added" | "removed" | "changed";
  /** Of the definition, or of how the server introduces itself. */
  readonly differences: readonly Difference[];
}

/** Servers by name, their things by kind and name. Of a server that is new or gone, nothing more is said. */
export function lockChanges(before: CatalogueLock, after: CatalogueLock): readonly LockChange[] {
  return sortedUnion(before.servers, after.servers).flatMap((server): readonly LockChange[] => {
    const [old, now] = [before.servers.get(server), after.servers.get(server)];
    if (old === undefined || now === undefined) {
      return [{ server, change: old === undefined ? "added" : "removed", differences: [] }];
    }
    return serverChanges(server, old, now);
  });
}

function serverChanges(server: string, before: LockedServer, after: LockedServer): readonly LockChange[] {
  const introduced = differences(introductionOf(before), introductionOf(after));
  const itself: readonly LockChange[] =
    introduced.length === 0 ? [] : [{ server, change: "changed", differences: introduced }];
  return itself.concat(LISTS.flatMap(({ kind }) => thingChanges(server, kind, before, after)));
}

function introductionOf({ name, version }: LockedServer): { readonly name: string; readonly version: string } {
  return { name, version };
}

function thingChanges(
  server: string,
  kind: ListedKind,
  before: LockedServer,
  after: LockedServer,
): readonly LockChange[] {
  const [old, now] = [before.things[kind], after.things[kind]];
  return sortedUnion(old, now).flatMap((own): readonly LockChange[] => {
    const [was, is] = [old.get(own), now.get(own)];
    const about = { server, thing: { kind, own } };
    if (was === undefined || is === undefined) {
      return [{ ...about, change: was === undefined ? "added" : "removed", differences: [] }];
    }
    const found = was.hash === is.hash ? [] : differences(was.definition, is.definition);
    return found.length === 0 ? [] : [{ ...about, change: "changed", differences: found }];
  });
}

function sortedUnion(one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...one.keys(), ...other.keys()])].sort();
}
