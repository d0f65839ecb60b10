// The one place that holds the policy in force: a reload is one swap here.
import type { CatalogueLock } from "../mcp/catalogue-lock.ts";
import type { Translations } from "../mcp/translations.ts";
import type { IndexedPolicy } from "./index-policy.ts";

export interface Revision {
  /** A content hash, with the git commit where there is one. */
  readonly id: string;
  readonly policy: IndexedPolicy;
  /** What the servers had when somebody last wrote it down. */
  readonly lock?: CatalogueLock | undefined;
  /** What `translate` finds without asking; absent: nothing. */
  readonly translations?: Translations | undefined;
  /** What becomes of things that are not as the lock says; absent: nothing. */
  readonly pin?: "off" | "warn" | "block";
}

export interface PolicyStore {
  /** `undefined` until the first good revision: then nothing may be served. */
  current(): Revision | undefined;
  swap(revision: Revision): void;
  /** What was made of lists under the current one is out of date: it counts as another, and is the same policy. */
  renew(): void;
  /** The last ones, newest first; the current one included. */
  history(): readonly Revision[];
}

/** How many revisions stay within reach of a rollback. */
const KEPT = 10;

export function createPolicyStore(): PolicyStore {
  let revisions: readonly Revision[] = [];
  return {
    current: () => revisions[0],
    swap: (revision) => {
      revisions = [revision, ...revisions].slice(0, KEPT);
    },
    renew: () => {
      const [current, ...older] = revisions;
      if (current) revisions = [{ ...current }, ...older];
    },
    history: () => revisions,
  };
}
