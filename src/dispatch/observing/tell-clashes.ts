// Tells the operator of things that cannot have the name they want: once for each revision, whoever is connected, and in one line.
import type { Revision } from "../../engine/policy-store.ts";
import type { Outside } from "../outside.ts";

/** More of them say nothing new. */
const MOST = 1000;
/** Of those that are told of at once. */
const NAMED = 3;

const toldOf = new WeakMap<Revision, Set<string>>();

/** `problems`: of the names that are in force now, one clause each. */
export function tellClashes(revision: Revision, problems: readonly string[], outside: Outside): void {
  if (problems.length === 0) return;
  const told = toldOf.get(revision) ?? new Set();
  toldOf.set(revision, told);
  const news = problems.filter((problem) => !told.has(problem)).slice(0, MOST - told.size);
  if (news.length === 0) return;
  for (const problem of news) told.add(problem);
  const more = news.length - NAMED;
  outside.report("warn", [...news.slice(0, NAMED), ...(more > 0 ? [`and ${more} more like these`] : [])].join("; "));
}
