// What stands beside the entries of a list: of all servers together, in the words of the era in which the client asks.
import type { JsonObject, JsonValue } from "../../mcp/json.ts";
import { isJsonObject } from "../../mcp/json.ts";
import type { ListFacts } from "../../mcp/lists.ts";
import { jsonText } from "../../message/json-text.ts";
import { completeResult, SERVER_INFO } from "../../message/eras/modern-meta.ts";
import type { ServerLink } from "../peers/server-link.ts";
import type { ServerList } from "./server-list.ts";

/** Gives back the same value when it changes nothing, and none when it may not be shown. */
export type Mask = (value: JsonValue) => JsonValue | undefined;

/** Of two servers' the earlier one's. `proxy`: as whom it answers, in the modern era. */
export function listExtras(
  list: ListFacts,
  links: readonly ServerLink[],
  mask: Mask,
  proxy: JsonObject | undefined,
): string {
  const extras = new Map<string, string>();
  for (const link of links) {
    for (const [key, text] of ownExtras(list, link)) if (!extras.has(key)) extras.set(key, text);
  }
  const shown = [...extras].flatMap(([key, text]) => maskedMember(key, text, mask));
  if (proxy === undefined) return shown.map(([key, text]) => memberText(key, text)).join("");
  const meta = shown.find(([key]) => key === "_meta")?.[1];
  const others = shown.filter(([key]) => key !== "_meta");
  const ours = Object.entries(modernExtras(list, links, meta, proxy));
  const said = [...others, ...ours.map(([key, value]): [string, string] => [key, jsonText(value)])];
  return said.map(([key, text]) => memberText(key, text)).join("");
}

/** What a modern server says of this very answer, and of itself. */
const OF_ITS_ANSWER = new Set(["resultType", "ttlMs", "cacheScope"]);

function ownExtras(list: ListFacts, link: ServerLink): readonly (readonly [string, string])[] {
  const extras = [...(link.list(list.kind).known?.extras ?? [])];
  if (link.era !== "modern") return extras;
  return extras.flatMap(([key, text]): [string, string][] => {
    if (OF_ITS_ANSWER.has(key)) return [];
    if (key !== "_meta") return [[key, text]];
    const meta = withoutServer(JSON.parse(text) as JsonValue);
    return meta === undefined ? [] : [[key, jsonText(meta)]];
  });
}

function withoutServer(meta: JsonValue): JsonValue | undefined {
  if (!isJsonObject(meta)) return meta;
  const { [SERVER_INFO]: _server, ...rest } = meta;
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** For how long a list may be kept whose translation is underway, in milliseconds. */
const SOON = 10_000;

/** It may be kept no longer than any of the lists in it; what a client is shown depends on who it is. */
function modernExtras(
  list: ListFacts,
  links: readonly ServerLink[],
  meta: string | undefined,
  proxy: JsonObject,
): JsonObject {
  const able = links.filter((link) => link.list(list.kind).known !== undefined);
  const times = able.map((link) => timeToLive(link.list(list.kind)));
  const ttlMs = times.length === 0 ? 0 : Math.max(0, ...[Math.min(...times)].filter(Number.isSafeInteger));
  const said = meta === undefined ? {} : { _meta: JSON.parse(meta) as JsonValue };
  return completeResult({ ...said, ttlMs, cacheScope: "private" }, proxy);
}

function timeToLive({ known, review, isRecalled }: ServerList): number {
  if (isRecalled) return 0;
  const said = Number(known?.extras.get("ttlMs") ?? 0);
  return review?.isPartial === true ? Math.min(said, SOON) : said;
}

function maskedMember(key: string, text: string, mask: Mask): readonly (readonly [string, string])[] {
  const value = JSON.parse(text) as JsonValue;
  const shown = mask(value);
  if (shown === undefined) return [];
  return [[key, shown === value ? text : jsonText(shown)]];
}

function memberText(key: string, text: string): string {
  return `,${jsonText(key)}:${text}`;
}
