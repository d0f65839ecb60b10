// A bounded map whose entries last a while: none is forgotten earlier, and what does not fit is refused.

export interface Lasting<Value> {
  readonly value: Value;
  readonly endsAt: number;
}

export class ExpiringMap<Value> {
  private readonly entries = new Map<string, Lasting<Value> & { readonly weight: number }>();
  private readonly room: number;
  private taken = 0;
  private sweptAt = Number.NEGATIVE_INFINITY;

  /** `room`: the sum of all weights; of as many entries, where nobody says what they weigh. */
  constructor(room: number) {
    this.room = room;
  }

  get(key: string, now: number): Lasting<Value> | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || entry.endsAt > now) return entry;
    this.delete(key);
    return undefined;
  }

  /** Whether there was room for it. */
  set(key: string, lasting: Lasting<Value>, now: number, weight = 1): boolean {
    const before = this.entries.get(key)?.weight ?? 0;
    if (!this.hasRoom(weight - before, now)) return false;
    this.taken += weight - before;
    this.entries.set(key, { ...lasting, weight });
    return true;
  }

  delete(key: string): void {
    this.taken -= this.entries.get(key)?.weight ?? 0;
    this.entries.delete(key);
  }

  hasRoom(weight: number, now: number): boolean {
    // To look for what has run out takes a while, so that is done now and then.
    if (this.taken + weight > this.room && now - this.sweptAt >= SWEEP_MS) this.sweep(now);
    return this.taken + weight <= this.room;
  }

  private sweep(now: number): void {
    this.sweptAt = now;
    for (const [key, { endsAt }] of this.entries) if (endsAt <= now) this.delete(key);
  }
}

const SWEEP_MS = 1000;
