// What can be proven of two patterns: one lies within the other, or they may both match something.
import type { Pattern } from "./pattern.ts";

/** True only if it is proven that `outer` matches whatever `inner` matches. */
export function isWithin(inner: Pattern, outer: Pattern): boolean {
  return inner === outer;
}

/** False only if it is proven that nothing is matched by both. */
export function mayOverlap(one: Pattern, other: Pattern): boolean {
  return one !== undefined && other !== undefined;
}
