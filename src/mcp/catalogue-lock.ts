// The catalogue lock: what each server offered when `mcprules lock` looked, and the text of `mcprules.lock`.
import { type LockedModules, readModules, writtenModules } from "./interceptor-lock.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "./json.ts";
import { LISTS, listOfKind, type ListedKind } from "./lists.ts";
import { sortedJson, sortedJsonLines } from "./sorted-json.ts";

export interface CatalogueLock {
  /** By the name that the settings give them. */
  readonly servers: ReadonlyMap<string, LockedServer>;
  /** Names of servers that could not be asked, so that nothing is known of what they have. */
  readonly unasked?: readonly string[];
  /** Absent: nothing is said of modules. */
  readonly modules?: LockedModules | undefined;
}

export interface LockedServer {
  /** How it introduced itself. */
  readonly name: string;
  readonly version: string;
  /** By name, URI or URI template. */
  readonly things: LockedThings;
}

export type LockedThings = Readonly<Record<ListedKind, ReadonlyMap<string, LockedThing>>>;

export interface LockedThing {
  /** As the server lists it, without what is its state. */
  readonly definition: JsonObject;
  /** `sha256:` and the digest of the definition as `sortedJson` writes it. */
  readonly hash: string;
}

/** Of a text, with the name of what it was made by: `sha256:9f86d08…`. */
export type Digest = (text: string) => string;

/** What of a definition is kept and compared: all of it, but how large a resource is and when it changed last. */
export function lastingDefinition(kind: ListedKind, definition: JsonObject): JsonObject {
  if (kind !== "resource") return definition;
  const { size: _size, annotations, ...lasting } = definition;
  if (!isJsonObject(annotations)) return annotations === undefined ? lasting : { ...lasting, annotations };
  const { lastModified: _lastModified, ...others } = annotations;
  return Object.keys(others).length === 0 ? lasting : { ...lasting, annotations: others };
}

/** Of things that are listed twice under one name the first counts; those without one are left out. */
export function lockedThings(
  definitions: Readonly<Record<ListedKind, readonly JsonObject[]>>,
  digest: Digest,
): LockedThings {
  const locked = (kind: ListedKind): ReadonlyMap<string, LockedThing> => {
    const { identity } = listOfKind(kind);
    const things = new Map<string, LockedThing>();
    for (const listed of definitions[kind]) {
      const own = listed[identity];
      if (typeof own !== "string" || things.has(own)) continue;
      const definition = lastingDefinition(kind, listed);
      things.set(own, { definition, hash: digest(sortedJson(definition)) });
    }
    return things;
  };
  return byKind(locked);
}

/** Of those that could not be asked too. */
export function namesInLock({ servers, unasked = [] }: CatalogueLock): readonly string[] {
  return [...servers.keys(), ...unasked];
}

export function lockText({ servers, unasked = [], modules }: CatalogueLock): string {
  const asked = [...servers].map(([name, server]) => [name, writtenServer(server)] as const);
  const written = Object.fromEntries([...asked, ...unasked.map((name) => [name, null] as const)]);
  const ofModules = modules === undefined || modules.size === 0 ? {} : { modules: writtenModules(modules) };
  return `${sortedJsonLines({ lockVersion: VERSION, servers: written, ...ofModules })}\n`;
}

export type LockReading =
  | { readonly kind: "lock"; readonly lock: CatalogueLock }
  /** `reason`: one clause for people. `at`: keys from the top to where it is wrong. */
  | { readonly kind: "damaged"; readonly reason: string; readonly at: readonly string[] };

/** `value`: the lock's text as JSON. Its hashes are taken again: a definition that was changed by hand is none that a server gave. */
export function readLock(value: JsonValue, digest: Digest): LockReading {
  const { lockVersion, servers = null, modules: declared = {} } = isJsonObject(value) ? value : {};
  if (lockVersion === undefined) return damaged("it is no lock of mcprules", []);
  if (lockVersion !== VERSION) return damaged("another version of mcprules wrote it", ["lockVersion"]);
  const reading: Reading = { digest, damages: [] };
  const written = membersOf(servers, ["servers"], reading);
  const unasked = written.flatMap(([name, server]) => (server === null ? [name] : []));
  const named = written
    .filter(([, server]) => server !== null)
    .map(([name, server]) => [name, readServer(server, ["servers", name], reading)] as const);
  const modules = readModules(declared);
  if (modules === undefined) reading.damages.push(damaged("what it says of modules cannot be read", ["modules"]));
  const known = modules === undefined || modules.size === 0 ? {} : { modules };
  return reading.damages[0] ?? { kind: "lock", lock: { servers: new Map(named), unasked, ...known } };
}

/** Another one whenever what is written is no longer what is read here. */
const VERSION = 1;

type Damaged = Extract<LockReading, { readonly kind: "damaged" }>;

interface Reading {
  readonly digest: Digest;
  /** What is wrong so far. */
  readonly damages: Damaged[];
}

function damaged(reason: string, at: readonly string[]): Damaged {
  return { kind: "damaged", reason, at };
}

function writtenServer({ name, version, things }: LockedServer): JsonObject {
  const lists = LISTS.filter(({ kind }) => things[kind].size > 0).map(({ kind, member }) => {
    const entries = [...things[kind]].map(([own, { definition, hash }]) => [own, { definition, hash }] as const);
    return [member, Object.fromEntries(entries)] as const;
  });
  return { name, version, ...Object.fromEntries(lists) };
}

function readServer(value: JsonValue, at: readonly string[], reading: Reading): LockedServer {
  const written = isJsonObject(value) ? value : {};
  const { name, version } = written;
  const things = byKind((kind) => {
    const { member } = listOfKind(kind);
    const entries = membersOf(written[member] ?? {}, [...at, member], reading);
    return new Map(
      entries.map(([own, entry]) => [own, readThing(kind, own, entry, [...at, member, own], reading)] as const),
    );
  });
  if (typeof name === "string" && typeof version === "string") return { name, version, things };
  reading.damages.push(damaged("a server has no `name` or no `version`", at));
  return { name: "", version: "", things };
}

function readThing(
  kind: ListedKind,
  own: string,
  value: JsonValue,
  at: readonly string[],
  { digest, damages }: Reading,
): LockedThing {
  const { definition = null, hash } = isJsonObject(value) ? value : {};
  const isNamed = isJsonObject(definition) && definition[listOfKind(kind).identity] === own;
  if (isNamed && hash === digest(sortedJson(definition))) return { definition, hash };
  damages.push(
    damaged(isNamed ? `the hash of \`${own}\` does not fit its definition` : `\`${own}\` is not defined`, at),
  );
  return { definition: {}, hash: "" };
}

function membersOf(
  value: JsonValue,
  at: readonly string[],
  { damages }: Reading,
): readonly (readonly [string, JsonValue])[] {
  if (isJsonObject(value)) return Object.entries(value);
  damages.push(damaged(`\`${at.join(".")}\` is no object`, at));
  return [];
}

function byKind<Value>(of: (kind: ListedKind) => Value): Readonly<Record<ListedKind, Value>> {
  return { tool: of("tool"), prompt: of("prompt"), resource: of("resource"), template: of("template") };
}
