// Keys of a request that a parser which does not mind case would take for a field MCP knows.
import type { FieldTree } from "../mcp/fields.ts";
import { knownKeyAt, knownKeys, variantAt, type KnownKeys } from "./json-bytes/known-keys.ts";
import { MemberWalk } from "./json-bytes/member-walk.ts";
import type { Range } from "./json-bytes/range.ts";
import { OPEN_LIST } from "./json-bytes/scan.ts";

const KEYS_OF_TREES = new WeakMap<FieldTree, KnownKeys>();

/** The known field that some key below `range` could be taken for. Bodies that MCP does not know are not looked into. */
export function misspeltField(bytes: Buffer, range: Range, fields: FieldTree): string | undefined {
  const walk = new MemberWalk(bytes, range);
  if (bytes[range.start] === OPEN_LIST)
    return inEntries(bytes, walk, fields.kind === "either" ? fields : fields.entries);
  if (fields.members === undefined) return undefined;
  const known = keysOf(fields, fields.members);
  while (walk.next()) {
    const name = knownKeyAt(bytes, walk.keyStart, walk.keyEnd, known);
    const found =
      name === undefined
        ? variantAt(bytes, walk.keyStart, walk.keyEnd, known)
        : below(bytes, walk, fields.members.get(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function inEntries(bytes: Buffer, walk: MemberWalk, entry: FieldTree | undefined): string | undefined {
  while (walk.next()) {
    const found = below(bytes, walk, entry);
    if (found !== undefined) return found;
  }
  return undefined;
}

function below(bytes: Buffer, walk: MemberWalk, fields: FieldTree | undefined): string | undefined {
  if (fields === undefined || fields.kind === "scalar" || fields.kind === "any") return undefined;
  return misspeltField(bytes, walk.value(), fields);
}

function keysOf(fields: FieldTree, members: ReadonlyMap<string, FieldTree>): KnownKeys {
  let keys = KEYS_OF_TREES.get(fields);
  if (keys === undefined) {
    keys = knownKeys([...members.keys()]);
    KEYS_OF_TREES.set(fields, keys);
  }
  return keys;
}
