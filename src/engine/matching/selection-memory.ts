// What was selected before, by identity: a bounded table that dies with its revision.
import type { Facts, Principal } from "../facts.ts";
import type { Revision } from "../policy-store.ts";
import type { Selection } from "./selection.ts";

/** Selections of all principals together. When it is full it starts anew: the next ones cost a few microseconds. */
const MOST_SELECTIONS = 8192;

/** Who counts as the same: whatever a rule can ask of a principal before it reads a body. */
interface PrincipalClass {
  /** By kind and sender, then method, server and name. */
  readonly slots: ByMethod[];
}

type ByMethod = Map<string, Map<string | undefined, Map<string | undefined, Selection>>>;

export interface SelectionMemory {
  recall(facts: Facts): Selection | undefined;
  keep(facts: Facts, selection: Selection): void;
}

const MEMORIES = new WeakMap<Revision, SelectionMemory>();

export function memoryOf(revision: Revision): SelectionMemory {
  const known = MEMORIES.get(revision);
  if (known) return known;
  const memory = createMemory(revision);
  MEMORIES.set(revision, memory);
  return memory;
}

function createMemory({ translations }: Revision): SelectionMemory {
  let classes = new Map<string, PrincipalClass>();
  let byPrincipal = new WeakMap<Principal, PrincipalClass>();
  let held = 0;
  const classOf = (principal: Principal): PrincipalClass => {
    const known = byPrincipal.get(principal);
    if (known) return known;
    // What is settled may hold a reason, in the language of who gets it.
    const key = keyOf(principal, translations?.languageFor(principal, undefined));
    const found = classes.get(key) ?? { slots: Array.from({ length: SLOTS }, () => new Map()) };
    classes.set(key, found);
    byPrincipal.set(principal, found);
    return found;
  };
  return {
    recall: (facts) => {
      const slot = classOf(facts.principal).slots[slotOf(facts)];
      return slot?.get(facts.method)?.get(facts.server)?.get(facts.name);
    },
    keep: (facts, selection) => {
      if (held >= MOST_SELECTIONS) {
        classes = new Map();
        byPrincipal = new WeakMap();
        held = 0;
      }
      const slot = classOf(facts.principal).slots[slotOf(facts)];
      if (slot) put(slot, facts, selection);
      held += 1;
    },
  };
}

const KINDS = { request: 0, notification: 1, result: 2, error: 3 } as const;
const THINGS = { tool: 0, prompt: 1, resource: 2 } as const;
const SLOTS = 4 * 2 * 4;

function slotOf({ kind, from, thing }: Facts): number {
  return (KINDS[kind] * 2 + (from === "client" ? 0 : 1)) * 4 + (thing ? THINGS[thing] : 3);
}

function put(slot: ByMethod, { method, server, name }: Facts, selection: Selection): void {
  const byServer = slot.get(method) ?? new Map<string | undefined, Map<string | undefined, Selection>>();
  const byName = byServer.get(server) ?? new Map<string | undefined, Selection>();
  byName.set(name, selection);
  byServer.set(server, byName);
  slot.set(method, byServer);
}

function keyOf({ client, user, profile }: Principal, language: string | undefined): string {
  const { name, version, title } = client ?? {};
  return JSON.stringify([name, version, title, user ? [user.id, user.groups] : null, profile, language]);
}
