// Which fields the messages of MCP have, as data, so that a policy that asks for one that never comes can be told.

/** A member may hold fields of its own; `undefined` says nothing is known of what is inside (open). */
export interface FieldTree {
  /** By key. Absent: any key may come, nothing is known of it. */
  readonly members: ReadonlyMap<string, FieldTree> | undefined;
  /** The entries, where it is a list. */
  readonly entries: FieldTree | undefined;
  /** Besides `members`, other keys may come too (arguments, metadata, extensions). */
  readonly isOpen: boolean;
}

export type MessagePhase = "request" | "result" | "error";

/** Of `params`, `result` or `error` as a whole. `undefined`: MCP knows no such method. A notification's phase is `request`. */
export function fieldsOf(_method: string, _phase: MessagePhase): FieldTree | undefined {
  return undefined;
}

/** The definition of a thing, as it stands in its list. */
export function fieldsOfThing(_kind: "tool" | "prompt" | "resource" | "template"): FieldTree | undefined {
  return undefined;
}
