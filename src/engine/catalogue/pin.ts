// Things that are not as the catalogue lock says: a server that describes a tool otherwise than when somebody looked at it.
import { lastingDefinition } from "../../mcp/catalogue-lock.ts";
import { type JsonObject, memberOf } from "../../mcp/json.ts";
import { isSameJson } from "../../mcp/same-json.ts";
import { LOCK_ID, type Entry } from "./catalogue-entry.ts";
import type { Catalogue } from "./catalogue-review.ts";
import type { Revision } from "../policy-store.ts";

/** Compares each entry, as its server sent it, with the lock, and hides what is other if the settings say so. Gives what to report. */
export function pinEntries(revision: Revision, catalogue: Catalogue, entries: readonly Entry[]): readonly string[] {
  const { lock, pin = "off" } = revision;
  if (pin === "off") return [];
  const { server, kind } = catalogue;
  const locked = lock?.servers.get(server);
  const isHidden = pin === "block";
  const problems = entries.flatMap((entry) => {
    const known = locked?.things[kind].get(entry.own)?.definition;
    const difference = differenceOf(known, lastingDefinition(kind, entry.original));
    if (difference === undefined) return [];
    if (isHidden) entry.pin(`it ${difference}`);
    return [`${kind} \`${entry.own}\` of ${server} ${difference}${isHidden ? ": it is hidden" : ""}`];
  });
  if (locked !== undefined || problems.length === 0) return problems;
  return [`${server} is not in ${LOCK_ID}${isHidden ? `: each ${kind} of its is hidden` : ""}`];
}

function differenceOf(known: JsonObject | undefined, now: JsonObject): string | undefined {
  if (known === undefined) return `is not in ${LOCK_ID}`;
  const keys = new Set([...Object.keys(known), ...Object.keys(now)]);
  const changed = [...keys].filter((key) => !isSameJson(memberOf(known, key), memberOf(now, key)));
  if (changed.length === 0) return undefined;
  return `has another ${changed
    .sort()
    .map((key) => `\`${key}\``)
    .join(", ")} than in ${LOCK_ID}`;
}
