// Durations of rules: none so short that nothing comes of it, and none so long that nothing can be kept for it.
import type { DurationNode } from "../tree/ast-actions.ts";
import { durationText } from "../duration-text.ts";
import { error } from "../report.ts";
import type { Scope } from "../scope.ts";

export interface Bounds {
  /** Milliseconds, like `most`. */
  readonly least: number;
  readonly most: number;
  /** `a human is given`: 5 s to 1 h. */
  readonly what: string;
  /** Where more can be had. */
  readonly help?: string | undefined;
}

export function checkDuration({ ms, span }: DurationNode, { least, most, what, help }: Bounds, scope: Scope): void {
  if (ms >= least && ms <= most) return;
  const message = `${what} ${durationText(least)} to ${durationText(most)}, not ${durationText(ms)}`;
  scope.report(error("MR406", span, message, ms > most ? help : undefined));
}
