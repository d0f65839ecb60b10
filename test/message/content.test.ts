// A content may change, and everything else keeps its bytes.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { isEqual } from "../../src/message/edits/align-lists.ts";
import { isAmbiguous, parseContent, writeContent } from "../../src/message/content.ts";
import { jsonObjectText, jsonValueText } from "./json-arbitrary.ts";
import { joined, sound } from "./messages.ts";

const head = '"jsonrpc":"2.0","id":1';

/** `result` as text, changed by `change`, as text. */
function changed(result: string, change: (value: never) => JsonValue): string {
  const envelope = sound(`{${head},"result":${result}}`);
  const before = parseContent(envelope);
  const after = { result: change(before["result"] as never) };
  const text = joined(writeContent(envelope, before, after, []));
  const prefix = `{${head},"result":`;
  expect(text.startsWith(prefix)).toBe(true);
  return text.slice(prefix.length, -1);
}

describe("the content is", () => {
  test.each([
    [`{${head},"method":"x","params":{"a":1}}`, { params: { a: 1 } }],
    [`{${head},"method":"x"}`, {}],
    [`{${head},"result":{"a":[null]}}`, { result: { a: [null] } }],
    [`{${head},"error":{"code":1,"message":"m"}}`, { error: { code: 1, message: "m" } }],
  ])("%s", (text, content) => {
    expect(parseContent(sound(text))).toEqual(content);
  });

  test("a key called __proto__ is a key like any other", () => {
    const result = parseContent(sound(`{${head},"result":{"__proto__":{"a":1}}}`))["result"] as JsonObject;
    expect(Object.keys(result)).toEqual(["__proto__"]);
    expect(changed('{"__proto__":{"a":1},"b":1}', (value: JsonObject) => ({ ...value, b: 2 }))).toBe(
      '{"__proto__":{"a":1},"b":2}',
    );
  });
});

