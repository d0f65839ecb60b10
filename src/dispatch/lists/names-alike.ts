// The names of the things that a session is shown; made once for sessions that begin with the very same.
import { exposeNames, type NamesOutcome, type NamesRequest } from "../../engine/names/names.ts";
import type { Revision } from "../../engine/policy-store.ts";

interface Made {
  readonly request: NamesRequest;
  readonly outcome: NamesOutcome;
}

const LAST = new WeakMap<Revision, Made>();

/** A session that had names before keeps their owners, and gets a table of its own. */
export function namesFor(revision: Revision, request: NamesRequest): NamesOutcome {
  if (request.previous !== undefined) return exposeNames(revision, request);
  const last = LAST.get(revision);
  if (last !== undefined && isAlike(last.request, request)) return last.outcome;
  const outcome = exposeNames(revision, request);
  LAST.set(revision, { request, outcome });
  return outcome;
}

/** Where sessions share what was made of a list, the object is the same, and their callers are to every rule. */
function isAlike(one: NamesRequest, other: NamesRequest): boolean {
  return (
    one.naming === other.naming &&
    one.names === other.names &&
    one.catalogues.length === other.catalogues.length &&
    one.catalogues.every((catalogue, index) => isSameCatalogue(catalogue, other.catalogues[index]))
  );
}

type Listed = NamesRequest["catalogues"][number];

function isSameCatalogue({ server, kind, things, isExpected }: Listed, other: Listed | undefined): boolean {
  if (other === undefined) return false;
  return server === other.server && kind === other.kind && things === other.things && isExpected === other.isExpected;
}
