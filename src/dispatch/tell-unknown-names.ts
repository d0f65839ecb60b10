// Tells the operator of names that the policy in force speaks of and no server has: once for each revision, whoever is connected.
import type { Revision } from "../engine/policy-store.ts";
import { type OwnNames, unknownNames } from "../engine/unknown-names.ts";
import type { Outside } from "./outside.ts";
import type { ServerLink } from "./server-link.ts";

const told = new WeakMap<Revision, Set<string>>();

export function tellUnknownNames(revision: Revision, links: readonly ServerLink[], outside: Outside): void {
  const known = told.get(revision) ?? new Set<string>();
  told.set(revision, known);
  for (const problem of unknownNames(revision.policy.policy, links.map(ownNamesOf))) {
    if (known.has(problem)) continue;
    known.add(problem);
    outside.report("warn", problem);
  }
}

function ownNamesOf(link: ServerLink): OwnNames {
  return { server: link.name, tool: namesOf(link, "tool"), prompt: namesOf(link, "prompt") };
}

/** `undefined`: the server has not said yet. */
function namesOf(link: ServerLink, kind: "tool" | "prompt"): ReadonlySet<string> | undefined {
  const { known, hasFailed, facts } = link.list(kind);
  if (link.introduction !== undefined && link.capability(facts.capability) === undefined) return new Set();
  if (known === undefined || hasFailed) return undefined;
  return new Set(known.entries.flatMap(({ definition: { name } }) => (typeof name === "string" ? [name] : [])));
}
