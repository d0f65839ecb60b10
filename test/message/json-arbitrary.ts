// Generated JSON as text, in all the spellings that JSON.stringify never writes.
import * as fc from "fast-check";

const SPACE = fc.constantFrom("", "", "", " ", "\t", "  ");
const NUMBER = fc.oneof(
  fc.integer().map(String),
  fc.constantFrom("0", "-0", "1.0", "1e400", "-1E+400", "12345678901234567890", "9007199254740993", "1e-7", "0.10"),
  fc.double({ noDefaultInfinity: true, noNaN: true }).map((number) => JSON.stringify(number)),
);
const CHARACTER = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("a", "b", "c", "x", "0", "{", "}", "[", "]", ",", ":", " ") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("\\n", '\\"', "\\\\", "\\/", "\\u0061", "\\u00e9", "\\ud800", "\\udc00\\ud83d"),
  },
  { weight: 1, arbitrary: fc.constantFrom("é", "😀", "\u2028", "日", "\u007f") },
);

/** Raw text between the quotes. */
const INSIDE = fc.array(CHARACTER, { maxLength: 12 }).map((characters) => characters.join(""));
const STRING = fc.oneof(
  { weight: 12, arbitrary: INSIDE.map((inside) => `"${inside}"`) },
  { weight: 1, arbitrary: fc.tuple(INSIDE, fc.integer({ min: 1000, max: 1100 })).map(longString) },
);

/** Texts of values, at most four levels deep; no object has a key twice. */
export const jsonValueText: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    STRING,
    NUMBER,
    fc.constantFrom("true", "false", "null"),
    listOf(tie("value")),
    objectOf(tie("value")),
  ),
})).value;

export const jsonObjectText: fc.Arbitrary<string> = objectOf(jsonValueText);

function listOf(entry: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.array(spaced(entry), { maxLength: 5 }).map((entries) => `[${entries.join(",")}]`);
}

function objectOf(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const members = fc.uniqueArray(fc.tuple(INSIDE, SPACE, spaced(value)), {
    selector: ([key]) => JSON.parse(`"${key}"`) as string,
    maxLength: 5,
  });
  return members.map((pairs) => `{${pairs.map(([key, space, text]) => `"${key}"${space}:${text}`).join(",")}}`);
}

function spaced(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(SPACE, text, SPACE).map((parts) => parts.join(""));
}

function longString([inside, length]: readonly [string, number]): string {
  return `"${"x".repeat(length)}${inside}${"y".repeat(length)}${inside}"`;
}
