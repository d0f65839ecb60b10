// Our own mistakes, in words for whoever reads the log.

export function describeBug(bug: unknown): string {
  return `a bug of mcprules: ${bug instanceof Error ? (bug.stack ?? bug.message) : String(bug)}`;
}
