// How the fields of a message are written down: objects, lists, single values, and what nobody can know.

export interface FieldTree {
  /** `either`: one of it or a list of it, with the same `members`. `any`: nothing is known of it. */
  readonly kind: "object" | "list" | "either" | "scalar" | "any";
  /** By key; of objects only. */
  readonly members: ReadonlyMap<string, FieldTree> | undefined;
  /** Of lists only: where there are `entries`, MCP's schema says array. */
  readonly entries: FieldTree | undefined;
  /** Besides `members`, other keys may come too (arguments, metadata, results of later revisions). */
  readonly isOpen: boolean;
}

export type Members = Readonly<Record<string, FieldTree>>;

/** Text, number, boolean or null. */
export const SCALAR: FieldTree = { kind: "scalar", members: undefined, entries: undefined, isOpen: false };
export const ANY: FieldTree = { kind: "any", members: undefined, entries: undefined, isOpen: true };

/** Keys that are not named here are mistakes. */
export function closed(members: Members): FieldTree {
  return { kind: "object", members: new Map(Object.entries(members)), entries: undefined, isOpen: false };
}

/** Keys that are not named here may come too. */
export function open(members: Members): FieldTree {
  return { ...closed(members), isOpen: true };
}

export function list(entries: FieldTree): FieldTree {
  return { kind: "list", members: undefined, entries, isOpen: false };
}

export function oneOrList(entry: FieldTree): FieldTree {
  return { ...entry, kind: "either" };
}

export function scalars<Name extends string>(...names: readonly Name[]): Readonly<Record<Name, FieldTree>> {
  return Object.fromEntries(names.map((name) => [name, SCALAR])) as Record<Name, FieldTree>;
}
