// docs/configuration.md names every setting there is, those of later versions too, and none that there is not.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { settingsSchema } from "../../src/io/settings/schema.ts";
import { ROOT } from "./page.ts";

const TEXT = readFileSync(join(ROOT, "docs/configuration.md"), "utf8");
const [, TABLES = "", LATER = ""] = /^([\s\S]*)\n`\$schema`([\s\S]*?)\n## /.exec(TEXT) ?? [];

test("every setting has its row or is named as one to come", () => {
  const { here, later } = settings(z.toJSONSchema(settingsSchema, { io: "input", unrepresentable: "any" }) as Schema);
  const rows = [...TABLES.matchAll(/^\| `([\w.]+)` \|/gm)].map((match) => match[1]);
  const named = [...LATER.matchAll(/`([\w.]+)`/g)].map((match) => match[1]);
  expect(new Set(rows)).toStrictEqual(new Set(here));
  expect(new Set(named)).toStrictEqual(new Set(later));
});

interface Schema {
  readonly not?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
}

/** Leaves of the schema by path, without `mcprules.`; a later one admits nothing. */
function settings(schema: Schema, path = ""): { readonly here: string[]; readonly later: string[] } {
  const found = { here: [] as string[], later: [] as string[] };
  for (const [key, member] of membersOf(schema)) {
    if (key === "$schema") continue;
    const at = [path, key].filter((part) => part !== "" && part !== "mcprules").join(".");
    const inside = settings(member, at);
    found.here.push(...inside.here);
    found.later.push(...inside.later);
    if (membersOf(member).length > 0) continue;
    (member.not === undefined && Object.keys(member).length > 0 ? found.here : found.later).push(at);
  }
  return found;
}

function membersOf({ properties = {}, additionalProperties }: Schema): readonly (readonly [string, Schema])[] {
  const named = typeof additionalProperties === "object" && membersOf(additionalProperties).length > 0;
  return [...Object.entries(properties), ...(named ? [["NAME", additionalProperties] as const] : [])];
}
