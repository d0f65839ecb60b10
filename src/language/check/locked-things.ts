// What the catalogue lock knows of the things that a head is about: on which servers they are, and how they are defined.
import type { Pattern, PatternPart } from "../../expression/pattern.ts";
import { namesInLock, type CatalogueLock } from "../../mcp/catalogue-lock.ts";
import type { JsonObject } from "../../mcp/json.ts";
import type { HeadNode, TargetNode } from "../tree/ast-heads.ts";
import { methodsNamed } from "../reach.ts";
import type { OwnNames } from "../renames.ts";
import { patternOf, patternParts, type Scope } from "../scope.ts";

/** What the checks beside the lock know of it and of the policy. */
export interface Known {
  readonly lock: CatalogueLock;
  readonly subjectsOf: SubjectsOf;
  /** Of the whole policy. */
  readonly ownNames: OwnNames;
  /** The server that tests mean where they do not say, as the test runner finds it. */
  readonly testedServer: string;
  readonly scope: Scope;
}

/** Things whose lists are whole: what no list has of them is not there. Of resources that cannot be said. */
export type CallableKind = "tool" | "prompt";

export interface LockedSubject {
  readonly server: string;
  readonly kind: CallableKind;
  readonly own: string;
  readonly definition: JsonObject;
}

/** The servers that `on` lets in, all of them locked; `undefined`: of one of them nothing is known. */
export function lockedServersOf(
  head: Pick<HeadNode, "clauses">,
  lock: CatalogueLock,
  scope: Scope,
): readonly string[] | undefined {
  const names = scope.servers ?? namesInLock(lock);
  const patterns = head.clauses.flatMap((clause) =>
    clause.kind === "on" ? [patternOf(patternParts(clause.pattern, scope), scope)] : [],
  );
  const meant = names.filter((name) => patterns.every((pattern) => pattern.matchesName(name) !== "no"));
  return meant.every((name) => lock.servers.has(name)) ? meant : undefined;
}

/** The kinds of things that a target's pattern names, if it names tools and prompts only. */
export function callableKindsOf(target: TargetNode): readonly CallableKind[] | undefined {
  if (target.kind === "any") return undefined;
  const kinds =
    target.kind === "thing"
      ? [target.thing]
      : methodsNamed(target.method.text).flatMap(({ carries }) => carries.map(({ thing }) => thing));
  const callable = kinds.filter((kind) => kind !== "resource");
  return callable.length === kinds.length && kinds.length > 0 ? [...new Set(callable)] : undefined;
}

/** What some servers have, found by name. */
export interface Subjects {
  readonly all: readonly LockedSubject[];
  readonly byName: ReadonlyMap<string, readonly LockedSubject[]>;
}

/** Made once for the same servers and kinds: a policy has many rules. */
export type SubjectsOf = (servers: readonly string[], kinds: readonly CallableKind[]) => Subjects;

export function subjectsOf(lock: CatalogueLock): SubjectsOf {
  const remembered = new Map<string, Subjects>();
  return (servers, kinds) => {
    const key = JSON.stringify([servers, kinds]);
    const known = remembered.get(key) ?? gathered(servers, kinds, lock);
    remembered.set(key, known);
    return known;
  };
}

/** Those that a pattern may match. */
export function subjectsMatching({ all, byName }: Subjects, pattern: Pattern): readonly LockedSubject[] {
  const names = pattern.parts.map((part) => (isName(part) ? part.text : undefined));
  const literal = names.filter((name) => name !== undefined);
  if (literal.length === names.length) return [...new Set(literal)].flatMap((name) => byName.get(name) ?? []);
  return all.filter(({ own }) => pattern.matchesName(own) !== "no");
}

/** A glob without wildcards. */
export function isName(part: PatternPart): part is PatternPart & { readonly kind: "glob" } {
  return part.kind === "glob" && !/[*?]/.test(part.text);
}

function gathered(servers: readonly string[], kinds: readonly CallableKind[], lock: CatalogueLock): Subjects {
  const all = servers.flatMap((server) =>
    kinds.flatMap((kind) =>
      [...(lock.servers.get(server)?.things[kind] ?? [])].map(([own, { definition }]) => ({
        server,
        kind,
        own,
        definition,
      })),
    ),
  );
  const byName = new Map<string, LockedSubject[]>();
  for (const subject of all) {
    const others = byName.get(subject.own);
    if (others === undefined) byName.set(subject.own, [subject]);
    else others.push(subject);
  }
  return { all, byName };
}
