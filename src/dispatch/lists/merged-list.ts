// The lists of all servers as one page: each entry byte for byte as its server sent it, wherever nothing has to be changed in it.
import type { ExposedThing, NameTable } from "../../engine/names/names.ts";
import { maskSecrets } from "../../engine/telling/masking.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import type { ListFacts } from "../../mcp/lists.ts";
import { contentEdits } from "../../message/edits/content-edits.ts";
import { splice, type Edit } from "../../message/edits/splice.ts";
import type { ServerLink } from "../peers/server-link.ts";
import { makesTasks, withoutTaskSupport } from "../tasks/task-support.ts";
import { withInterfaceUri } from "../wording/uris.ts";
import { listExtras, type Mask } from "./list-extras.ts";

export interface Merging {
  /** Entries were reviewed one by one; what stands beside them was not, so it passes this. */
  readonly mask: Mask;
  /** What rules supplied to a server, and it may tell of since, without any review. */
  readonly secretsOf: (link: ServerLink) => readonly string[];
  /** In the modern era: as whom the proxy answers. */
  readonly proxy: JsonObject | undefined;
  /** The client was told that calls may become tasks. */
  readonly hasTasks: boolean;
}

/** The `result` of a list request. `links`: whose entries are shown, in settings order. */
export function mergedList(
  list: ListFacts,
  names: NameTable,
  links: readonly ServerLink[],
  { mask, secretsOf, proxy, hasTasks }: Merging,
): Buffer {
  const byName = new Map(links.map((link) => [link.name, link]));
  const pieces: Buffer[] = [Buffer.from(`{${JSON.stringify(list.member)}:[`)];
  const comma = Buffer.from(",");
  for (const exposed of names.exposed(list.kind)) {
    const link = byName.get(exposed.server);
    const isMisleading = hasTasks && link !== undefined && !makesTasks(link);
    const entry =
      link === undefined ? [] : entryBytes(list, names, { link, isMisleading, secrets: secretsOf(link) }, exposed);
    if (entry.length > 0) pieces.push(...(pieces.length === 1 ? [] : [comma]), ...entry);
  }
  pieces.push(Buffer.from(`]${listExtras(list, links, mask, proxy)}}`));
  return Buffer.concat(pieces);
}

interface Source {
  readonly link: ServerLink;
  readonly isMisleading: boolean;
  readonly secrets: readonly string[];
}

function entryBytes(
  list: ListFacts,
  names: NameTable,
  { link, isMisleading, secrets }: Source,
  { exposed, thing }: ExposedThing,
): readonly Buffer[] {
  const entry = link.list(list.kind).entry(thing.own);
  if (entry === undefined) return [];
  const before: JsonValue = entry.definition;
  const linked =
    list.kind === "tool"
      ? withInterfaceUri(thing.definition, (uri) => names.outwardUri(link.name, uri))
      : thing.definition;
  const told = secrets.length === 0 ? linked : withoutSecrets(linked, secrets, list);
  const shown = isMisleading ? withoutTaskSupport(told) : told;
  const after = exposed === thing.own ? shown : { ...shown, [list.identity]: exposed };
  const edits: Edit[] = [];
  contentEdits(entry.bytes, { start: 0, end: entry.bytes.length }, before, after, edits);
  return splice(entry.bytes, edits);
}

/** It is called by what it is called, so that stays. Of what cannot be masked no more is told than that it is there. */
function withoutSecrets(definition: JsonObject, secrets: readonly string[], { kind, identity }: ListFacts): JsonObject {
  const own = definition[identity] ?? null;
  const masked = maskSecrets(definition, secrets);
  if (isJsonObject(masked)) return masked === definition ? definition : { ...masked, [identity]: own };
  return { name: own, [identity]: own, ...(kind === "tool" && { inputSchema: { type: "object" } }) };
}
