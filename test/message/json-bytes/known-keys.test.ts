// Known keys are found by their bytes, or by what their escapes say, and nothing else is taken for one.
import fc from "fast-check";
import { expect, test } from "vitest";
import { allMethods } from "../../../src/mcp/methods.ts";
import { knownIndexAt, knownKeys, NONE, variantAt } from "../../../src/message/json-bytes/known-keys.ts";

const NAMES = [...allMethods().map(({ method }) => method), "id", "", "a", "b", "ab", "ba", "x".repeat(63)];
const KEYS = knownKeys([...new Set(NAMES)]);

function indexOf(inside: string): number {
  const bytes = Buffer.from(`{"${inside}":0}`);
  return knownIndexAt(bytes, 2, bytes.length - 4, KEYS);
}

test.each(KEYS.names.map((name) => [name]))("`%s`", (name) => {
  expect(KEYS.names[indexOf(name)]).toBe(name);
  const escaped = Array.from(name, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  expect(KEYS.names[indexOf(escaped)]).toBe(name);
});

test("any other key is none of them, also one as long, or that begins or ends like one", () => {
  const near = fc
    .tuple(fc.constantFrom(...KEYS.names), fc.nat(), fc.constantFrom("x", "é", "/", ""))
    .map(
      ([name, at, letter]) => name.slice(0, at % (name.length + 1)) + letter + name.slice((at % (name.length + 1)) + 1),
    );
  fc.assert(
    fc.property(fc.oneof(near, fc.string({ maxLength: 70 }), fc.string({ minLength: 60, maxLength: 140 })), (text) => {
      const inside = JSON.stringify(text).slice(1, -1);
      expect(indexOf(inside)).toBe(KEYS.names.includes(text) ? KEYS.names.indexOf(text) : NONE);
    }),
    { numRuns: 3000 },
  );
});

test("a key in another case is a variant, whatever its length in bytes", () => {
  const bytes = Buffer.from('"TOOLS/Call" "tools/call" "tool\u017f/call" "unknown"');
  const at = (text: string): [number, number] => [bytes.indexOf(text), bytes.indexOf(text) + Buffer.byteLength(text)];
  expect(variantAt(bytes, ...at("TOOLS/Call"), KEYS)).toBe("tools/call");
  expect(variantAt(bytes, ...at("tools/call"), KEYS)).toBeUndefined();
  expect(variantAt(bytes, ...at("tool\u017f/call"), KEYS)).toBe("tools/call");
  expect(variantAt(bytes, ...at("unknown"), KEYS)).toBeUndefined();
});

test("a name that is too long to be packed is refused, not overlooked", () => {
  expect(() => knownKeys(["x".repeat(64)])).toThrow("too long");
});
