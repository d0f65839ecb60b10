// An answer that is taken for a result by its first bytes is one, whatever its id looks like.
import fc from "fast-check";
import { expect, test } from "vitest";
import { beginsAsResult, mayBeError } from "../../../src/io/http/result-or-error.ts";

const tricky = fc.constantFrom(',"result":', '","result":', '"', "\\", "}", "a".repeat(200), ",", "\u00e9");
const id = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true }),
  fc.array(tricky).map((parts) => parts.join("")),
  fc.constant(null),
);
const member = fc.oneof(fc.constant("result"), fc.constant("error"));
const value = fc.constantFrom(
  {},
  { result: 1 },
  { a: 1, result: 1 },
  { error: 1 },
  { x: '{"jsonrpc":"2.0","id":1,"result":' },
);

/** In any order, with blanks or without. */
const answer = fc.tuple(id, member, value, fc.nat(5), fc.boolean()).map(([own, kind, body, order, isWide]) => {
  const members = [`"jsonrpc":"2.0"`, `"id":${JSON.stringify(own)}`, `"${kind}":${JSON.stringify(body)}`];
  const first = members.splice(order % 3, 1);
  const inOrder = [...first, ...(order > 2 ? members.toReversed() : members)];
  return { kind, text: `{${inOrder.join(isWide ? " , " : ",")}}` };
});

test("nothing but a result begins as one, and every error may be one", () => {
  fc.assert(
    fc.property(answer, ({ kind, text }) => {
      const bytes = Buffer.from(text);
      expect({ kind, isResult: beginsAsResult(bytes) }).not.toEqual({ kind: "error", isResult: true });
      expect({ kind, mayBe: mayBeError(bytes) }).not.toEqual({ kind: "error", mayBe: false });
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ['{"jsonrpc":"2.0","id":12,"result":{}}', true],
  ['{"jsonrpc":"2.0","id":"a,b","result":{}}', true],
  ['{"result":{},"jsonrpc":"2.0","id":1}', true],
  ['{"jsonrpc":"2.0","id":12,"error":{"code":1,"message":"m"}}', false],
  ['{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m"}}', false],
  ['{"jsonrpc":"2.0","id":"\\",\\"result\\":","error":{"code":1,"message":"m"}}', false],
  ['{"jsonrpc":"2.0","id":1}', false],
  ["", false],
])("%s", (text, isResult) => expect(beginsAsResult(Buffer.from(text))).toBe(isResult));

test("an error may be spelt otherwise", () => {
  expect(mayBeError(Buffer.from('{"jsonrpc":"2.0","id":1,"err\\u006fr":{}}'))).toBe(true);
  expect(mayBeError(Buffer.from('{"id":1,"result":{},"jsonrpc":"2.0"}'))).toBe(false);
});
