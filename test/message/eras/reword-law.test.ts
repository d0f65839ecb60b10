// Members of a message that are other for a reader of another era: only they change, and everything else keeps its bytes.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { hasDuplicateKeys } from "../../../src/message/locate.ts";
import { type Changes, type Rewording, rewordingEdits, rewordWritten } from "../../../src/message/eras/reword.ts";
import { splice } from "../../../src/message/edits/splice.ts";

const LIMITS = { depth: 64 };

function reworded(text: string, rewording: Rewording): string {
  const envelope = readEnvelope(Buffer.from(text), LIMITS);
  if (envelope.kind === "batch" || envelope.kind === "malformed") throw new Error(JSON.stringify(envelope));
  return Buffer.concat(splice(envelope.bytes, rewordingEdits(envelope, rewording))).toString();
}

const NOTHING = { members: {}, meta: {} };

describe("a request", () => {
  test.each([
    [
      "keeps its blanks, numbers and unknown members",
      '{ "a" : 1.0, "_meta" : {"x":1e400} }',
      NOTHING,
      '{ "a" : 1.0, "_meta" : {"x":1e400} }',
    ],
    ["gets what it lacks", '{"a":1}', { members: { b: "2" }, meta: { x: '"y"' } }, '{"a":1,"b":2,"_meta":{"x":"y"}}'],
    [
      "has a member replaced where it stands",
      '{"b":1,"a":12345678901234567890}',
      { members: { b: "2" }, meta: {} },
      '{"b":2,"a":12345678901234567890}',
    ],
    [
      "loses what must go",
      '{"b":1,"a":2,"_meta":{"x":1,"y":2}}',
      { members: { b: undefined }, meta: { x: undefined } },
      '{"a":2,"_meta":{"y":2}}',
    ],
    [
      "gets metadata in the place of what is none",
      '{"_meta":5}',
      { members: {}, meta: { x: "1" } },
      '{"_meta":{"x":1}}',
    ],
  ])("%s", (_what, params, rewording: Rewording, expected) => {
    const message = (text: string): string => `{"jsonrpc":"2.0","id":1,"method":"m","params":${text}}`;
    expect(reworded(message(params), rewording)).toBe(message(expected));
  });

  test("without params gets some only where there is something to say", () => {
    const bare = '{"jsonrpc":"2.0","id":1,"method":"m"}';
    expect(reworded(bare, { members: { a: undefined }, meta: { x: undefined } })).toBe(bare);
    expect(reworded(bare, { members: {}, meta: { x: "1" } })).toBe(`${bare.slice(0, -1)},"params":{"_meta":{"x":1}}}`);
  });
});

test("an error says the same in every era", () => {
  const text = '{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}';
  expect(reworded(text, { members: { a: undefined }, meta: {} })).toBe(text);
});

const KEYS = ["a", "b", "resultType", "\u00e9"];
const changes = fc.dictionary(fc.constantFrom(...KEYS), fc.option(fc.jsonValue(), { nil: undefined }), {
  noNullPrototype: true,
});
const body = fc.dictionary(fc.constantFrom(...KEYS, "c"), fc.jsonValue(), { noNullPrototype: true });
const meta = fc.option(fc.dictionary(fc.constantFrom(...KEYS, "c"), fc.jsonValue(), { noNullPrototype: true }), {
  nil: undefined,
});

function texts(values: Record<string, unknown>): Changes {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, value === undefined ? undefined : JSON.stringify(value)]),
  );
}

function changed(object: JsonObject, values: Record<string, unknown>): JsonObject {
  const all = { ...object, ...values } as Record<string, JsonValue | undefined>;
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, JsonValue] => entry[1] !== undefined),
  );
}

test("whatever is changed, the bytes say what the values say, before and after they are judged", () => {
  fc.assert(
    fc.property(body, meta, changes, changes, (members, said, ofBody, ofMeta) => {
      const result = { ...(members as JsonObject), ...(said === undefined ? {} : { _meta: said as JsonObject }) };
      const text = JSON.stringify({ jsonrpc: "2.0", id: 1, result });
      const rewording = { members: texts(ofBody), meta: texts(ofMeta) };
      const written = Buffer.concat(rewordWritten([Buffer.from(text)], rewording)).toString();
      expect(reworded(text, rewording)).toBe(written);
      const bytes = Buffer.from(written);
      expect(hasDuplicateKeys(bytes, { start: 0, end: bytes.length })).toBe(false);
      const found = (JSON.parse(written) as { readonly result: JsonObject }).result;
      const { _meta: metadata = {}, ...rest } = found;
      expect(rest).toEqual(changed(JSON.parse(JSON.stringify(members)) as JsonObject, ofBody));
      const expected = changed(JSON.parse(JSON.stringify(said ?? {})) as JsonObject, ofMeta);
      expect(isJsonObject(metadata) ? metadata : {}).toEqual(JSON.parse(JSON.stringify(expected)));
    }),
  );
});
