// The names a client knows, both ways, and who owned every name there ever was.
import type { ListedKind } from "../../mcp/lists.ts";
import type { ReviewedThing } from "../facts.ts";
import { hash32 } from "../hash.ts";

/** `own`: the name, URI or URI template as its server says it. */
export interface OwnName {
  readonly server: string;
  readonly own: string;
}

export interface ExposedThing {
  readonly server: string;
  readonly exposed: string;
  readonly thing: ReviewedThing;
}

export interface NameTable {
  /** `undefined`: the client knows no such thing (hidden, or not listed). */
  outward(server: string, kind: ListedKind, own: string): string | undefined;
  inward(kind: ListedKind, exposed: string): OwnName | undefined;
  /** Of a URI that nobody lists: the owner of the template with the longest literal beginning that fits. */
  byTemplate(uri: string): OwnName | undefined;
  /** How this server's URI has to be called towards the client, listed or not. */
  outwardUri(server: string, uri: string): string;
  /** The things the client is shown, servers in settings order, each in its server's order. */
  exposed(kind: ListedKind): readonly ExposedThing[];
  /** Another one whenever what this list shows (names, order, definitions) is another. */
  signature(kind: ListedKind): string;
  /** Every name that was given out so far, and to whom: it stays his. */
  owners(kind: ListedKind): ReadonlyMap<string, OwnName>;
}

/** `expected`: not shown, and their names are not free. */
export function createNameTable(
  things: readonly ExposedThing[],
  previous: NameTable | undefined,
  expected: readonly ExposedThing[],
): NameTable {
  const namesOf = (kind: ListedKind): KindNames => kindNames(kind, things, ownersOf(kind, previous, expected));
  const byKind: Readonly<Record<ListedKind, KindNames>> = {
    tool: namesOf("tool"),
    prompt: namesOf("prompt"),
    resource: namesOf("resource"),
    template: namesOf("template"),
  };
  const outward: NameTable["outward"] = (server, kind, own) => byKind[kind].outward.get(keyOf(server, own));
  const inward: NameTable["inward"] = (kind, exposed) => byKind[kind].inward.get(exposed);
  const templates = byKind.template.things
    .map(beginningOf)
    .toSorted((one, other) => other.exposed.length - one.exposed.length);
  return {
    outward,
    inward,
    byTemplate: (uri) => ownerByTemplate(templates, uri),
    outwardUri: (server, uri) =>
      outward(server, "resource", uri) ??
      disambiguated(server, uri, inward("resource", uri) ?? ownerByTemplate(templates, uri)),
    exposed: (kind) => byKind[kind].things,
    signature: (kind) => byKind[kind].signature(),
    owners: (kind) => byKind[kind].owners,
  };
}

interface KindNames {
  readonly things: readonly ExposedThing[];
  readonly outward: ReadonlyMap<string, string>;
  readonly inward: ReadonlyMap<string, OwnName>;
  readonly owners: ReadonlyMap<string, OwnName>;
  readonly signature: () => string;
}

type Owners = ReadonlyMap<string, OwnName>;

function ownersOf(kind: ListedKind, previous: NameTable | undefined, expected: readonly ExposedThing[]): Owners {
  return new Map([...(previous?.owners(kind) ?? []), ...ownNames(expected.filter(({ thing }) => thing.kind === kind))]);
}

function ownNames(things: readonly ExposedThing[]): readonly (readonly [string, OwnName])[] {
  return things.map(({ server, exposed, thing }) => [exposed, { server, own: thing.own }]);
}

function kindNames(kind: ListedKind, all: readonly ExposedThing[], before: Owners): KindNames {
  const things = all.filter(({ thing }) => thing.kind === kind);
  const inward = new Map(ownNames(things));
  let signature: string | undefined;
  return {
    things,
    inward,
    outward: new Map(things.map(({ server, exposed, thing }) => [keyOf(server, thing.own), exposed])),
    owners: new Map([...before, ...inward]),
    signature: () => (signature ??= signatureOf(things)),
  };
}

/** Server names hold no line feed. */
function keyOf(server: string, own: string): string {
  return `${server}\n${own}`;
}

function signatureOf(things: readonly ExposedThing[]): string {
  const text = JSON.stringify(things.map(({ server, exposed, thing }) => [server, exposed, thing.definition]));
  return `${things.length}-${hash32(text).toString(16)}${hash32(text, 1).toString(16)}`;
}

interface Beginning {
  readonly server: string;
  /** What stands before the first expression of the template, as the client and as the server says it. */
  readonly exposed: string;
  readonly own: string;
}

function beginningOf({ server, exposed, thing }: ExposedThing): Beginning {
  return { server, exposed: literalOf(exposed), own: literalOf(thing.own) };
}

function literalOf(template: string): string {
  const end = template.indexOf("{");
  return end === -1 ? template : template.slice(0, end);
}

/** The earlier server wins ties: sorting keeps their order. */
function ownerByTemplate(templates: readonly Beginning[], uri: string): OwnName | undefined {
  const found = templates.find(({ exposed }) => uri.startsWith(exposed));
  return found && { server: found.server, own: found.own + uri.slice(found.exposed.length) };
}

function disambiguated(server: string, uri: string, owner: OwnName | undefined): string {
  return owner && owner.server !== server ? `${server}+${uri}` : uri;
}
