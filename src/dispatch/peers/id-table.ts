// What is in flight, by its id. A Map would do, but for one thing: it leaves its old tables behind as it churns, and what those
// point at - requests, and the chunks their bytes came in - outlives its use: six times as much was promoted to the old generation.
// The same goes for a Set: what comes and goes with requests is kept in a table, by a number of its own if it has no id.

/** Always a power of two, and at least twice the number of entries. As many as `smallest` has. */
const SMALLEST = 8;

export class IdTable<T, Id extends string | number = string> {
  size = 0;
  private ids: (Id | undefined)[] = smallest();
  private entries: (T | undefined)[] = smallest();
  private mask = SMALLEST - 1;

  get(id: Id): T | undefined {
    return this.entries[this.slotOf(id)];
  }

  set(id: Id, entry: T): void {
    const slot = this.slotOf(id);
    if (this.ids[slot] === undefined) this.size += 1;
    this.ids[slot] = id;
    this.entries[slot] = entry;
    if (this.size * 2 > this.mask) this.grow();
  }

  delete(id: Id): boolean {
    return this.take(id) !== undefined;
  }

  /** Only if it is this one that has the id. */
  deleteOne(id: Id, entry: T): void {
    const slot = this.slotOf(id);
    if (this.entries[slot] === entry) this.vacate(slot);
  }

  /** Deletes it. */
  take(id: Id): T | undefined {
    const slot = this.slotOf(id);
    const entry = this.entries[slot];
    if (entry !== undefined) this.vacate(slot);
    return entry;
  }

  /** In no order that means anything. */
  values(): readonly T[] {
    return this.entries.filter((entry) => entry !== undefined);
  }

  clear(): void {
    this.size = 0;
    this.ids.fill(undefined);
    this.entries.fill(undefined);
  }

  /** Where it is, or where it would be. */
  private slotOf(id: Id): number {
    let slot = hash(id) & this.mask;
    for (let found = this.ids[slot]; found !== undefined && found !== id; found = this.ids[slot])
      slot = (slot + 1) & this.mask;
    return slot;
  }

  /** Whatever was pushed on by this entry moves up, so that no search ends at a gap too early. */
  private vacate(slot: number): void {
    this.size -= 1;
    let gap = slot;
    let at = slot;
    for (;;) {
      at = (at + 1) & this.mask;
      const id = this.ids[at];
      if (id === undefined) break;
      const isHomeBeyondGap = ((at - (hash(id) & this.mask)) & this.mask) < ((at - gap) & this.mask);
      if (isHomeBeyondGap) continue;
      this.ids[gap] = id;
      this.entries[gap] = this.entries[at];
      gap = at;
    }
    this.ids[gap] = undefined;
    this.entries[gap] = undefined;
  }

  private grow(): void {
    const { ids, entries } = this;
    const length = ids.length * 2;
    this.ids = vacant(length);
    this.entries = vacant(length);
    this.mask = length - 1;
    for (const [index, id] of ids.entries()) {
      if (id === undefined) continue;
      const slot = this.slotOf(id);
      this.ids[slot] = id;
      this.entries[slot] = entries[index];
    }
  }
}

function vacant<T>(length: number): (T | undefined)[] {
  return Array.from({ length }, () => undefined);
}

/** Sessions have ten of these, and most stay empty: what is written down like this is shared until somebody writes to it. */
function smallest<T>(): (T | undefined)[] {
  return [undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined];
}

/** Of a text FNV-1a. Who picks ids that collide only slows himself down: ids in flight are few. */
function hash(id: string | number): number {
  if (typeof id === "number") return id;
  let sum = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) sum = Math.imul(sum ^ id.charCodeAt(at), 0x01000193);
  return sum ^ (sum >>> 15);
}
