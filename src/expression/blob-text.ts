// Base64 that stands for text: embedded resources and the like.
import type { JsonObject } from "../mcp/json.ts";

/** Judged by the MIME type beside it; without one, it may be text. */
export function isTextual({ mimeType }: JsonObject): boolean {
  if (typeof mimeType !== "string") return true;
  return /^\s*(?:text\/|[^;]*(?:[+/](?:json|xml|yaml|x-yaml|toml|javascript|ecmascript|typescript|sql|graphql|x-sh|x-www-form-urlencoded|csv|x-ndjson|jsonl)|script)\b)/i.test(
    mimeType,
  );
}

/** Decodes, changes, encodes again. `undefined`: it is no base64 of UTF-8. The same base64 if nothing changed. */
export function reencoded(base64: string, change: (text: string) => string): string | undefined {
  if (!/^[A-Za-z0-9+/_-]*={0,2}\s*$/.test(base64)) return undefined;
  const text = decoded(base64);
  if (text === undefined) return undefined;
  const changed = change(text);
  return changed === text ? base64 : Buffer.from(changed, "utf8").toString("base64");
}

function decoded(base64: string): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));
  } catch {
    return undefined;
  }
}
