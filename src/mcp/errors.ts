// The codes of JSON-RPC errors: those of the specification, and ours for what a policy refuses.

/** The bytes are no JSON (JSON-RPC 2.0, section 5.1). */
export const PARSE_ERROR = -32700;
/** JSON, but no message, or one that means two things at once. */
export const INVALID_REQUEST = -32600;
export const METHOD_NOT_FOUND = -32601;
/** Also what a name outside the catalogue gets: unlisted means unknown. */
export const INVALID_PARAMS = -32602;
export const INTERNAL_ERROR = -32603;
/** Legacy only: `resources/read` of a URI nobody has (2025-11-25, Resources, Error Handling). */
export const RESOURCE_NOT_FOUND = -32002;

/*
 * The modern era's own, which tell a modern server from any other.
 */

/** HTTP headers that do not say what the body says. */
export const HEADER_MISMATCH = -32020;
/** A server needs something of its client that the client has not said it can do. */
export const MISSING_CAPABILITY = -32021;
export const UNSUPPORTED_REVISION = -32022;

/*
 * Ours to choose, outside -32768 to -32000, as MCP 2026-07-28 asks of new codes (Basic Protocol, Error Codes).
 */

/** A rule refuses it. */
export const BLOCKED = 4030;
/** A human was asked and did not say yes, or nobody could be asked. */
export const DECLINED = 4031;
export const OVER_LIMIT = 4290;
/** The policy could not judge it, so it did not pass. */
export const POLICY_FAILED = 5000;
/** The server is not there, or did not answer in time. */
export const UNREACHABLE = 5030;
