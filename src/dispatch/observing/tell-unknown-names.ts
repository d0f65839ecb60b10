// Tells the operator of names that the policy in force speaks of and no server has: once for each revision, whoever is connected.
import type { Revision } from "../../engine/policy-store.ts";
import { type OwnNames, unknownNames } from "../../engine/names/unknown-names.ts";
import type { Outside } from "../outside.ts";
import type { ServerLink } from "../peers/server-link.ts";

/** More of them say nothing new. */
const MOST = 20;

interface Told {
  readonly mentions: Set<string>;
  /** Every server has said what it has. */
  isComplete: boolean;
}

const toldOf = new WeakMap<Revision, Told>();

export function tellUnknownNames(revision: Revision, links: readonly ServerLink[], outside: Outside): void {
  const told = toldOf.get(revision) ?? { mentions: new Set<string>(), isComplete: false };
  toldOf.set(revision, told);
  if (told.isComplete) return;
  const servers = links.map(ownNamesOf);
  told.isComplete = servers.every(({ tool, prompt }) => tool !== undefined && prompt !== undefined);
  const before = told.mentions.size;
  for (const { mention, describe } of unknownNames(revision.policy.policy, servers)) {
    if (told.mentions.has(mention)) continue;
    told.mentions.add(mention);
    if (told.mentions.size <= MOST) outside.report("warn", describe());
  }
  const untold = told.mentions.size - Math.max(MOST, before);
  if (untold > 0) outside.report("warn", `${untold} more names in rules are of nothing that a server has`);
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