describe("a change leaves alone", () => {
  const set = (key: string, to: JsonValue) => (value: JsonObject) => ({ ...value, [key]: to });
  const without =
    (...keys: readonly string[]) =>
    (value: JsonObject) =>
      Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
  const inList = (change: (list: readonly JsonValue[]) => JsonValue) => (value: JsonObject) => ({
    ...value,
    list: change(value["list"] as readonly JsonValue[]),
  });

  test.each([
    [
      "large integers, spelling, order, white space",
      '{ "z":12345678901234567890, "n":1.0,"e":1e400 ,"a":"x","u":"\\u0061" }',
      set("a", "y"),
      '{ "z":12345678901234567890, "n":1.0,"e":1e400 ,"a":"y","u":"\\u0061" }',
    ],
    ["what stands before an added member", '{"a":1.0}', set("b", { c: [1] }), '{"a":1.0,"b":{"c":[1]}}'],
    ["an empty object but for what is added", "{ }", set("b", 1), '{"b":1 }'],
    ["what stands after the first when it goes", '{"a":1.0, "b":2.0,"c":3.0}', without("a"), '{"b":2.0,"c":3.0}'],
    ["both sides of the middle", '{"a":1.0, "b":2.0, "c":3.0}', without("b"), '{"a":1.0, "c":3.0}'],
    ["what stands before the last", '{"a":1.0,"b":2.0 }', without("b"), '{"a":1.0 }'],
    ["nothing when all goes", '{ "a":1.0, "b":2.0 }', without("a", "b"), "{ }"],
    [
      "the rest, when one goes and one comes",
      '{"a":1.0,"b":2.0}',
      (value: JsonObject) => ({ ...without("a")(value), c: 3 }),
      '{"b":2.0,"c":3}',
    ],
    [
      "one key, when all others go and one comes",
      '{"a":1.0,"b":2.0}',
      (value: JsonObject) => ({ ...without("a", "b")(value), c: 3 }),
      '{"c":3}',
    ],
    ["the escaped key", '{"\\u0061":1.0,"b":1}', set("b", 2), '{"\\u0061":1.0,"b":2}'],
    [
      "entries beside the changed one",
      '{"list":[1.0,{"a":1.0,"b":1},3.0]}',
      inList((list) => list.with(1, { a: 1, b: 2 })),
      '{"list":[1.0,{"a":1.0,"b":2},3.0]}',
    ],
    [
      "entries that stay",
      '{"list":[ 1.0, 2.0, 3.0, 4.0 ]}',
      inList((list) => list.filter((n) => n === 2 || n === 4)),
      '{"list":[2.0, 4.0 ]}',
    ],
    ["entries behind an added first", '{"list":[1.0,2.0]}', inList((list) => [0, ...list]), '{"list":[0,1.0,2.0]}'],
    [
      "entries around an added middle",
      '{"list":[1.0,2.0]}',
      inList(([a, b]) => [a as JsonValue, 7, b as JsonValue]),
      '{"list":[1.0,7,2.0]}',
    ],
    [
      "entries before an added last",
      '{"list":[1.0]}',
      inList((list) => [...list, null, "x"]),
      '{"list":[1.0,null,"x"]}',
    ],
    ["all in vain, when the list is emptied", '{"list":[1.0 , 2.0]}', inList(() => []), '{"list":[]}'],
    ["an empty list but for what comes", '{"list":[]}', inList(() => [1, 2]), '{"list":[1,2]}'],
    [
      "the rest of an entry that changed when another went",
      '{"list":[{"id":1},{"id":2,"n":12345678901234567890,"x":1},{"id":3}]}',
      inList(([, b, c]) => [{ ...(b as JsonObject), x: 2 }, c as JsonValue]),
      '{"list":[{"id":2,"n":12345678901234567890,"x":2},{"id":3}]}',
    ],
    [
      "copies as well as the very same values",
      '{"list":[{"n":1.0},{"n":2.0}],"x":1}',
      (value: JsonObject) => structuredClone({ ...value, x: 2 }),
      '{"list":[{"n":1.0},{"n":2.0}],"x":2}',
    ],
    ["nothing when the kind changes", '{"a":{"b":1.0}}', set("a", [1]), '{"a":[1]}'],
    [
      "not what is infinite in what moved",
      '{"a":1e400,"b":-1e400}',
      (value: JsonObject) => ({ c: [value["a"] as number, value["b"] as number, null] }),
      '{"c":[1e999,-1e999,null]}',
    ],
  ] as [string, string, (value: JsonObject) => JsonValue, string][])("%s", (_, result, change, expected) => {
    expect(changed(result, change as never)).toBe(expected);
  });
});

describe("params and ids", () => {
  test("params come, go, and the id changes in the same go", () => {
    const envelope = sound(`{${head},"method":"x","y":1.0}`);
    const idEdit = envelope.idRange === undefined ? [] : [{ range: envelope.idRange, text: '"new"' }];
    expect(joined(writeContent(envelope, {}, { params: { a: 1 } }, idEdit))).toBe(
      '{"jsonrpc":"2.0","id":"new","method":"x","y":1.0,"params":{"a":1}}',
    );
    const full = sound(`{${head},"params":{"a":1.0},"method":"x"}`);
    expect(joined(writeContent(full, parseContent(full), {}, []))).toBe(`{${head},"method":"x"}`);
  });
});

describe("a content that readers may take differently is written whole", () => {
  test.each([
    ["a key twice", '{"a":1.0,"a":2.0}', '{"a":2}'],
    ["a key twice, once escaped", '{"a":1.0,"\\u0061":[2.0]}', '{"a":[2]}'],
    ["deep inside", '{"list":[{"b":{"a":1,"a":2}}],"n":1.0}', '{"list":[{"b":{"a":2}}],"n":1}'],
  ])("%s", (_, result, expected) => {
    expect(isAmbiguous(sound(`{${head},"result":${result}}`))).toBe(true);
    expect(changed(result, (value: JsonValue) => value)).toBe(expected);
  });

  test.each([
    ["a control character", "\u0001\t", "\u0001\t"],
    ["an escape nobody knows", "\\x41", "\\x41"],
    ["half an escape", "\\u00zz", "\\u00zz"],
    ["beside good ones", '\\n\\"\\\\\\x\\u0041', '\n"\\\\xA'],
  ])("strings with what JSON does not know: %s", (_, inside, value) => {
    const long = "x".repeat(3000);
    const text = `{ "text":"${long}${inside}${long}"\t}`;
    const envelope = sound(`{${head},"result":${text}}`);
    expect(isAmbiguous(envelope)).toBe(true);
    expect(parseContent(envelope)).toEqual({ result: { text: `${long}${value}${long}` } });
    expect(changed(text, (result: JsonValue) => result)).toBe(JSON.stringify({ text: `${long}${value}${long}` }));
  });

  test("and where it was parsed before, a key that stands twice beside a long text", () => {
    const long = "x".repeat(3000);
    const envelope = sound(`{${head},"result":{"text":"${long}","a":1,"a":2}}`);
    expect(parseContent(envelope)).toEqual({ result: { text: long, a: 2 } });
    expect(isAmbiguous(envelope)).toBe(true);
  });

  test("others are not", () => {
    expect(isAmbiguous(sound(`{${head},"result":{"a":{"a":1}}}`))).toBe(false);
    expect(isAmbiguous(sound(`{${head},"method":"x","params":{}}`))).toBe(false);
  });
});

