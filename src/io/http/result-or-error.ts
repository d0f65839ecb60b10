// Telling an answer that is a result from one that is an error by its first bytes: most are results, and need not be read for it.
import { COMMA, OPEN_OBJECT, sameBytes } from "../../message/json-bytes/scan.ts";

/** As we write answers, and most servers; some have the result first. */
const HEAD = Buffer.from('{"jsonrpc":"2.0","id":');
const RESULT = Buffer.from(',"result":');
const RESULT_FIRST = Buffer.from('{"result":');
/** Bytes behind `HEAD` that are looked at. */
const LONGEST_ID = 80;

/** `answer` is a message, so it has one of the two. False: it may be a result nevertheless. */
export function beginsAsResult(answer: Buffer): boolean {
  if (startsWith(answer, 0, RESULT_FIRST)) return true;
  if (!startsWith(answer, 0, HEAD)) return false;
  // In a string no quote stands by itself, and up to the first object a key is one of the message.
  for (let at = HEAD.length; at < HEAD.length + LONGEST_ID && answer[at] !== OPEN_OBJECT; at++) {
    if (answer[at] === COMMA && startsWith(answer, at, RESULT)) return true;
  }
  return false;
}

/** The key of an error, however it is spelt. */
const ERROR = '"error"';
const ESCAPE = "\\u00";

export function mayBeError(answer: Buffer): boolean {
  return answer.includes(ERROR) || answer.includes(ESCAPE);
}

function startsWith(bytes: Buffer, at: number, part: Buffer): boolean {
  return sameBytes(bytes, at, at + part.length, part);
}
