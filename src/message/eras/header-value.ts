// Texts in HTTP headers of the modern era: as they are where a header can hold them, else in base64 between two marks.

/** A text that needs no disguise: visible ASCII, with spaces and tabs only inside. */
const PLAIN = /^$|^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/;
const START = "=?base64?";
const END = "?=";

/** 2026-07-28, Streamable HTTP, Value Encoding. */
export function headerValue(text: string): string {
  return isPlainText(text) ? text : START + Buffer.from(text, "utf8").toString("base64") + END;
}

/** It stands in a header as it is. */
export function isPlainText(text: string): boolean {
  return PLAIN.test(text) && !isDisguised(text);
}

/** The text that a header means. `undefined`: it holds what no header may, or what is no base64 between the marks. */
export function textOfHeader(value: string): string | undefined {
  if (!PLAIN.test(value)) return undefined;
  return isDisguised(value) ? decode(value.slice(START.length, -END.length)) : value;
}

function isDisguised(text: string): boolean {
  return text.startsWith(START) && text.endsWith(END);
}

/** Only the one spelling that gives these bytes, and only UTF-8. */
function decode(base64: string): string | undefined {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return undefined;
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : undefined;
}
