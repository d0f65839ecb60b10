// Where the variables of an expression are kept: known when it is compiled, filled when it runs.

/** One block or function that is being run. */
export interface Frame {
  readonly slots: unknown[];
  readonly outer: Frame | undefined;
}

/** A slot that nothing was bound to yet: the variable is then looked for further out. */
export const UNBOUND: unique symbol = Symbol("unbound");

export function frameOf(size: number, outer: Frame | undefined): Frame {
  const slots: unknown[] = [];
  for (let slot = 0; slot < size; slot += 1) slots.push(UNBOUND);
  return { slots, outer };
}

/** The block or function that is being compiled: which slot each of its names has. */
export class Scope {
  readonly names = new Map<string, number>();
  readonly outer: Scope | undefined;
  /** Names whose value is being compiled, and functions among them that may be called once it is. */
  readonly callable = new Set<string>();

  constructor(outer: Scope | undefined) {
    this.outer = outer;
  }

  slotOf(name: string): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    this.names.set(name, this.names.size);
    return this.names.size - 1;
  }
}

/** Finds the places a name may be bound at, from the inside out, each as frames to go out and a slot. */
export function placesOf(scope: Scope | undefined, name: string): readonly (readonly [number, number])[] {
  const places: (readonly [number, number])[] = [];
  let distance = 0;
  for (let at = scope; at; at = at.outer) {
    const slot = at.names.get(name);
    if (slot !== undefined) places.push([distance, slot]);
    distance += 1;
  }
  return places;
}
