// What was noted of `params` while a message was proven is what walking it finds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEnvelope } from "../../src/message/envelope.ts";
import { rangeAt, rawAt } from "../../src/message/locate.ts";

const KNOWN = ["name", "arguments", "_meta", "task", "inputResponses", "requestState"];
const ASKED = [...KNOWN, "own", "names", "Name", "cursor", ""];

/** The same key, its letters escaped or not. */
const spelt = (key: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: key.length, maxLength: key.length })
    .map((escaped) => Array.from(key, (letter, at) => (escaped[at] === true ? escape(letter) : letter)).join(""));

const members = fc
  .uniqueArray(fc.constantFrom(...KNOWN, "own", "names"), { maxLength: 6 })
  .chain((keys) => fc.tuple(...keys.map((key) => fc.tuple(spelt(key), fc.jsonValue({ maxDepth: 2 })))))
  .map((entries) => entries.map(([key, value]) => `"${key}" : ${JSON.stringify(value)}`).join(" ,"));

describe("a request", () => {
  test.each([
    ["after its method", (params: string) => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`],
    ["before its method", (params: string) => `{"jsonrpc":"2.0","id":1,"params":${params},"method":"tools/call"}`],
    ["of a method nobody knows", (params: string) => `{"jsonrpc":"2.0","id":1,"method":"x/y","params":${params}}`],
  ])("with params %s: each key leads where a walk leads", (_, message) => {
    fc.assert(
      fc.property(members, (inner) => {
        const envelope = readEnvelope(Buffer.from(message(`{ ${inner} }`)), { depth: 64 });
        if (envelope.kind !== "request" || envelope.params === undefined) throw new Error(envelope.kind);
        const { bytes, params } = envelope;
        const { start, end } = params;
        expect(JSON.parse(rawAt(bytes, { start, end }))).toEqual(JSON.parse(`{${inner}}`));
        for (const key of ASKED) expect(rangeAt(bytes, params, [key])).toEqual(rangeAt(bytes, { start, end }, [key]));
      }),
      { numRuns: 1000 },
    );
  });

  test("with empty params has none of them", () => {
    const envelope = readEnvelope(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}'), {
      depth: 64,
    });
    if (envelope.kind !== "request" || envelope.params === undefined) throw new Error(envelope.kind);
    for (const key of ASKED) expect(rangeAt(envelope.bytes, envelope.params, [key])).toBeUndefined();
  });
});

function escape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
