// Masking: every text, key and number that a pattern finds is replaced, also inside JSON in texts and textual blobs.
import { isJsonArray, isJsonObject, type JsonArray, type JsonObject, type JsonValue } from "../../mcp/json.ts";
import { reencoded, textualityOf } from "./blob-text.ts";
import { withStrings } from "./json-strings.ts";
import { maskFor, type Mask } from "./mask.ts";
import type { Pattern } from "../pattern.ts";
import { fillTemplate } from "../regex/regex.ts";

export interface Redaction {
  /** The very value that went in when nothing changed. */
  readonly value: JsonValue;
  readonly changed: boolean;
  /** Something that matched cannot be changed: the message has to be refused. */
  readonly blocked: boolean;
}

/** A glob in the pattern is taken as the text it is. `as` may use the groups of a regex: `****$1`. */
export function redactValue(value: JsonValue, pattern: Pattern, as: string): Redaction {
  const masking = new Masking(maskFor(pattern, as));
  const masked = masking.value(value);
  return { value: masked, changed: masked !== value, blocked: masking.isBlocked };
}

/** For reasons, questions and log lines. What cannot be masked in part is gone whole. */
export function redactText(text: string, pattern: Pattern, as: string): string {
  const { value, blocked } = redactValue(text, pattern, as);
  return blocked || typeof value !== "string" ? "***" : value;
}

/** Whether `as` cannot mask what the pattern finds, because the pattern finds it again: every message would be refused. */
export function isFoundAgain(pattern: Pattern, as: string): boolean {
  return redactValue(fillTemplate(as, "", []), pattern, as).blocked;
}

/** JSON in a text in JSON in a text …: what is deeper is not looked into, so it is refused. */
const MOST_LAYERS = 4;

class Masking {
  isBlocked = false;
  readonly #mask: Mask;

  constructor(mask: Mask) {
    this.#mask = mask;
  }

  value(value: JsonValue): JsonValue {
    if (typeof value === "string") return this.#text(value, 0);
    if (typeof value === "number") return this.#mask.ofNumber(value) ?? value;
    if (isJsonArray(value)) return this.#list(value);
    return isJsonObject(value) ? this.#object(value) : value;
  }

  #list(list: JsonArray): JsonArray {
    let masked: JsonValue[] | undefined;
    for (const [index, element] of list.entries()) {
      const after = this.value(element);
      if (after === element) continue;
      masked ??= [...list];
      masked[index] = after;
    }
    return masked ?? list;
  }

  #object(object: JsonObject): JsonObject {
    const entries = Object.entries(object);
    const textuality = textualityOf(object);
    const after = entries.map(([key, member]): [string, JsonValue] => [
      this.#plainText(key),
      typeof member === "string" && isBlob(key) && textuality !== "none"
        ? this.#blob(member, textuality, 0)
        : this.value(member),
    ]);
    if (after.every(([key, member], index) => key === entries[index]?.[0] && member === entries[index][1])) {
      return object;
    }
    // Two keys that become one would lose a member.
    if (new Set(after.map(([key]) => key)).size < after.length) this.isBlocked = true;
    return Object.fromEntries(after);
  }

  /** Base64 is read as the text it stands for, and as the text it is. */
  #blob(base64: string, textuality: "text" | "unknown", layer: number): string {
    return this.#text(reencoded(base64, textuality, (text) => this.#text(text, layer)) ?? base64, layer);
  }

  /** `layer`: how many JSON texts it was inside of. */
  #text(text: string, layer: number): string {
    const masked = this.#plainText(text);
    return mayHoldStrings(masked) ? this.#jsonText(masked, layer) : masked;
  }

  #plainText(text: string): string {
    const masked = this.#mask.ofText(text);
    if (masked === undefined) this.isBlocked = true;
    return masked ?? text;
  }

  /** Escapes hide what the text itself does not show, so its strings are looked at once more as what they stand for. */
  #jsonText(text: string, layer: number): string {
    if (layer >= MOST_LAYERS) {
      this.isBlocked = true;
      return text;
    }
    const masked = withStrings(text, (string, key, isKey) => {
      if (isKey) return this.#plainText(string);
      return key !== undefined && isBlob(key)
        ? this.#blob(string, "unknown", layer + 1)
        : this.#text(string, layer + 1);
    });
    return masked === undefined || masked === text ? text : this.#plainText(masked);
  }
}

function isBlob(key: string): boolean {
  return key === "blob" || key === "data";
}

/** It looks as JSON does: what it hides in escapes is looked for too. */
export function mayHoldStrings(text: string): boolean {
  return /^\s*[[{"]/.test(text) && text.includes('"');
}
