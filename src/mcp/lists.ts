// The four lists of a server's things: which request asks, which member of the result holds them, what identifies one.

export type ListedKind = "tool" | "prompt" | "resource" | "template";

export interface ListFacts {
  readonly kind: ListedKind;
  readonly method: string;
  /** The member of `result` that holds the entries. */
  readonly member: string;
  /** The member of an entry that identifies it. */
  readonly identity: string;
  /** What a server sends when the list is another. */
  readonly changed: string;
  /** The capability a server declares when it has any. */
  readonly capability: string;
}

export const LISTS: readonly ListFacts[] = [
  {
    kind: "tool",
    method: "tools/list",
    member: "tools",
    identity: "name",
    changed: "notifications/tools/list_changed",
    capability: "tools",
  },
  {
    kind: "prompt",
    method: "prompts/list",
    member: "prompts",
    identity: "name",
    changed: "notifications/prompts/list_changed",
    capability: "prompts",
  },
  {
    kind: "resource",
    method: "resources/list",
    member: "resources",
    identity: "uri",
    changed: "notifications/resources/list_changed",
    capability: "resources",
  },
  {
    kind: "template",
    method: "resources/templates/list",
    member: "resourceTemplates",
    identity: "uriTemplate",
    changed: "notifications/resources/list_changed",
    capability: "resources",
  },
];

export function listOfMethod(method: string): ListFacts | undefined {
  return LISTS.find((list) => list.method === method);
}

export function listOfKind(kind: ListedKind): ListFacts {
  const found = LISTS.find((list) => list.kind === kind);
  if (found === undefined) throw new Error(`no list of ${kind}`);
  return found;
}
