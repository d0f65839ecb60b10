// How severe a log message is, and whether somebody wants to hear of it.

/** From the least severe (2025-11-25 and 2026-07-28, Logging). */
export const LEVELS: readonly string[] = [
  "debug",
  "info",
  "notice",
  "warning",
  "error",
  "critical",
  "alert",
  "emergency",
];

/** What cannot be compared is told. `wanted`: the least severe. */
export function isLoudEnough(level: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined || level === undefined || !LEVELS.includes(level)) return true;
  return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
}
