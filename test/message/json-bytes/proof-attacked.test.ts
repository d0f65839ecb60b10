// Every text of a few pieces of JSON, in any order: what is proven of it is what a parser says, one message after the other.
import { isUtf8 } from "node:buffer";
import { expect, test } from "vitest";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { hasDuplicateKeys } from "../../../src/message/locate.ts";

const PIECES = ["{", "}", "[", "]", ",", '{"a":', ',"\\u0061" :', ',"b":', "0", '"a"', " "];
const MOST_PIECES = 5;
const DEPTH = 3;

interface Seen {
  /** It stands as a value in an object in a message. */
  readonly inside: string;
  readonly isJson: boolean;
  /** Of the message. */
  readonly depth: number;
  readonly hasKeyTwice: boolean;
}

const ALL = Array.from(texts(), seen);

function* texts(before = "", most = MOST_PIECES): Generator<string> {
  yield before;
  if (most > 0) for (const piece of PIECES) yield* texts(before + piece, most - 1);
}

/** What a message says of it, slowly. */
function seen(inside: string): Seen {
  const text = `{"":{"":${inside}}}`;
  try {
    JSON.parse(text);
  } catch {
    return { inside, isJson: false, depth: 0, hasKeyTwice: false };
  }
  const open: Set<unknown>[] = [];
  let [depth, hasKeyTwice, before] = [0, false, ""];
  for (const [token] of text.matchAll(/"[^"]*"|[{}[\]:]/g)) {
    const keys = open.at(-1);
    if (token === "{" || token === "[") open.push(new Set());
    else if (token === "}" || token === "]") open.pop();
    else if (token === ":") {
      const key: unknown = JSON.parse(before);
      hasKeyTwice ||= keys?.has(key) === true;
      keys?.add(key);
    }
    depth = Math.max(depth, open.length);
    before = token;
  }
  return { inside, isJson: true, depth, hasKeyTwice };
}

test("they are of every sort", () => {
  const json = ALL.filter(({ isJson }) => isJson);
  const deep = json.filter(({ depth }) => depth > DEPTH);
  const double = json.filter(({ depth, hasKeyTwice }) => depth <= DEPTH && hasKeyTwice);
  expect([ALL.length, json.length, deep.length, double.length]).toEqual([177_156, 498, 32, 20]);
});

test.each(["x/y", "tools/call"])(
  "a request of %s is sound if it is JSON, not too deep, and no object has a key twice",
  (method) => {
    const wrong = ALL.filter(({ inside, isJson, depth, hasKeyTwice }) => {
      const text = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{"v":${inside}}}`;
      const isSound = isJson && depth <= DEPTH && !hasKeyTwice;
      const read = readEnvelope(Buffer.from(text), { depth: DEPTH, isUtf8 });
      return read.kind !== (isSound ? "request" : "malformed");
    });
    expect(wrong).toEqual([]);
  },
);

test("a result is sound if it is JSON and not too deep; whether an object in it has a key twice is told when asked", () => {
  const wrong = ALL.filter(({ inside, isJson, depth, hasKeyTwice }) => {
    const bytes = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"v":${inside}}}`);
    const isSound = isJson && depth <= DEPTH;
    const read = readEnvelope(bytes, { depth: DEPTH, isUtf8 });
    if (read.kind !== "result") return isSound;
    return !isSound || hasDuplicateKeys(bytes, read.result) !== hasKeyTwice;
  });
  expect(wrong).toEqual([]);
});
