// `_meta` that came before, against who would have it taken for something else: wherever its bytes stand, and whatever is broken around them, a message says what JSON.parse finds in it.
import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/mcp/json.ts";
import { splice } from "../../../src/message/edits/splice.ts";
import type { Batch, Envelope, Malformed } from "../../../src/message/envelope.ts";
import { readEnvelope } from "../../../src/message/envelope.ts";
import { claimOf } from "../../../src/message/eras/modern-meta.ts";
import { type Changes, rewordingEdits } from "../../../src/message/eras/reword.ts";
import { Members } from "../../../src/message/members.ts";

const PREFIX = "io.modelcontextprotocol/";
const KEYS = ["protocolVersion", "clientInfo", "clientCapabilities", "logLevel"].map((key) => PREFIX + key);
const [REVISION = "", INFO = "", CAPABILITIES = "", LEVEL = ""] = KEYS;
const DEPTH = 8;

const METAS = [
  `{"${REVISION}":"2026-07-28"}`,
  `{"${REVISION}":"2026-07-28","${INFO}":{"name":"a"}}`,
  `{"${REVISION}":"2026-07-28","${INFO}":{"name":"é}\\"{"},"${CAPABILITIES}":{}}`,
  `{"${CAPABILITIES}":{},"${REVISION}":"2026-07-28"}`,
  `{ "${REVISION}" :\t"2026-07-28" , "${LEVEL}":"info" }`,
  `{"io.modelcontextprotocol\\/protocolVersion":"2026-07-28"}`,
];

/** What may stand beside `_meta` in `params`; `M` is the same `_meta` once more, where it is none. */
const MEMBERS = [
  '"name":"t"',
  '"arguments":{"_meta":M}',
  '"more":[M,{"params":{"_meta":M}}]',
  '"requestState" : "s"',
  '"inputResponses":{}',
  '"a\\u0062":1e2',
];
/** It breaks the message. */
const FAULTS = ['"_m\\u0065ta":M', '"_meta":{}', '"_Meta":1', '"ab":0,"a\\u0062":1'];

const message = fc.record({
  meta: fc.constantFrom(...METAS),
  key: fc.constantFrom('"_meta"', '"_meta"', '"_meta"', '"_m\\u0065ta"', '"\\u005fmeta"'),
  others: fc.shuffledSubarray(MEMBERS),
  fault: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, fc.constantFrom(...FAULTS)),
  /** How many of them stand before it. */
  place: fc.nat(4),
  gap: fc.constantFrom("", " ", "\r\n\t"),
  method: fc.constantFrom("tools/call", "tools/list", "server/discover", "notifications/progress", "x/y"),
  order: fc.constantFrom("method first", "method first", "params first"),
});
type Message = typeof message extends fc.Arbitrary<infer T> ? T : never;

function textOf({ meta, key, others, fault, place, gap, method, order }: Message): string {
  const beside = fault === undefined ? others : [fault, ...others].toReversed();
  const members = beside.toSpliced(place, 0, `${key}${gap}:${gap}M`).map((one) => one.replaceAll(/\bM\b/g, meta));
  const params = `"params":${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}`;
  const rest = `"method":"${method}"`;
  return `{"jsonrpc":"2.0","id":1,${order === "method first" ? `${rest},${params}` : `${params},${rest}`}}`;
}

/** Bytes put in, taken out, or cut off, once what it says is known. */
const damage = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    taken: fc.constantFrom(0, 0, 1, 2, 1000),
    put: fc.constantFrom("", "}", "{", ",", '"', "]", " ", "x", "\\", '"a":1,', "\u0000", ",}"),
    isLatin: fc.boolean(),
  }),
);
type Damage = typeof damage extends fc.Arbitrary<infer T> ? T : never;

/** What was cut off still lies behind it in memory. */
function damaged(text: string, damage: Damage): Buffer {
  const whole = Buffer.from(text);
  if (damage === undefined) return whole;
  const { at, taken, put, isLatin } = damage;
  const place = Math.floor(at * whole.length);
  if (put === "" && taken === 1000) return whole.subarray(0, place);
  const middle = isLatin && put !== "" ? Buffer.from([0xe9]) : Buffer.from(put);
  return Buffer.concat([whole.subarray(0, place), middle, whole.subarray(place + taken)]);
}

const CHANGED: readonly Changes[] = [
  {},
  { [REVISION]: undefined, [INFO]: undefined, [CAPABILITIES]: undefined, [LEVEL]: undefined },
  { [REVISION]: undefined },
  { [REVISION]: '"2026-07-28"' },
  { [REVISION]: '"2026-07-28"', [INFO]: '{"name":"a"}' },
  { [REVISION]: '"2026-07-28"', [INFO]: '{"name":"z"}', [CAPABILITIES]: "{}" },
  { "other/key": "7", [LEVEL]: undefined },
];
const MEMBERS_CHANGED: readonly Changes[] = [
  {},
  { inputResponses: undefined, requestState: undefined },
  { name: '"u"' },
  { name: undefined, ab: undefined },
  { requestState: '"t"', arguments: undefined, more: "[1]" },
];

/** A depth that comes once: nothing that was said before is known with it. */
let lastDepth = 100;

type Read = Envelope | Batch | Malformed;

function told(read: Read): unknown {
  if (read.kind === "malformed" || read.kind === "batch") return read;
  const claim = read.kind === "request" ? claimOf(read) : undefined;
  const reworded = MEMBERS_CHANGED.flatMap((members) => CHANGED.map((meta) => rewordedBy(read, members, meta)));
  return { kind: read.kind, claim, reworded };
}

