// The revisions of MCP by their dates, and which of them begin with an `initialize` handshake (legacy).

/** Those that know no session: every request says which one it is of. Newest first. */
export const MODERN_REVISIONS = ["2026-07-28"] as const;

/** Newest first. */
export const LEGACY_REVISIONS = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] as const;
const LATEST_LEGACY_REVISION = LEGACY_REVISIONS[0];

/** The only revision whose messages may come several to an array (2025-03-26, Basic Protocol, Batching). */
export const BATCH_REVISION = "2025-03-26";

/** What a legacy handshake settles on: the client's wish if it is known, else our newest (2025-11-25, Lifecycle). */
export function settleRevision(wanted: string): string {
  return LEGACY_REVISIONS.find((revision) => revision === wanted) ?? LATEST_LEGACY_REVISION;
}
