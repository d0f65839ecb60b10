// Which fields the messages of MCP have, so that a policy that asks for one that never comes can be told.
import type { FieldTree } from "./field-tree.ts";
import { PROMPT, RESOURCE, TEMPLATE, TOOL } from "./fields-of-parts.ts";
import { PARAMS } from "./fields-of-requests.ts";
import { ERROR, RESULTS } from "./fields-of-results.ts";
import type { ListedKind } from "./lists.ts";

export type { FieldTree } from "./field-tree.ts";
export type MessagePhase = "request" | "result" | "error";

const DEFINITIONS: Readonly<Record<ListedKind, FieldTree>> = {
  tool: TOOL,
  prompt: PROMPT,
  resource: RESOURCE,
  template: TEMPLATE,
};

/**
 * Of `params`, `result` or `error` as a whole; a notification's phase is `request`. Both eras in one. `undefined`: MCP
 * knows no such method, or it has no such phase.
 */
export function fieldsOf(method: string, phase: MessagePhase): FieldTree | undefined {
  switch (phase) {
    case "request":
      return PARAMS.get(method);
    case "result":
      return RESULTS.get(method);
    case "error":
      return RESULTS.has(method) ? ERROR : undefined;
  }
}

/** The definition of a thing, as it stands in its list. */
export function fieldsOfThing(kind: ListedKind): FieldTree {
  return DEFINITIONS[kind];
}

/** What `keys` lead to; entries of lists are entered without a key. `undefined`: no such field, or nothing is known there. */
export function fieldAt(fields: FieldTree | undefined, keys: readonly string[]): FieldTree | undefined {
  let at = fields;
  for (const key of keys) at = (at?.entries ?? at)?.members?.get(key);
  return at;
}
