// Settings of ours that stand where a host has its own: where they belong.
import type { core } from "zod";
import { pathText, type SettingsFault, type SettingsPath } from "./problem.ts";
import { fieldsAt } from "./schema-fields.ts";

/** Where the field `key` belongs that is unknown at `at`. `undefined`: there is no such field elsewhere. */
export function homeOf(key: string, at: SettingsPath, schema: core.$ZodType): string | undefined {
  const [section, server] = at;
  if (at.length === 0) {
    const isOurs = fieldsAt(schema, ["mcprules"]).includes(key) && key !== "servers";
    return isOurs ? belongsIn(["mcprules", key]) : undefined;
  }
  if (section !== "mcpServers" || server === undefined || at.length !== 2) return undefined;
  if (key === "mcprules") return BESIDE;
  const isOurs = fieldsAt(schema, ["mcprules", "servers", server]).includes(key);
  return isOurs ? belongsIn(["mcprules", "servers", server, key]) : undefined;
}

/** `mcprules` as if it were one of the servers. `undefined`: it may well be one. */
export function sectionAmongServers(
  at: SettingsPath,
  unknown: readonly string[],
  schema: core.$ZodType,
): SettingsFault | undefined {
  const isThere = at.length === 2 && at[0] === "mcpServers" && at[1] === "mcprules";
  const ours = fieldsAt(schema, ["mcprules"]);
  if (!isThere || !unknown.some((key) => ours.includes(key))) return undefined;
  return { at, isName: true, message: "`mcprules` is no server", help: BESIDE };
}

const BESIDE = "`mcprules` stands beside `mcpServers`, not in it";

function belongsIn(place: SettingsPath): string {
  return `it belongs in \`${pathText(place)}\``;
}
