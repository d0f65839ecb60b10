// The lists of all servers as one page: each entry byte for byte as its server sent it, wherever nothing has to be changed in it.
import type { ExposedThing, NameTable } from "../engine/names.ts";
import type { JsonValue } from "../mcp/json.ts";
import type { ListFacts } from "../mcp/lists.ts";
import { contentEdits } from "../message/content-edits.ts";
import { jsonText } from "../message/json-text.ts";
import { splice, type Edit } from "../message/splice.ts";
import type { ServerLink } from "./server-link.ts";
import { withInterfaceUri } from "./uris.ts";

/** Gives back the same value when it changes nothing, and none when it may not be shown. */
export type Mask = (value: JsonValue) => JsonValue | undefined;

/**
 * The `result` of a list request. `links`: whose entries are shown, in settings order. Entries were reviewed one by
 * one; what stands beside them was not, so it passes `mask`.
 */
export function mergedList(list: ListFacts, names: NameTable, links: readonly ServerLink[], mask: Mask): Buffer {
  const byName = new Map(links.map((link) => [link.name, link]));
  const pieces: Buffer[] = [Buffer.from(`{${JSON.stringify(list.member)}:[`)];
  const comma = Buffer.from(",");
  for (const exposed of names.exposed(list.kind)) {
    const link = byName.get(exposed.server);
    const entry = link === undefined ? [] : entryBytes(list, names, link, exposed);
    if (entry.length > 0) pieces.push(...(pieces.length === 1 ? [] : [comma]), ...entry);
  }
  pieces.push(Buffer.from(`]${extrasOf(list, links, mask)}}`));
  return Buffer.concat(pieces);
}

function entryBytes(
  list: ListFacts,
  names: NameTable,
  link: ServerLink,
  { exposed, thing }: ExposedThing,
): readonly Buffer[] {
  const entry = link.list(list.kind).entry(thing.own);
  if (entry === undefined) return [];
  const before: JsonValue = entry.definition;
  const linked =
    list.kind === "tool"
      ? withInterfaceUri(thing.definition, (uri) => names.outwardUri(link.name, uri))
      : thing.definition;
  const after = exposed === thing.own ? linked : { ...linked, [list.identity]: exposed };
  const edits: Edit[] = [];
  contentEdits(entry.bytes, { start: 0, end: entry.bytes.length }, before, after, edits);
  return splice(entry.bytes, edits);
}

/** What stands beside the entries (`_meta`, and whatever is not known yet); of two servers' the earlier one's. */
function extrasOf(list: ListFacts, links: readonly ServerLink[], mask: Mask): string {
  const extras = new Map<string, string>();
  for (const link of links) {
    for (const [key, text] of link.list(list.kind).known?.extras ?? []) {
      if (!extras.has(key)) extras.set(key, text);
    }
  }
  return [...extras].map(([key, text]) => memberText(key, text, mask)).join("");
}

function memberText(key: string, text: string, mask: Mask): string {
  const value = JSON.parse(text) as JsonValue;
  const shown = mask(value);
  return shown === undefined ? "" : `,${jsonText(key)}:${shown === value ? text : jsonText(shown)}`;
}
