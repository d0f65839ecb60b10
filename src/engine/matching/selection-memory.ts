// What was selected before, by identity: a bounded table that goes with its revision, or with the first message that another one judges.
import type { Facts, Principal } from "../facts.ts";
import { userIdentity } from "../gates/user-identity.ts";
import type { Revision } from "../policy-store.ts";
import type { Selection } from "./selection.ts";

/** Selections of all principals together. When it is full it starts anew: the next ones cost a few microseconds. */
const MOST_SELECTIONS = 8192;

/** Who counts as the same: whatever a rule can ask of a principal before it reads a body. */
interface PrincipalClass {
  /** By kind and sender. */
  readonly slots: readonly Slot[];
}

/** By method, server and name. */
interface Slot {
  readonly all: ByMethod;
  /** What was asked for last: the same client asks for the same thing again, more often than not. */
  last: (Pick<Facts, "method" | "server" | "name"> & { readonly selection: Selection }) | undefined;
}

type ByMethod = Map<string, Map<string | undefined, Map<string | undefined, Selection>>>;

export interface SelectionMemory {
  recall(facts: Facts): Selection | undefined;
  keep(facts: Facts, selection: Selection): void;
}

const MEMORIES = new WeakMap<Revision, SelectionMemory>();

/** One is asked for again and again: it is found without a search. */
let latest: { readonly revision: Revision; readonly memory: SelectionMemory } | undefined;

export function memoryOf(revision: Revision): SelectionMemory {
  if (latest?.revision === revision) return latest.memory;
  const memory = MEMORIES.get(revision) ?? createMemory(revision);
  MEMORIES.set(revision, memory);
  latest = { revision, memory };
  return memory;
}

function createMemory({ translations }: Revision): SelectionMemory {
  let classes = new Map<string, PrincipalClass>();
  let byPrincipal = new WeakMap<Principal, PrincipalClass>();
  let held = 0;
  let latestPrincipal: Principal | undefined;
  let latestClass: PrincipalClass | undefined;
  const classOf = (principal: Principal): PrincipalClass => {
    if (latestClass !== undefined && principal === latestPrincipal) return latestClass;
    latestPrincipal = principal;
    latestClass = knownClassOf(principal);
    return latestClass;
  };
  const knownClassOf = (principal: Principal): PrincipalClass => {
    const known = byPrincipal.get(principal);
    if (known) return known;
    // What is settled may hold a reason, in the language of who gets it.
    const key = keyOf(principal, translations?.languageFor(principal, undefined));
    const found = classes.get(key) ?? { slots: Array.from({ length: SLOTS }, newSlot) };
    classes.set(key, found);
    byPrincipal.set(principal, found);
    return found;
  };
  return {
    recall: (facts) => {
      const slot = classOf(facts.principal).slots[slotOf(facts)];
      return slot && recallIn(slot, facts);
    },
    keep: (facts, selection) => {
      if (held >= MOST_SELECTIONS) {
        classes = new Map();
        byPrincipal = new WeakMap();
        latestClass = undefined;
        held = 0;
      }
      const slot = classOf(facts.principal).slots[slotOf(facts)];
      if (slot) put(slot, facts, selection);
      held += 1;
    },
  };
}

const SLOTS = 4 * 2 * 4;

/** Looked up in a table by name, these two would cost as much as the rest of a recall. */
function slotOf({ kind, from, thing }: Facts): number {
  return (placeOfKind(kind) * 2 + (from === "client" ? 0 : 1)) * 4 + placeOfThing(thing);
}

function placeOfKind(kind: Facts["kind"]): number {
  switch (kind) {
    case "request":
      return 0;
    case "notification":
      return 1;
    case "result":
      return 2;
    case "error":
      return 3;
  }
}

function placeOfThing(thing: Facts["thing"]): number {
  switch (thing) {
    case "tool":
      return 0;
    case "prompt":
      return 1;
    case "resource":
      return 2;
    case undefined:
      return 3;
  }
}

function newSlot(): Slot {
  return { all: new Map(), last: undefined };
}

function recallIn(slot: Slot, { method, server, name }: Facts): Selection | undefined {
  const { last } = slot;
  if (last?.method === method && last.server === server && last.name === name) return last.selection;
  const selection = slot.all.get(method)?.get(server)?.get(name);
  if (selection !== undefined) slot.last = { method, server, name, selection };
  return selection;
}

function put({ all }: Slot, { method, server, name }: Facts, selection: Selection): void {
  const byServer = all.get(method) ?? new Map<string | undefined, Map<string | undefined, Selection>>();
  const byName = byServer.get(server) ?? new Map<string | undefined, Selection>();
  byName.set(name, selection);
  byServer.set(server, byName);
  all.set(method, byServer);
}

function keyOf({ client, user, profile }: Principal, language: string | undefined): string {
  const { name, version, title } = client ?? {};
  return JSON.stringify([name, version, title, user ? [...userIdentity(user), user.groups] : null, profile, language]);
}
