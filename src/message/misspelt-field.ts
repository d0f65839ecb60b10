// Keys of a request that a parser which does not mind case would take for a field MCP knows.
import type { FieldTree } from "../mcp/fields.ts";
import { knownKeyAt, knownKeys, variantAt, type KnownKeys } from "./known-keys.ts";
import { MemberWalk } from "./member-walk.ts";
import type { Range } from "./range.ts";

const KEYS_OF_TREES = new WeakMap<FieldTree, KnownKeys>();

/** The known field that some key below `range` could be taken for. Bodies that MCP does not know are not looked into. */
export function misspeltField(bytes: Buffer, range: Range, fields: FieldTree): string | undefined {
  const walk = new MemberWalk(bytes, range);
  if (fields.members === undefined) return fields.entries && inEntries(bytes, walk, fields.entries);
  const known = keysOf(fields, fields.members);
  while (walk.next()) {
    const name = knownKeyAt(bytes, walk.keyStart, walk.keyEnd, known);
    const found =
      name === undefined
        ? variantAt(bytes, walk.keyStart, walk.keyEnd, known)
        : below(bytes, walk.value(), fields.members.get(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function inEntries(bytes: Buffer, walk: MemberWalk, entry: FieldTree): string | undefined {
  while (walk.next()) {
    const found = below(bytes, walk.value(), entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

function below(bytes: Buffer, range: Range, fields: FieldTree | undefined): string | undefined {
  if (fields?.members === undefined && fields?.entries === undefined) return undefined;
  return misspeltField(bytes, range, fields);
}

function keysOf(fields: FieldTree, members: ReadonlyMap<string, FieldTree>): KnownKeys {
  let keys = KEYS_OF_TREES.get(fields);
  if (keys === undefined) {
    keys = knownKeys([...members.keys()]);
    KEYS_OF_TREES.set(fields, keys);
  }
  return keys;
}
