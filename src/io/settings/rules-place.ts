// Where the settings name rules that cannot be read: looked up in the file again, since nobody needs it where all is well.
import { existsSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { located, parseDocument } from "./document.ts";
import { type Environment, expandDocument, type PlainValue } from "./expansion.ts";
import type { SettingsPath } from "./problem.ts";

interface Root {
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
}

/** `lines`: what is wrong with `roots`. Each of a root that the settings `file` names with its place there. */
export function withPlaces(
  lines: readonly string[],
  roots: readonly Root[],
  file: string | undefined,
  environment: Environment,
): readonly string[] {
  if (file === undefined) return lines;
  return lines.map((line) => {
    const root = roots.find(({ shown }) => line.startsWith(`${shown}: `));
    const place = root && placeOfRules(file, root.path, environment);
    return place === undefined ? line : `${line}\n  --> ${place}`;
  });
}

function placeOfRules(file: string, path: string, environment: Environment): string | undefined {
  // It is there no longer where somebody takes it away while we run.
  if (!existsSync(file)) return undefined;
  const reading = parseDocument(readFileSync(file, "utf8"));
  if (reading.kind === "broken") return undefined;
  const { value } = expandDocument(file, reading.document.root, environment);
  const found = rulesIn(value).find(([, written]) => resolve(dirname(file), written) === path);
  if (found === undefined) return undefined;
  const short = relative(process.cwd(), file);
  const shown = short.startsWith("..") ? file : short;
  const { line, column, path: at } = located(shown, reading.document, { at: found[0], message: "" });
  return `${shown}:${line}:${column} at ${at}`;
}

type NamedRules = readonly (readonly [place: SettingsPath, written: string])[];

function rulesIn(settings: PlainValue): NamedRules {
  const ours = memberOf(settings, "mcprules");
  const profiles = Object.entries(memberOf(ours, "profiles") ?? {}) as readonly (readonly [string, PlainValue])[];
  return [
    ...textsIn(memberOf(ours, "rules"), ["mcprules", "rules"]),
    ...profiles.flatMap(([name, profile]) =>
      textsIn(memberOf(profile, "rules"), ["mcprules", "profiles", name, "rules"]),
    ),
  ];
}

function textsIn(list: PlainValue | undefined, at: SettingsPath): NamedRules {
  if (!Array.isArray(list)) return [];
  return list.flatMap((text, index) => (typeof text === "string" ? [[[...at, index], text] as const] : []));
}

function memberOf(value: PlainValue | undefined, name: string): PlainValue | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, PlainValue>>)[name];
}