describe("properties", () => {
  test("bytes, content, bytes is the identity", () => {
    fc.assert(
      fc.property(jsonObjectText, (result) => {
        const text = `{"result": ${result},${head} }`;
        const envelope = sound(text);
        const before = parseContent(envelope);
        expect(joined(writeContent(envelope, before, before, []))).toBe(text);
        expect(joined(writeContent(envelope, before, structuredClone(before), []))).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  test("whatever a content is changed to is what is read again", () => {
    fc.assert(
      fc.property(jsonObjectText, jsonObjectText, (one, other) => {
        const envelope = sound(`{${head},"method":"x/y","params":${one}}`);
        const after = { params: JSON.parse(other) as JsonObject };
        const written = sound(joined(writeContent(envelope, parseContent(envelope), after, [])));
        // Not `toEqual`: JSON.stringify writes -0 as 0.
        expect(isEqual(parseContent(written), after)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("one changed value leaves every other byte", () => {
    fc.assert(
      fc.property(jsonObjectText, jsonValueText, (rest, value) => {
        const text = (inner: string) => `{${head},"result":{"rest":${rest},"it":${inner},"list":[${rest},${inner}]}}`;
        const envelope = sound(text(value));
        const before = parseContent(envelope);
        const result = before["result"] as JsonObject;
        const list = result["list"] as readonly JsonValue[];
        const after = { result: { ...result, it: "changed", list: [list[0] as JsonValue, "changed"] } };
        const expected = JSON.parse(value) === "changed" ? text(value) : text('"changed"');
        expect(joined(writeContent(envelope, before, after, []))).toBe(
          expected.replaceAll(/\s*"changed"\s*/g, (match) => outerSpace(value, match)),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("taking out any members and entries leaves the others", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(jsonValueText, fc.boolean()), { maxLength: 8 }), (entries) => {
        const text = `{"o":{${entries.map(([entry], index) => `"k${index}":${entry}`).join(",")}},"l":[${entries.map(([entry]) => entry).join(",")}]}`;
        const envelope = sound(`{${head},"result":${text}}`);
        const before = parseContent(envelope);
        const { o, l } = before["result"] as { o: JsonObject; l: readonly JsonValue[] };
        const isKept = (index: number) => entries[index]?.[1] === true;
        const after = {
          result: {
            o: Object.fromEntries(Object.entries(o).filter((_, index) => isKept(index))),
            l: l.filter((_, index) => isKept(index)),
          },
        };
        const written = sound(joined(writeContent(envelope, before, after, [])));
        // Not `toEqual`: of 0 and -0, which are one number, either may be the one that stays.
        expect(isEqual(parseContent(written), after)).toBe(true);
        const kept = entries.filter(([, isIn]) => isIn).map(([entry]) => entry.trim());
        expect(kept.filter((entry) => !written.bytes.toString().includes(entry))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

/** The white space that stood around the value stays. */
function outerSpace(value: string, match: string): string {
  const [before = "", after = ""] = [/^\s*/.exec(value)?.[0], /\s*$/.exec(value)?.[0]];
  return `${before}${match.trim()}${after}`;
}
