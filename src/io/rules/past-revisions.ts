// The revisions that were in force, newest first, and which of them is now: a rollback goes back among them.
import type { Revision } from "../../engine/policy-store.ts";

export interface Accepted {
  readonly revision: Revision;
  /** Of the files it was read from. */
  readonly hash: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** How many stay within reach of a rollback. */
const KEPT = 10;

export class PastRevisions {
  private accepted: readonly Accepted[] = [];
  /** Where the one in force stands. */
  private at = 0;

  get current(): Accepted | undefined {
    return this.accepted[this.at];
  }

  /** One that the files hold. What was gone back from is not what the next rollback leads to. */
  add(accepted: Accepted): void {
    const older = [...this.accepted.slice(this.at), ...this.accepted.slice(0, this.at)];
    const others = older.filter(({ revision }) => revision.id !== accepted.revision.id);
    this.accepted = [accepted, ...others].slice(0, KEPT);
    this.at = 0;
  }

  /** To this one, by its id or how that begins; `undefined`: to the one before. A text says why that cannot be. */
  back(wanted: string | undefined, now: number): Accepted | string {
    const index = wanted === undefined ? this.at + 1 : this.indexOf(wanted);
    const found = this.accepted[index];
    if (found === undefined) return wanted === undefined ? this.sayFirst() : this.sayUnknown(wanted);
    if (index === this.at) return `revision ${found.revision.id} is in force already`;
    const again = { ...found, since: now };
    this.accepted = this.accepted.with(index, again);
    this.at = index;
    return again;
  }

  private indexOf(wanted: string): number {
    return this.accepted.findIndex(({ revision }) => revision.id.startsWith(wanted));
  }

  private sayFirst(): string {
    const [newest] = this.accepted;
    const isNewest = newest === undefined || this.at === 0;
    const others = isNewest ? "" : `; \`mcprules rollback ${newest.revision.id}\` leads to the newest`;
    return `there is no revision before this one${others}`;
  }

  private sayUnknown(wanted: string): string {
    const known = this.accepted.map(({ revision }) => `\`${revision.id}\``).join(", ");
    return `no revision \`${wanted}\` is within reach; there are ${known}`;
  }
}
