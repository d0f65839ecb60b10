// The name that `rename` rules give a thing: each of them sees the server's own name, and the first that fits gives it.
import type { CompiledRule, CompiledTransform } from "../../language/compiled-policy.ts";
import { callFacts, type NamedThing } from "../matching/call-facts.ts";
import type { Principal } from "../facts.ts";
import type { Revision } from "../policy-store.ts";
import { select } from "../matching/select.ts";

export type Renamed =
  | {
      readonly kind: "name";
      readonly name: string;
      /** Absent: it keeps its own. */
      readonly by?: CompiledRule;
    }
  /** It cannot be said under which name it goes, so it goes under none. */
  | {
      readonly kind: "hidden";
      readonly reason: string;
      /** The rule whose name is none; absent: it is in doubt whether some rule renames it. */
      readonly by?: CompiledRule;
    };

/** What a new name may look like (SEP-986); the settings may ask for less. */
const NEW_NAME = /^[A-Za-z0-9_.-]{1,128}$/;

export function renamed(revision: Revision, thing: NamedThing, principal: Principal): Renamed {
  for (const { rule, match } of select(revision, callFacts(thing, principal)).rules.renames) {
    const name = newName(rule.transforms, thing.own);
    if (name === undefined) continue;
    if (match.settled !== "yes") return { kind: "hidden", reason: `in doubt whether ${rule.id} renames it` };
    if (isNewName(thing, name)) return { kind: "name", name, by: rule };
    return { kind: "hidden", reason: `${rule.id} gives it no valid name: \`${name}\``, by: rule };
  }
  return { kind: "name", name: thing.own };
}

function newName(transforms: readonly CompiledTransform[], own: string): string | undefined {
  for (const transform of transforms) {
    const captures = transform.kind === "rename" ? transform.from.captures(own) : undefined;
    if (transform.kind === "rename" && captures) return filled(transform.to, captures);
  }
  return undefined;
}

/** Each `*` of the new name takes what the one at its place took of the old. */
function filled(to: string, captures: readonly string[]): string {
  const taken = captures.values();
  return to.replaceAll("*", () => taken.next().value ?? "");
}

function isNewName({ kind }: NamedThing, name: string): boolean {
  return kind === "tool" || kind === "prompt" ? NEW_NAME.test(name) : name !== "";
}
