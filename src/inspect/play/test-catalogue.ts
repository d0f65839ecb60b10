// The catalogues of one test: definitions that were given or listed, reviewed by the policy, and names both ways.
import { reviewCatalogue } from "../../engine/catalogue/catalogue.ts";
import type { Asking } from "../../engine/decision.ts";
import type { Principal, ReviewedThing } from "../../engine/facts.ts";
import { exposeNames, type NameTable } from "../../engine/names/names.ts";
import type { Revision } from "../../engine/policy-store.ts";
import { compilePattern, type Pattern } from "../../expression/pattern.ts";
import type { CompiledPolicy, CompiledRule } from "../../language/compiled-policy.ts";
import type { ThingKind } from "../../language/compiled-value.ts";
import type { JsonObject } from "../../mcp/json.ts";
import { listOfKind, type ListedKind } from "../../mcp/lists.ts";
import type { Outside } from "./outside.ts";
import { thingOutcomes, type ReviewedList, type ThingOutcome } from "../explain/thing-outcome.ts";

export interface ServerList {
  readonly server: string;
  readonly kind: ListedKind;
  readonly definitions: readonly JsonObject[];
}

/** All lists of a test, in the order in which they were first mentioned, which stands for settings order. */
export type Lists = readonly ServerList[];

export interface Reviewed {
  readonly table: NameTable;
  /** Hidden ones included. */
  things(server: string, kind: ListedKind): readonly ReviewedThing[];
  thing(server: string, kind: ListedKind, own: string): ReviewedThing | undefined;
  /** Of those that a rule hid, changed or would have. */
  outcomes(server: string, kind: ListedKind): readonly ThingOutcome[];
}

export interface Caller {
  readonly principal: Principal;
  readonly now: number;
  /** Lists may be shown to modules. */
  readonly outside: Pick<Outside, "modules">;
}

/** What was made of lists last; they never change, and the next step usually asks the same of them. */
const remembered = new WeakMap<Lists, Remembered>();

interface Remembered {
  readonly revision: Revision;
  readonly caller: Caller;
  readonly reviewed: Reviewed;
}

export function* review(revision: Revision, lists: Lists, caller: Caller): Asking<Reviewed> {
  const known = remembered.get(lists);
  if (known?.revision === revision && isSame(known.caller, caller)) return known.reviewed;
  const reviewed = yield* reviewAnew(revision, lists, caller);
  const { principal, now, outside } = caller;
  remembered.set(lists, { revision, caller: { principal, now, outside }, reviewed });
  return reviewed;
}

function isSame(one: Caller, other: Caller): boolean {
  return one.principal === other.principal && one.now === other.now && one.outside.modules === other.outside.modules;
}

function* reviewAnew(revision: Revision, lists: Lists, { principal, now }: Caller): Asking<Reviewed> {
  const catalogues: (ReviewedList & { readonly things: readonly ReviewedThing[] })[] = [];
  for (const { server, kind, definitions } of lists) {
    const catalogue = { server, kind, definitions, principal, now, root: undefined, home: undefined };
    const reviewed = yield* reviewCatalogue(revision, catalogue);
    catalogues.push({ server, kind, definitions, review: reviewed, things: reviewed.things });
  }
  const naming = { naming: "plain", names: undefined, previous: undefined } as const;
  const { table } = exposeNames(revision, { catalogues, principal, ...naming });
  const catalogueOf = (server: string, kind: ListedKind): (typeof catalogues)[number] | undefined =>
    catalogues.find((catalogue) => catalogue.server === server && catalogue.kind === kind);
  return {
    table,
    things: (server, kind) => catalogueOf(server, kind)?.things ?? [],
    thing: (server, kind, own) => catalogueOf(server, kind)?.things.find((thing) => thing.own === own),
    outcomes: (server, kind) => {
      const catalogue = catalogueOf(server, kind);
      return catalogue ? thingOutcomes(revision, catalogue, principal) : [];
    },
  };
}

/** A thing as a test speaks of it. */
interface Wanted {
  readonly server: string;
  readonly thing: ThingKind;
  readonly name: string;
}

export interface Found {
  readonly thing: ReviewedThing;
  /** With what had to be taken to exist. */
  readonly lists: Lists;
  readonly reviewed: Reviewed;
}

/**
 * The thing that a test means by a name: an exposed one, one of the server's own, or one that no definition mentions and
 * that is taken to exist (an alias is undone by its pattern first), defined as in the lock where it is known there.
 */
