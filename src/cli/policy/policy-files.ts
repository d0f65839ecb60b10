// The files of a policy as a command is given them: read once, or the reason why they cannot be.
import { resolve } from "node:path";
import { overlookedFiles } from "../../io/rules/overlooked.ts";
import { readRules } from "../../io/rules/rules-folder.ts";
import type { CatalogueLock } from "../../mcp/catalogue-lock.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import type { SourceText } from "../../source/source-text.ts";
import type { Known } from "./known-to-policy.ts";
import { printJson } from "../print-json.ts";

export type PolicyFiles =
  | {
      readonly kind: "sources";
      readonly sources: readonly SourceText[];
      /** Of translations; absent: there are none, or they are of no interest. */
      readonly catalogues?: readonly SourceText[];
      /** What the servers had when somebody wrote it down; absent: there is no lock, or it is of no interest. */
      readonly lock?: CatalogueLock;
      /** Of files that nearly are part of it; absent: that is of no interest. */
      readonly overlooked?: readonly Diagnostic[];
    }
  /** Lines for people. */
  | { readonly kind: "none"; readonly reasons: readonly string[] };

/** `paths`: files and folders, as given; diagnostics name them so. `known`: where the catalogue lock may lie, and who names them. */
export async function readPolicyFiles(
  paths: readonly string[],
  { locks, settings }: Pick<Known, "locks" | "settings"> = { locks: [] },
): Promise<PolicyFiles> {
  const roots = paths.map((shown) => ({ shown, path: resolve(shown) }));
  // Nobody is expected to write just now, but a checkout may be under way.
  const onWaiting = (reason: string): void => {
    process.stderr.write(`${reason}\n`);
  };
  const { sources, catalogues, unreadable, lock, tree } = await readRules(roots, {
    locks,
    quietMs: 0,
    patienceMs: 1000,
    onWaiting,
  });
  if (unreadable.length > 0) {
    const { withPlaces } = await import("../../io/settings/rules-place.ts");
    return { kind: "none", reasons: withPlaces(unreadable, roots, settings, process.env) };
  }
  if (lock.kind === "damaged") return { kind: "none", reasons: [lock.report.replace(/^error: /, "").trimEnd()] };
  const overlooked = await overlookedFiles(tree);
  if (sources.length > 0)
    return { kind: "sources", sources, catalogues, overlooked, ...(lock.kind === "lock" && { lock: lock.lock }) };
  const where = paths.map((path) => `\`${path}\``).join(", ");
  const nearly = overlooked.map(({ message, help = "" }) => `; ${message}: ${help}`).join("");
  return { kind: "none", reasons: [`no file ends in \`.mcprules\` below ${where}${nearly}`] };
}

/** The exit code of a command that has no policy to work on. With `json`, the reasons are its one document. */
export function complain(reasons: readonly string[], json: boolean): number {
  if (json) printJson({ diagnostics: [], problems: reasons });
  else for (const reason of reasons) process.stderr.write(`error: ${reason}\n`);
  return 1;
}
