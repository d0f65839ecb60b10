// Messages decided from their bytes alone where rules mask or refuse words anywhere: never where one may be hidden in them.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasNothingSought } from "../../src/dispatch/nothing-sought.ts";
import { decide } from "../../src/engine/decide.ts";
import { select } from "../../src/engine/matching/select.ts";
import type { Selection } from "../../src/engine/matching/selection.ts";
import { parseContent } from "../../src/message/content.ts";
import { type Envelope, readEnvelope } from "../../src/message/envelope.ts";
import { call, finish, type Message, NOWHERE, result, revisionOf } from "../engine/policy.ts";
import { Stage } from "./stage.ts";
import { call as calling } from "../tool-call.ts";

const MASKS = "default allow rule k when result of tools/call t redact /sk-[a-z0-9]{4}/";
const RESULT = result("tools/call", {}, "t");
const REQUEST = call("t");

function envelopeOf(text: string): Envelope {
  const envelope = readEnvelope(Buffer.from(text), { depth: 64 });
  if (envelope.kind !== "result" && envelope.kind !== "request") throw new Error(`neither: ${text}`);
  return envelope;
}

function resultOf(value: string): Envelope {
  return envelopeOf(`{"jsonrpc":"2.0","id":1,"result":${value}}`);
}

function selectionOf(policy: string, { facts }: Message): Selection {
  return select(revisionOf(policy), facts);
}

function isClear(policy: string, envelope: Envelope): boolean {
  const { byAbsence } = selectionOf(policy, envelope.kind === "request" ? REQUEST : RESULT);
  if (byAbsence === undefined) throw new Error("nothing can be told from bytes alone");
  return hasNothingSought(byAbsence, { envelope });
}

const S = String.raw;

describe("nothing that is masked is in a result", () => {
  test.each([
    ["of plain texts", '{"content":[{"type":"text","text":"all is well"}]}'],
    ["with escapes that are no letters", S`{"content":[{"type":"text","text":"\"a\"\n\tb\/c"}]}`],
    ["with escapes beyond ASCII", S`{"text":"gr\u00f6\u00dfer \ud83d\ude00"}`],
    ["with JSON in a text", S`{"text":"{\"a\":[\"b\"]}"}`],
    ["with numbers", '{"n":[1,2.5,1e400,12345678901234567890]}'],
    ["with texts beyond ASCII", '{"text":"ключ größer"}'],
    ["that speaks of data", S`{"text":"the \"metadata\" of data","database":1}`],
  ])("%s", (_, value) => expect(isClear(MASKS, resultOf(value))).toBe(true));
});

describe("something may have to be masked in a result", () => {
  test.each([
    ["with the word", '{"text":"sk-abcd"}'],
    ["with the word alone", '{"text":"risk-free"}'],
    ["with it in a key", '{"sk-abcd":1}'],
    ["with an escaped letter", S`{"text":"\u0073k-abcd"}`],
    ["with an escaped sign", S`{"text":"sk\u002dabcd"}`],
    ["with JSON in a text that has escapes", S`{"text":"{\"a\":\"\\u0073k-abcd\"}"}`],
    ["with a backslash in a text", S`{"text":"a\\b"}`],
    ["with base64", '{"blob":"c2stYWJjZA=="}'],
    ["with base64 in JSON in a text", S`{"text":"{\"data\":\"c2stYWJjZA==\"}"}`],
    ["with a key twice", '{"text":"a","text":"b"}'],
    ["with white space that strings cannot hold", '{"text":\t"a"}'],
  ])("%s", (_, value) => expect(isClear(MASKS, resultOf(value))).toBe(false));

  test("which is long", () => {
    expect(isClear(MASKS, resultOf(`{"text":"${"x".repeat(900)}"}`))).toBe(true);
    expect(isClear(MASKS, resultOf(`{"text":"${"x".repeat(1030)}"}`))).toBe(false);
  });

  test("with members beside it that nobody knows", () => {
    expect(isClear(MASKS, envelopeOf('{"jsonrpc":"2.0","id":1,"result":{},"more":1}'))).toBe(false);
  });
});

test.each(["risk-free", "fab-aab"])("each word of each mask of each rule is sought: %s", (text) => {
  const policy = `default allow
    rule k when result of tools/call t redact /sk-[a-z]/ redact /ab-a+/
    rule l when result of tools/call t redact /zap-[a-z]/`;
  expect(isClear(policy, resultOf(`{"text":"${text}"}`))).toBe(false);
});

test("a call is looked at as a whole, under the name that its server knows", () => {
  const policy = 'default allow rule c when tools/call t containing "*drop-table*" block';
  const envelope = envelopeOf(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":{"q":"x"}}}',
  );
  const { byAbsence } = selectionOf(policy, REQUEST);
  const inward = [{ at: ["params", "name"], range: { start: 0, end: 0 }, text: '"t"' }];
  expect(byAbsence && hasNothingSought(byAbsence, { envelope })).toBe(true);
  expect(byAbsence && hasNothingSought(byAbsence, { envelope, inward })).toBe(false);
});

/** Texts near the words of the rules, wrapped in whatever hides them. */
const UNIT = fc.constantFrom(
  "s",
  "k",
  "-",
  "sk-",
  "ab-a",
  "a",
  "b",
  "ä",
  "\n",
  '"',
  "\\",
  "/",
  "1",
  "data",
  " ",
  "ſ",
  "null",
);
const TEXT = fc.string({ unit: UNIT, maxLength: 6 });
const LAYERED = fc
  .tuple(TEXT, fc.nat(3), fc.boolean())
  .map(([text, layers, isEscaped]) => wrapped(isEscaped ? escaped(text) : JSON.stringify(text), layers));
