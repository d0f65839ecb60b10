// Base64 that stands for text: embedded resources and the like.
import type { JsonObject } from "../../mcp/json.ts";

/** By the MIME type beside it; without one, it may be text. */
export type Textuality = "text" | "unknown" | "none";

export function textualityOf({ mimeType }: JsonObject): Textuality {
  if (typeof mimeType !== "string") return "unknown";
  return isTextual(mimeType) ? "text" : "none";
}

function isTextual(mimeType: string): boolean {
  return /^\s*(?:text\/|[^;]*(?:[+/](?:json|xml|yaml|x-yaml|toml|javascript|ecmascript|typescript|sql|graphql|x-sh|x-www-form-urlencoded|csv|x-ndjson|jsonl)|script)\b)/i.test(
    mimeType,
  );
}

/**
 * Decodes, changes, encodes again; in lines too, as MIME writes it. What is said to be text and is no UTF-8 is read byte by
 * byte, so that what is ASCII in it is seen. `undefined`: it is no base64, or no text. The same base64 if nothing changed.
 */
export function reencoded(
  base64: string,
  textuality: "text" | "unknown",
  change: (text: string) => string,
): string | undefined {
  if (!/^[A-Za-z0-9+/_\s-]*(?:=\s*){0,2}$/.test(base64)) return undefined;
  const bytes = Buffer.from(base64, "base64");
  const utf8 = decoded(bytes);
  if (utf8 === undefined && textuality === "unknown") return undefined;
  const text = utf8 ?? bytes.toString("latin1");
  const changed = change(text);
  if (changed === text) return base64;
  return Buffer.from(changed, utf8 === undefined ? "latin1" : "utf8").toString("base64");
}

function decoded(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
