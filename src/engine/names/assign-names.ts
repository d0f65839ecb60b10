// Who gets which name: first come in the order of the settings, but never a name that was another's before.
import type { ListedKind } from "../../mcp/lists.ts";
import type { ReviewedThing } from "../facts.ts";
import type { ExposedThing, OwnName } from "./name-table.ts";

/** A listed thing and the name it would bear if nobody else wanted it. */
export interface Candidate {
  readonly server: string;
  readonly thing: ReviewedThing;
  /** Its server is not up yet: it keeps its name, and nobody is told of it. */
  readonly isExpected: boolean;
  readonly wanted: string;
}

export interface Assignment {
  readonly kind: ListedKind;
  readonly candidates: readonly Candidate[];
  /** Every name that was ever given, and to whom. */
  readonly owners: ReadonlyMap<string, OwnName>;
  readonly isAccepted: (kind: ListedKind, name: string) => boolean;
  readonly naming: "plain" | "prefix";
  /** Gets what is prefixed or hidden because of a collision. */
  readonly problems: string[];
}

export interface AssignedThing extends ExposedThing, Pick<Candidate, "isExpected"> {}

/** In the order of the candidates. Plain names go first: a prefixed one never takes a name that somebody bears himself. */
export function assignNames(assignment: Assignment): readonly AssignedThing[] {
  const { candidates } = assignment;
  const taken = new Map<string, Candidate>();
  const given = new Map<Candidate, string>();
  const give = (candidate: Candidate, name: string): boolean => {
    if (!isFree(assignment, taken, candidate, name)) return false;
    taken.set(name, candidate);
    given.set(candidate, name);
    return true;
  };
  const losers = candidates.filter((candidate) => isPrefixed(assignment) || !give(candidate, candidate.wanted));
  for (const loser of losers) {
    const prefixed = withPrefix(assignment.kind, loser);
    const isGiven = assignment.isAccepted(assignment.kind, loser.wanted) && give(loser, prefixed);
    report(assignment, loser, isGiven ? prefixed : undefined);
  }
  return candidates.flatMap((candidate) => {
    const exposed = given.get(candidate);
    const { server, thing, isExpected } = candidate;
    return exposed === undefined ? [] : [{ server, exposed, thing, isExpected }];
  });
}

function isFree(
  { kind, owners, isAccepted }: Assignment,
  taken: ReadonlyMap<string, Candidate>,
  { server, thing }: Candidate,
  name: string,
): boolean {
  const owner = owners.get(name);
  const isOwn = !owner || (owner.server === server && owner.own === thing.own);
  return isOwn && !taken.has(name) && isAccepted(kind, name);
}

/** Resources keep their URI. */
function isPrefixed({ kind, naming }: Assignment): boolean {
  return naming === "prefix" && (kind === "tool" || kind === "prompt");
}

function withPrefix(kind: ListedKind, { server, wanted }: Candidate): string {
  return kind === "resource" || kind === "template" ? `${server}+${wanted}` : `${server}__${wanted}`;
}

function report(assignment: Assignment, candidate: Candidate, exposed: string | undefined): void {
  const { server, thing, wanted, isExpected } = candidate;
  if (isExpected) return;
  const { kind, problems } = assignment;
  const what = `${kind} \`${thing.own}\` of ${server}`;
  if (exposed === undefined) problems.push(`${what} is hidden: \`${wanted}\` is taken, or not accepted`);
  else if (!isPrefixed(assignment)) problems.push(`${what} is called \`${exposed}\`: \`${wanted}\` is taken`);
}