const SCALAR = fc.oneof(
  { weight: 6, arbitrary: LAYERED },
  fc.constantFrom("1", "-2.5e3", "1e400", "11111111111111111", "true", "null", "0.1"),
  TEXT.map((text) => JSON.stringify(Buffer.from(text).toString("base64"))),
);
const KEY = fc.oneof(
  fc.constantFrom('"a"', '"text"', '"blob"', '"data"', '"isError"', '"content"', '"sk-"', S`"d\u0061ta"`),
  LAYERED,
);
const { value: VALUE } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    SCALAR,
    fc.array(tie("value"), { maxLength: 3 }).map((entries) => `[${entries.join(", ")}]`),
    objectOf(tie("value")),
  ),
}));

function objectOf(value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .array(fc.tuple(KEY, value), { maxLength: 4 })
    .map((members) => `{${members.map(([key, inner]) => `${key}:${inner}`).join(",")}}`);
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, "0"));
  return `"${units.map((unit) => S`\u${unit}`).join("")}"`;
}

function wrapped(json: string, layers: number): string {
  return layers === 0 ? json : wrapped(JSON.stringify(`{"data":1,"x":${json}}`), layers - 1);
}

const FOUND = ["/sk-[a-z]?/", "/ab-a+/", '"b-a" | "k-s"', "/(?:data|k)?-ab/", "/null-/", "/mess+age/"];
const ELSEWHERE = ["/nul/", "/1111/", "/ſk/", "/a\\/b/", "/sk/i"];
const PATTERN = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...FOUND) }, fc.constantFrom(...ELSEWHERE));
const TARGET = fc.constantFrom(
  "result of tools/call t",
  "message",
  "tools/call t",
  "tool t",
  "result of tools/call * with a",
  "failure",
  "reply",
);
const ACT = fc.oneof(
  PATTERN.map((pattern) => `redact ${pattern} as "x"`),
  fc.tuple(PATTERN, PATTERN).map(([one, other]) => `redact ${one} redact ${other} as "***"`),
  PATTERN.map((pattern) => `containing ${pattern} block "no"`),
  PATTERN.map((pattern) => `containing ${pattern} tag seen log "found"`),
  fc.constantFrom("tag seen", 'log "{name}"', "allow", "redact /sk-/ in content[*].text"),
);
const RULE = fc
  .tuple(fc.constantFrom("", "", "in shadow "), TARGET, ACT)
  .filter(
    ([, target, act]) =>
      !(target === "tool t" && act.startsWith("redact")) && !(target === "failure" && act.includes("content[")),
  )
  .map(([stage, target, act]) => `${stage}when ${target} ${act}`);
const POLICY = fc
  .tuple(fc.constantFrom("allow", "block"), fc.array(RULE, { minLength: 1, maxLength: 3 }))
  .map(([verdict, rules]) => `default ${verdict}\n${rules.map((text, index) => `rule r${index} ${text}`).join("\n")}`);

test.each([
  ["an answer", RESULT, objectOf(VALUE).map(resultOf)],
  [
    "a call",
    REQUEST,
    fc
      .uniqueArray(fc.tuple(fc.constantFrom('"a"', '"b"', '"text"'), VALUE), { selector: ([key]) => key, maxLength: 3 })
      .map((members) => `{${members.map(([key, value]) => `${key}:${value}`).join(",")}}`)
      .map((args) =>
        readEnvelope(
          Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":${args}}}`),
          { depth: 64 },
        ),
      )
      .filter((envelope) => envelope.kind === "request"),
  ],
])("whatever the policy: what is decided of %s unread is what is decided of it read", (_, message, envelopes) => {
  let unread = 0;
  let read = 0;
  fc.assert(
    fc.property(POLICY, fc.array(envelopes, { minLength: 3, maxLength: 8 }), (policy, messages) => {
      const revision = revisionOf(policy);
      const selection = select(revision, message.facts);
      for (const envelope of messages) {
        const { byAbsence } = selection;
        const isUnread = byAbsence !== undefined && hasNothingSought(byAbsence, { envelope });
        if (isUnread) unread += 1;
        else read += 1;
        if (!isUnread) continue;
        const whole = finish(decide(revision, selection, message.facts, parseContent(envelope), NOWHERE));
        expect({ ...byAbsence.decision, content: whole.content }).toEqual(whole);
      }
    }),
    { numRuns: 400 },
  );
  expect(Math.min(read, unread)).toBeGreaterThan(120);
});

test("on their way through the proxy: as they came, or masked", () => {
  const stage = Stage.open({ policy: MASKS.replace("call t", "call echo") });
  const answered = (text: string, id: number): unknown => {
    stage.client(calling(id));
    const value = { content: [{ type: "text", text }] };
    return stage.server("a", { id: `$${id}`, result: value });
  };
  const told = (text: string, id: number): unknown => [
    ["client", { id, result: { content: [{ type: "text", text }] } }],
  ];
  expect(answered("all is well", 1)).toEqual(told("all is well", 1));
  expect(answered("it is sk-abcd.", 2)).toEqual(told("it is [redacted].", 2));
  expect(answered("at risk-", 3)).toEqual(told("at risk-", 3));
});
