// Making strings JSON again in which something stands that JSON does not know, so that it can be judged and sent on.

const SHORT_ESCAPES = '"\\/bfnrt';
const UNICODE_ESCAPE = /u[0-9a-fA-F]{4}/y;

/** Control characters inside strings become escapes, and a backslash that begins no escape stands for itself. */
export function repairedText(text: string): string {
  const pieces: string[] = [];
  let isInString = false;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) isInString = !isInString;
    else if (isInString && code === 0x5c && isEscape(text, at + 1)) at++;
    else if (isInString && (code === 0x5c || code < 0x20)) {
      pieces.push(text.slice(from, at), `\\u${code.toString(16).padStart(4, "0")}`);
      from = at + 1;
    }
  }
  pieces.push(text.slice(from));
  return pieces.join("");
}

function isEscape(text: string, at: number): boolean {
  UNICODE_ESCAPE.lastIndex = at;
  return SHORT_ESCAPES.includes(text.charAt(at)) || UNICODE_ESCAPE.test(text);
}
