// What no store takes: amounts that would give back what was taken, and values that are too long.
import type { Share } from "../../dispatch/gates/store-need.ts";
import type { Failed } from "./store.ts";

export function failed(reason: string): Failed {
  return { kind: "failed", reason };
}

/** A negative amount would make room for others, and what is no number could not be counted. */
export function amountFault(reservations: readonly Share[]): Failed | undefined {
  const isCounted = reservations.every(({ count, amount }) => isAmount(count) && isAmount(amount));
  return isCounted ? undefined : failed("what is to be counted is no number from 0 on");
}

export function lengthFault(value: string, most: number): Failed | undefined {
  // No character takes less than a byte, so most values need not be measured.
  const isLong = value.length > most || (value.length * 3 > most && Buffer.byteLength(value) > most);
  return isLong ? failed(`a value is longer than ${most} bytes`) : undefined;
}

/** Whole milliseconds: no store keeps anything for less. */
export function wholeMs(duration: number): number {
  return Math.max(1, Math.ceil(duration));
}

function isAmount(amount: number): boolean {
  return Number.isFinite(amount) && amount >= 0;
}