export function* findThing(revision: Revision, lists: Lists, caller: Caller, wanted: Wanted): Asking<Found> {
  const { server, thing: kind, name } = wanted;
  const reviewed = yield* review(revision, lists, caller);
  const routed = reviewed.table.inward(kind, name);
  const known = reviewed.thing(server, kind, routed?.server === server ? routed.own : name);
  if (known) return { thing: known, lists, reviewed };
  const aliased = ownNames(revision, wanted);
  const locked = [...aliased, name].filter((own) => lockedDefinition(revision, { ...wanted, name: own }) !== undefined);
  for (const own of locked.length > 0 ? locked : aliased) {
    const found = yield* suppose(revision, lists, caller, { ...wanted, name: own });
    const exposed = found.reviewed.table.outward(server, kind, own);
    if (exposed === name || (exposed === undefined && !found.thing.listed)) return found;
  }
  return yield* suppose(revision, lists, caller, wanted);
}

/** The lists with these definitions after all others of the same server and kind. */
export function withDefinitions(lists: Lists, { server, kind, definitions }: ServerList): Lists {
  const is = (list: ServerList): boolean => list.server === server && list.kind === kind;
  if (!lists.some(is)) return [...lists, { server, kind, definitions }];
  return lists.map((list) => (is(list) ? { ...list, definitions: [...list.definitions, ...definitions] } : list));
}

/** The lists with these definitions in place of what was known of that server and kind. */
export function withList(lists: Lists, list: ServerList): Lists {
  const others = lists.map((entry) =>
    entry.server === list.server && entry.kind === list.kind ? { ...entry, definitions: [] } : entry,
  );
  return withDefinitions(others, list);
}

function* suppose(
  revision: Revision,
  lists: Lists,
  caller: Caller,
  { server, thing: kind, name }: Wanted,
): Asking<Found> {
  const before = yield* review(revision, lists, caller);
  const known = before.thing(server, kind, name);
  if (known) return { thing: known, lists, reviewed: before };
  const definition = lockedDefinition(revision, { server, thing: kind, name }) ?? minimalDefinition(kind, name);
  const more = withDefinitions(lists, { server, kind, definitions: [definition] });
  const reviewed = yield* review(revision, more, caller);
  const thing = reviewed.thing(server, kind, name);
  if (!thing) throw new Error(`a review lost the ${kind} ${name}`);
  return { thing, lists: more, reviewed };
}

function lockedDefinition({ lock }: Revision, { server, thing, name }: Wanted): JsonObject | undefined {
  return lock?.servers.get(server)?.things[thing].get(name)?.definition;
}

/** What is required of a definition, and nothing else: it claims nothing. */
export function minimalDefinition(kind: ThingKind, name: string): JsonObject {
  const identity = listOfKind(kind).identity;
  if (kind === "tool") return { [identity]: name, inputSchema: { type: "object" } };
  return kind === "prompt" ? { [identity]: name } : { [identity]: name, name };
}

/** Every name that some `rename` of this server could have made into `exposed`. */
function ownNames(revision: Revision, wanted: Wanted): readonly string[] {
  return renamesOf(revision.policy.policy)
    .filter(({ head }) => head.targets.some((target) => target.kind === "thing" && target.thing === wanted.thing))
    .filter(({ head }) => head.clauses.every((clause) => clause.kind !== "on" || isYes(clause.server, wanted.server)))
    .flatMap(({ transforms }) => transforms)
    .flatMap((transform) => (transform.kind === "rename" ? undone(transform.from, transform.to, wanted.name) : []));
}

const renames = new WeakMap<CompiledPolicy, readonly CompiledRule[]>();

/** Found once: a policy may have many rules, and every name of every test asks. */
function renamesOf(policy: CompiledPolicy): readonly CompiledRule[] {
  const known = renames.get(policy);
  if (known) return known;
  const found = policy.rules.filter(({ transforms }) => transforms.some(({ kind }) => kind === "rename"));
  renames.set(policy, found);
  return found;
}

function undone(from: Pattern, to: string, exposed: string): readonly string[] {
  const captures = compilePattern([{ kind: "glob", text: to }]).captures(exposed);
  if (captures === undefined) return [];
  return from.parts
    .flatMap((part) => (part.kind === "glob" ? [fill(part.text, captures)] : []))
    .filter((own) => isYes(from, own));
}

function fill(glob: string, captures: readonly string[]): string {
  const pieces = glob.split("*");
  return pieces.map((piece, index) => piece + (index < pieces.length - 1 ? (captures[index] ?? "") : "")).join("");
}

function isYes(pattern: Pattern, name: string): boolean {
  return pattern.matchesName(name) === "yes";
}
