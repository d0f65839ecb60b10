// Under which names a client sees the things of all servers, and which server owns each name: a bijection.
import type { ListedKind } from "../../mcp/lists.ts";
import { assignNames, type Candidate } from "./assign-names.ts";
import type { Principal, ReviewedThing } from "../facts.ts";
import { createNameTable, type NameTable } from "./name-table.ts";
import type { Revision } from "../policy-store.ts";
import { renamed } from "./rename.ts";

export type { ExposedThing, NameTable } from "./name-table.ts";

export interface NamesRequest {
  /** Servers in settings order. */
  readonly catalogues: readonly {
    readonly server: string;
    readonly kind: ListedKind;
    readonly things: readonly ReviewedThing[];
    /** The server is not up yet: these are what it had when it was asked last. They keep their names, and are not shown. */
    readonly isExpected?: boolean;
  }[];
  readonly naming: "plain" | "prefix";
  /** What clients accept: a length, and the inside of a character class such as `a-zA-Z0-9_-`. */
  readonly names: { readonly max: number; readonly chars: string } | undefined;
  readonly principal: Principal;
  /** The table before this one: no name in it changes its owner. */
  readonly previous: NameTable | undefined;
}

export interface NamesOutcome {
  readonly table: NameTable;
  /** For the operator: what is hidden or prefixed, and why. */
  readonly problems: readonly string[];
}

const KINDS: readonly ListedKind[] = ["tool", "prompt", "resource", "template"];

export function exposeNames(revision: Revision, request: NamesRequest): NamesOutcome {
  const problems: string[] = [];
  const isAccepted = acceptance(request);
  const exposed = KINDS.map((kind) => {
    const candidates = candidatesOf(revision, request, kind, problems);
    const owners = request.previous?.owners(kind) ?? new Map();
    return assignNames({ kind, candidates, owners, isAccepted, naming: request.naming, problems });
  });
  const all = exposed.flat();
  const shown = all.filter(({ isExpected }) => !isExpected);
  const expected = all.filter(({ isExpected }) => isExpected);
  return { table: createNameTable(shown, request.previous, expected), problems };
}

/** What is listed, under the name it would bear if nobody else wanted it. */
function candidatesOf(
  revision: Revision,
  { catalogues, principal }: NamesRequest,
  kind: ListedKind,
  problems: string[],
): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const ofKind = catalogues.filter((catalogue) => catalogue.kind === kind);
  for (const { server, things, isExpected = false } of ofKind) {
    for (const thing of things.filter(({ listed }) => listed)) {
      const outcome = renamed(revision, { server, kind, own: thing.own }, principal);
      if (outcome.kind === "name") candidates.push({ server, thing, isExpected, wanted: outcome.name });
      else if (!isExpected) problems.push(`${kind} \`${thing.own}\` of ${server} is hidden: ${outcome.reason}`);
    }
  }
  return candidates;
}

/** URIs are not names: the settings say nothing about them. */
function acceptance({ names }: NamesRequest): (kind: ListedKind, name: string) => boolean {
  if (!names) return () => true;
  const accepted = new RegExp(`^[${names.chars}]{1,${names.max}}$`, "u");
  return (kind, name) => kind === "resource" || kind === "template" || accepted.test(name);
}
