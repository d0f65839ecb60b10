// What a host offers: the list it gave last, everything it has listed so far, and what of it is other than the lock says.
import type { LockedInterceptor } from "../../mcp/interceptor-lock.ts";
import type { Listed } from "./descriptors.ts";
import { changedSince, descriptorOf } from "./locked.ts";
import type { Descriptor } from "./wire.ts";

export class Offers {
  /** It stands while the host is down. */
  listing: Listed | undefined;
  /** Those that it offers otherwise than the lock says. */
  changed: readonly string[] = [];
  /** With what the lock says: what it no longer offers is missed. By type and name. */
  private readonly ever = new Map<string, Descriptor>();
  private readonly locked: readonly LockedInterceptor[] | undefined;
  private readonly warn: (text: string) => void;

  constructor(locked: readonly LockedInterceptor[] | undefined, warn: (text: string) => void) {
    this.locked = locked;
    this.warn = warn;
    for (const one of locked ?? []) this.remember(descriptorOf(one));
  }

  everListed(): readonly Descriptor[] {
    return [...this.ever.values()];
  }

  /** Whether the list is another than the last. */
  list(listing: Listed): boolean {
    const isOther = JSON.stringify(this.listing) !== JSON.stringify(listing);
    this.listing = listing;
    for (const descriptor of listing.descriptors) this.remember(descriptor);
    for (const text of listing.skipped) this.warn(`it lists what is skipped: ${text}`);
    this.compareWithLock(listing.descriptors);
    return isOther;
  }

  private remember(descriptor: Descriptor): void {
    const key = `${descriptor.type} ${descriptor.name}`;
    const before = this.ever.get(key);
    const hooks = [...(before?.hooks ?? []), ...descriptor.hooks];
    // Each once: it may be listed as often as it likes.
    const each = new Map(hooks.map((hook) => [JSON.stringify(hook), hook]));
    this.ever.set(key, { ...descriptor, hooks: [...each.values()] });
  }

  private compareWithLock(descriptors: readonly Descriptor[]): void {
    const { locked } = this;
    if (locked === undefined) return;
    this.changed = changedSince(locked, descriptors);
    for (const name of this.changed) this.warn(`\`${name}\` is declared otherwise than \`mcprules.lock\` says`);
    const strangers = descriptors.filter(({ name }) => !locked.some((one) => one.name === name));
    for (const { name } of strangers) this.warn(`\`${name}\` is not in \`mcprules.lock\`, and is not asked`);
  }
}
