// The names under which clients would know the things of a catalogue lock: two of one name, and names that clients do not take.
import { reviewCatalogue } from "../engine/catalogue/catalogue.ts";
import type { Asking } from "../engine/decision.ts";
import type { Principal, ReviewedThing } from "../engine/facts.ts";
import { exposeNames, type NamesRequest, type NameTable } from "../engine/names/names.ts";
import type { Revision } from "../engine/policy-store.ts";
import { renamed, type Renamed } from "../engine/names/rename.ts";
import type { CompiledRule, Place } from "../language/compiled-policy.ts";
import type { CatalogueLock } from "../mcp/catalogue-lock.ts";
import type { ListedKind } from "../mcp/lists.ts";
import type { Diagnostic, Span } from "../source/diagnostic.ts";
import { offsetAt, type SourceText } from "../source/source-text.ts";

export interface Exposure {
  readonly lock: CatalogueLock;
  /** In the order of the settings, which decides who keeps a name; absent: by name. */
  readonly servers?: readonly string[];
  readonly naming: NamesRequest["naming"];
  readonly names: NamesRequest["names"];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** As they are for a client that nobody logged in to: rules for certain users may make it otherwise for them. */
export function* checkExposedNames(
  revision: Revision,
  sources: readonly SourceText[],
  exposure: Exposure,
): Asking<readonly Diagnostic[]> {
  const { naming, names } = exposure;
  const catalogues = yield* reviewed(revision, exposure);
  const request = { catalogues, naming, names, principal: NOBODY, previous: undefined };
  const { table } = exposeNames(revision, request);
  const clashes = catalogues.flatMap(({ server, kind, things }) =>
    things.flatMap((thing) => clashOf(revision, table, { server, kind, thing }, exposure) ?? []),
  );
  const spanOf = (place: Place, length: number): Span => {
    const source = sources.find(({ path }) => path === place.file) ?? { path: place.file, text: "" };
    const start = offsetAt(source, place);
    return { file: place.file, start, end: start + length };
  };
  return grouped(clashes).map((group) => diagnosticOf(group, revision, spanOf));
}

const NOBODY: Principal = { client: undefined, user: undefined, profile: undefined };
const KINDS: readonly ListedKind[] = ["tool", "prompt"];

type Catalogues = NamesRequest["catalogues"];

function* reviewed(revision: Revision, { lock, servers, now }: Exposure): Asking<Catalogues> {
  const catalogues: Catalogues[number][] = [];
  for (const server of servers ?? [...lock.servers.keys()].sort()) {
    const locked = lock.servers.get(server);
    if (locked === undefined) continue;
    for (const kind of KINDS) {
      const definitions = [...locked.things[kind].values()].map(({ definition }) => definition);
      const catalogue = { server, kind, definitions, principal: NOBODY, now, root: undefined, home: undefined };
      const { things } = yield* reviewCatalogue(revision, catalogue);
      catalogues.push({ server, kind, things });
    }
  }
  return catalogues;
}

interface Listed {
  readonly server: string;
  readonly kind: ListedKind;
  readonly thing: ReviewedThing;
}

interface Clash {
  /** The thing that clients would not have under the name it should bear. */
  readonly own: string;
  readonly severity: Diagnostic["severity"];
  /** The rule whose names these are; absent: they are the server's own. */
  readonly by: CompiledRule | undefined;
  /** Complete in itself. */
  readonly message: string;
  readonly help: string;
  /** What is wrong with it, for counting the others. */
  readonly sort: string;
}

function clashOf(
  revision: Revision,
  table: NameTable,
  { server, kind, thing: { own, listed } }: Listed,
  exposure: Exposure,
): Clash | undefined {
  const wanted: Renamed = renamed(revision, { server, kind, own }, NOBODY);
  if (!listed) return undefined;
  if (wanted.kind === "hidden") return unnamed(own, server, wanted);
  const exposed = table.outward(server, kind, own);
  const { name, by } = wanted;
  if (exposed === name || exposed === undefined || exposure.naming === "prefix") {
    return exposed === undefined ? hidden({ server, kind, own }, name, by, exposure) : undefined;
  }
  const holder = table.inward(kind, name);
  const rule = by ?? (holder && ruleOf(renamed(revision, { ...holder, kind }, NOBODY)));
  // Two servers with a tool of the same own name: nothing but how it is.
  if (holder === undefined || rule === undefined) return undefined;
  const isOneServer = holder.server === server;
  const others = isOneServer ? "" : ` of \`${holder.server}\``;
  return {
    own,
    severity: isOneServer ? "error" : "warning",
    by: rule,
    message: `\`${own}\` of \`${server}\` and \`${holder.own}\`${others} would both be called \`${name}\``,
    help: `give them different names; as it is, clients find the first of them as \`${exposed}\``,
    sort: isOneServer ? "one server" : "two servers",
  };
}

/** In doubt for nobody in particular, a rename may be certain for some user. */
function unnamed(own: string, server: string, { reason, by }: Extract<Renamed, { kind: "hidden" }>): Clash | undefined {
  if (by === undefined) return undefined;
  return {
    own,
    severity: "error",
    by,
    message: `\`${own}\` of \`${server}\` would be hidden: ${reason}`,
    help: "names have 1 to 128 letters, digits, `_`, `.` and `-`",
    sort: "no name",
  };
}

function ruleOf(outcome: Renamed): CompiledRule | undefined {
  return outcome.kind === "name" ? outcome.by : undefined;
}

function hidden(
  { server, kind, own }: { readonly server: string; readonly kind: ListedKind; readonly own: string },
  name: string,
  by: CompiledRule | undefined,
  { names }: Exposure,
): Clash {
  const isAccepted = !names || new RegExp(`^[${names.chars}]{1,${names.max}}$`, "u").test(name);
  const why = isAccepted ? `the name \`${name}\` is taken` : `clients take no name such as \`${name}\``;
  const bounds = names === undefined ? "" : ` (\`names\` in the settings: at most ${names.max} of \`${names.chars}\`)`;
  const example = `rule shorter when ${kind} ${own} on ${server} rename to …`;
  return {
    own,
    severity: "error",
    by,
    message: `\`${own}\` of \`${server}\` would be hidden: ${why}`,
    help: `${by === undefined ? `rename it (\`${example}\`)` : "give it another name"}${isAccepted ? "" : bounds}`,
    sort: isAccepted ? "taken" : "not accepted",
  };
}

/** Those of one sort and one rule: the first, and what else there is. */
function grouped(clashes: readonly Clash[]): readonly Group[] {
  const groups = new Map<string, { readonly first: Clash; readonly others: string[] }>();
  for (const clash of clashes) {
    const key = `${clash.by?.id ?? ""}\n${clash.sort}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: clash, others: [] });
    else group.others.push(clash.own);
  }
  return [...groups.values()];
}

interface Group {
  readonly first: Clash;
  /** Own names of things of which the same is to be said. */
  readonly others: readonly string[];
}

/** More are not read in one line. */
const MOST_NAMES = 4;

function sayOthers(others: readonly string[]): string {
  if (others.length === 0) return "";
  const shown = others.slice(0, MOST_NAMES).map((own) => `\`${own}\``);
  const rest = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : "";
  return `; the same of ${shown.join(", ")}${rest}`;
}

/** What no rule did is told at the bare default, which every policy has. */
function diagnosticOf(
  { first: { severity, by, message, help }, others }: Group,
  { policy: { bareDefault } }: Revision,
  spanOf: (place: Place, length: number) => Span,
): Diagnostic {
  const span = by === undefined ? spanOf(bareDefault.place, "default".length) : spanOf(by.place, by.id.length);
  return { code: "MR517", severity, span, message: `${message}${sayOthers(others)}`, help };
}