function rewordedBy(envelope: Envelope, members: Changes, meta: Changes): string {
  return Buffer.concat(splice(envelope.bytes, rewordingEdits(envelope, { members, meta }))).toString();
}

/** The same, slowly: what is left of the members and of `_meta`, by value. */
function expectedOf(whole: JsonObject, body: "params" | "result", members: Changes, meta: Changes): JsonObject {
  const object = isJsonObject(whole[body]) ? whole[body] : {};
  const changed = withChanges(object, members);
  const before = object["_meta"];
  const own = isJsonObject(before) ? before : {};
  const after = withChanges(own, meta);
  const isAdding = Object.values(meta).some((text) => text !== undefined);
  const keepsEmpty = isJsonObject(before) && Object.keys(before).length === 0;
  const { _meta, ...rest } = changed;
  const isLeft = Object.keys(after).length > 0 || keepsEmpty;
  const isBare = whole[body] === undefined && !isLeft && Object.keys(rest).length === 0;
  if (isBare) return whole;
  if (isAdding || isJsonObject(before)) return { ...whole, [body]: { ...rest, ...(isLeft && { _meta: after }) } };
  return { ...whole, [body]: { ...rest, ...(_meta === undefined ? {} : { _meta }) } };
}

function withChanges(object: JsonObject, changes: Changes): JsonObject {
  const kept = Object.entries(object).filter(([key]) => !Object.hasOwn(changes, key));
  const made = Object.entries(changes).flatMap(([key, text]): [string, JsonValue][] =>
    text === undefined ? [] : [[key, JSON.parse(text) as JsonValue]],
  );
  return Object.fromEntries([...kept, ...made]);
}

function checkAgainstParsed(read: Envelope, body: "params" | "result"): void {
  const whole = JSON.parse(read.bytes.toString()) as JsonObject;
  for (const members of MEMBERS_CHANGED) {
    for (const meta of CHANGED) {
      const after = JSON.parse(rewordedBy(read, members, meta)) as JsonObject;
      expect(after).toEqual(expectedOf(whole, body, members, meta));
    }
  }
}

let known = 0;
let sound = 0;
let unsound = 0;

test("a request says the same, known or not, and what is left of it is what it should be", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(message, damage), { minLength: 1, maxLength: 12 }), (messages) => {
      for (const [said, harm] of messages) {
        // So that its `_meta` is known.
        for (let times = 0; times < 3; times++) {
          const plain = readEnvelope(
            Buffer.from(textOf({ ...said, others: [], fault: undefined, order: "method first", method: "tools/list" })),
            { depth: DEPTH, isUtf8 },
          );
          if (plain.kind === "request") claimOf(plain);
        }
        const bytes = damaged(textOf(said), harm);
        const read = readEnvelope(bytes, { depth: DEPTH, isUtf8 });
        const seen = told(read);
        if (read.kind !== "malformed" && read.kind !== "batch") {
          sound += 1;
          if (read.params instanceof Members && read.params.meta !== undefined) known += 1;
          checkAgainstParsed(read, "params");
        } else unsound += 1;
        const unknown = isAtLimit(bytes) ? seen : told(readEnvelope(bytes, { depth: (lastDepth += 1), isUtf8 }));
        expect(seen).toEqual(unknown);
      }
    }),
    { numRuns: 120 },
  );
  // It was really about both.
  expect(Math.min(known, sound - known, unsound)).toBeGreaterThan(60);
});

/** With another limit it may be another message. */
function isAtLimit(bytes: Buffer): boolean {
  let open = 0;
  let most = 0;
  for (const byte of bytes) {
    if (byte === 0x7b || byte === 0x5b) open += 1;
    if (byte === 0x7d || byte === 0x5d) open -= 1;
    most = Math.max(most, open);
  }
  return most > DEPTH;
}

test.each([
  [4, "malformed"],
  [5, "request"],
])("objects of a known `_meta` count for the depth of a message: with a limit of %i it is %s", (depth, kind) => {
  const meta = `{"${REVISION}":"2026-07-28","${CAPABILITIES}":{"a":{}}}`;
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":${meta}}}`;
  for (const first of [5, 5, 5, depth, depth]) {
    const read = readEnvelope(Buffer.from(text), { depth: first, isUtf8 });
    expect(read.kind).toBe(first === depth ? kind : "request");
    if (read.kind === "request") claimOf(read);
  }
});

const RESULT_MEMBERS = ['"content":[]', '"resultType":"complete"', '"name" : "n"', '"ab":1', '"requestState":"x"'];

test("a result is what it should be, wherever its `_meta` stands and whatever that is", () => {
  const metas = fc.constantFrom(
    ...METAS,
    "{}",
    "5",
    "[]",
    "null",
    '{"a":1}',
    '{"a":{"b":[]},"other/key":8}',
    undefined,
  );
  const result = fc.record({
    meta: metas,
    before: fc.subarray(RESULT_MEMBERS.slice(0, 3)),
    after: fc.subarray(RESULT_MEMBERS.slice(3)),
    gap: fc.constantFrom("", " ", "\n"),
  });
  fc.assert(
    fc.property(result, ({ meta, before, after, gap }) => {
      const members = [...before, ...(meta === undefined ? [] : [`"_meta"${gap}:${meta}`]), ...after];
      const text = `{"jsonrpc":"2.0","id":1,"result":{${gap}${members.join(`${gap},`)}${gap}}}`;
      const read = readEnvelope(Buffer.from(text), { depth: DEPTH, isUtf8 });
      expect(read.kind).toBe("result");
      if (read.kind === "result") checkAgainstParsed(read, "result");
    }),
    { numRuns: 400 },
  );
});
