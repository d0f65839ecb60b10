// Limits, counted as the proxy's store counts them: all of a message's shares, or none.
import type { Reservation } from "../../engine/decision.ts";
import type { GateNote } from "./gate-note.ts";
import type { Counter, Outside } from "./outside.ts";

type Note = Extract<GateNote, { readonly kind: "counted" | "over" }>;

export interface Counted {
  readonly counters: Outside["counters"];
  readonly noted: readonly Note[];
  /** The first that there is not enough left for; then nothing is counted. */
  readonly over: Over | undefined;
}

export interface Over {
  readonly reservation: Reservation;
  readonly note: Note;
  /** When there is room again; `undefined`: there never is enough. */
  readonly retryAfterMs: number | undefined;
}

export function countAll(limits: readonly Reservation[], before: Outside["counters"], now: number): Counted {
  const counters = new Map(before);
  const noted: Note[] = [];
  let over: { readonly reservation: Reservation; readonly note: Note } | undefined;
  let wait = 0;
  for (const reservation of limits) {
    const { rule, key, count, amount, perMs } = reservation;
    const window = `${String(perMs)} ${key}`;
    const known = counters.get(window);
    const counter: Counter = known && known.endsAt > now ? known : { used: 0, endsAt: now + perMs };
    const used = counter.used + amount;
    const isOver = used > count;
    const note: Note = { kind: isOver ? "over" : "counted", rule, used: isOver ? counter.used : used, count, perMs };
    counters.set(window, { ...counter, used });
    noted.push(note);
    if (!isOver) continue;
    over ??= { reservation, note };
    wait = Math.max(wait, counter.endsAt - now);
  }
  if (!over) return { counters, noted, over: undefined };
  const isEver = over.reservation.amount <= over.reservation.count;
  return { counters: before, noted: [], over: { ...over, retryAfterMs: isEver ? wait : undefined } };
}
