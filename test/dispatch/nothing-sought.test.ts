// Calls decided from their bytes alone: only where nothing is sought in them, and then as if they had been read.
import * as fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { hasNothingSought } from "../../src/dispatch/nothing-sought.ts";
import { decide } from "../../src/engine/decide.ts";
import type { ReviewedThing } from "../../src/engine/facts.ts";
import { select, type Selection } from "../../src/engine/matching/select.ts";
import type { JsonObject } from "../../src/mcp/json.ts";
import { parseContent } from "../../src/message/content.ts";
import { readEnvelope, type RequestEnvelope } from "../../src/message/envelope.ts";
import { call as callOf, finish, NOWHERE, revisionOf } from "../engine/policy.ts";
import { reviewedTool } from "../engine/reviewed-tool.ts";
import { call } from "../tool-call.ts";
import { Stage } from "./stage.ts";

const WORDS = `default allow
  rule q when tools/call t with q "*drop-table*" | "*ön-er*" | "*zap" block "no dropping"
  rule p when tools/call t with p.file /secret-[a-z]+/ block "no secrets"`;

const KNOWN: JsonObject = { type: "object", properties: { q: { type: "string" }, p: { type: "object" } } };

function thing(inputSchema: JsonObject = KNOWN): ReviewedThing {
  return reviewedTool(inputSchema);
}

function requestOf(params: string): RequestEnvelope {
  const text = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  const envelope = readEnvelope(Buffer.from(text), { depth: 64 });
  if (envelope.kind !== "request") throw new Error(`no request: ${text}`);
  return envelope;
}

function selectionOf(policy: string): Selection {
  return select(revisionOf(policy), callOf("t").facts);
}

function isClear(args: string, reviewed = thing()): boolean {
  const { byAbsence } = selectionOf(WORDS);
  if (byAbsence === undefined) throw new Error("nothing can be told from bytes alone");
  return hasNothingSought(byAbsence, { envelope: requestOf(`{"name":"t","arguments":${args}}`), thing: reviewed });
}

describe("nothing is sought", () => {
  test.each([
    ["in plain texts", '{"q":"select all","p":{"file":"notes"}}'],
    ["in empty texts", '{"q":"","p":{"file":""}}'],
    ["in texts with escapes", String.raw`{"q":"line\none \"two\"","p":{"file":"n\u006ftes"}}`],
    ["in texts beyond ASCII", '{"q":"größer 😀","p":{"file":"ключ"}}'],
    ["whatever the spelling of keys and spaces", String.raw`{ "\u0071" : "x" , "p" : { "file" : "y" , "z":[1] } }`],
  ])("%s", (_, args) => expect(isClear(args)).toBe(true));

  test("where the tool names no arguments", () => {
    expect(isClear('{"q":"x","p":{"file":"y"},"more":1}', thing({ type: "object" }))).toBe(true);
  });
});

describe("something may be sought", () => {
  test.each([
    ["a word", '{"q":"drop-table","p":{"file":"notes"}}'],
    ["a part of a word", '{"q":"drop","p":{"file":"notes"}}'],
    ["a word at the second place", '{"q":"x","p":{"file":"secret-"}}'],
    ["a word with an escape in it", String.raw`{"q":"drop\u002dtable","p":{"file":"notes"}}`],
    ["a word behind what is not ASCII", '{"q":"größer drop-table","p":{"file":"notes"}}'],
    ["a word behind an escape", String.raw`{"q":"\\ndrop-table","p":{"file":"notes"}}`],
    ["a place that is missing", '{"q":"x"}'],
    ["a number", '{"q":1,"p":{"file":"notes"}}'],
    ["a list", '{"q":["drop-table"],"p":{"file":"notes"}}'],
    ["an object", '{"q":{"a":"drop-table"},"p":{"file":"notes"}}'],
    ["null", '{"q":null,"p":{"file":"notes"}}'],
    ["a text where an object should be", '{"q":"x","p":"file"}'],
    ["a word that is not ASCII", '{"q":"sehr schön-er","p":{"file":"notes"}}'],
    ["the shortest word, at the very end", '{"q":"a zap","p":{"file":"notes"}}'],
    ["an argument that the tool does not name", '{"q":"x","p":{"file":"notes"},"more":1}'],
    ["an argument that could be taken for another", '{"q":"x","p":{"file":"notes"},"Q":"drop-table"}'],
    ["a text that may hold a list", String.raw`{"q":"[\"x\"]","p":{"file":"notes"}}`],
    ["a text that may hold an object, behind blanks", String.raw`{"q":"\t {}","p":{"file":"notes"}}`],
    ["a text that begins with a blank", '{"q":" x","p":{"file":"notes"}}'],
    ["a text that begins with what is not ASCII", '{"q":"\u00a0[]","p":{"file":"notes"}}'],
    ["a text that may be null", '{"q":"null","p":{"file":"notes"}}'],
    ["arguments that are no object", '["q"]'],
    ["arguments that are a text", '"q"'],
  ])("%s", (_, args) => expect(isClear(args)).toBe(false));

  test("where the tool names its arguments in another way", () => {
    const named = thing({ type: "object", allOf: [KNOWN] });
    expect(isClear(String.raw`{"q":"[\"\\u0064rop-table\"]","p":{"file":"notes"}}`, named)).toBe(false);
  });

  test("where arguments have to fit what a rule made of the schema", () => {
    expect(isClear('{"q":"x","p":{"file":"y"}}', { ...thing(), schemaChanged: true })).toBe(false);
  });

  test("where an argument has the name of what every object has", () => {
    const schema = { type: "object", properties: { q: {}, p: {}, Constructor: {} } };
    expect(isClear('{"q":"x","p":{"file":"y"},"constructor":1}', thing(schema))).toBe(false);
  });

  test("in a call that is long", () => {
    const args = (length: number): string => `{"q":"${"x".repeat(length)}","p":{"file":"y"}}`;
    expect([isClear(args(900)), isClear(args(1030))]).toEqual([true, false]);
  });

  test("where there are no arguments", () => {
    const { byAbsence } = selectionOf(WORDS);
    const isClearOf = (params: string): boolean | undefined =>
      byAbsence && hasNothingSought(byAbsence, { envelope: requestOf(params), thing: thing() });
    expect([isClearOf('{"name":"t"}'), isClearOf('{"name":"t","arguments":null}')]).toEqual([false, false]);
  });

  test("where something but the name was put in the place of what came", () => {
    const { byAbsence } = selectionOf(WORDS);
    const envelope = requestOf('{"name":"t","arguments":{"q":"x","p":{"file":"y"}}}');
    const isClearWith = (at: readonly string[]): boolean | undefined =>
      byAbsence &&
      hasNothingSought(byAbsence, { envelope, inward: [{ at, range: { start: 0, end: 0 }, text: '"drop-table"' }] });
    expect(isClearWith(["params", "name"])).toBe(true);
    expect(isClearWith(["params", "arguments", "q"])).toBe(false);
    expect(isClearWith(["params", "arguments", "name"])).toBe(false);
  });
});

/** Texts near the words of the rules, written with and without escapes. */
const LETTERS = fc.constantFrom("a", "b", "ab", "ba", "B", "-", "ä", "😀", "\n", '"', "\\");
const TEXT = fc.string({ unit: LETTERS, maxLength: 8 });
const WRITTEN = fc
  .tuple(TEXT, fc.boolean())
  .map(([text, isEscaped]) => (isEscaped ? escaped(text) : JSON.stringify(text)));
const VALUE = fc.oneof(
  { weight: 8, arbitrary: WRITTEN },
  {
    weight: 1,
    arbitrary: fc.constantFrom("1", "null", "true", "[]", '["aba"]', '{"r":"bab"}', '{"r":1}', '[["abba"]]'),
  },
  { weight: 1, arbitrary: WRITTEN.map((text) => `{"r":${text}}`) },
);
const KEY = fc.constantFrom('"q"', '"p"', String.raw`"\u0071"`, '"Q"', '"more"', '"name"');
const ODD = fc
  .uniqueArray(fc.tuple(KEY, VALUE), { selector: ([key]) => JSON.parse(key) as string, maxLength: 4 })
  .map((members) => `{${members.map(([key, value]) => `${key}: ${value}`).join(" ,")}}`);
const EVEN = fc.tuple(WRITTEN, WRITTEN).map(([q, r]) => `{"q":${q},"p":{"r":${r}}}`);
const ARGUMENTS = fc.oneof(ODD, { weight: 3, arbitrary: EVEN });
const WORDLESS = ["/aba/i", '"*ab*"'];
const PATTERNS = ['"*aba*"', '"bab*"', '"*abba" | "b*aab"', "/aab+a/", "/(?:ab)+ab/", "/^bbab/", '"*ä-a*"'];
const RULE = fc
  .tuple(
    fc.constantFrom("", "", "in shadow "),
    fc.constantFrom("q", "q", "p.r", "p.r", "params.arguments.q", "p or q"),
    fc.constantFrom(...PATTERNS, ...PATTERNS, ...PATTERNS, ...WORDLESS),
    fc.constantFrom("", "", " without p", " with more", " except with p"),
    fc.constantFrom(
      'block "{name}"',
      "allow",
      'ask "sure?"',
      'answer {"content": []}',
      "tag seen",
      'log "{name}"',
      "block",
    ),
  )
  .map(([stage, path, pattern, more, act]) => `${stage}when tools/call t with ${path} ${pattern}${more} ${act}`);
const OTHER = fc.constantFrom(
  'fails open when tools/call t with q "*bab*" block',
  "when tools/call t allow",
  "when tools/call t tag seen",
  'when tools/call * log "{name}"',
  "in shadow when tool t block",
  "when tools/call t cache for 1m",
);
const POLICY = fc
  .tuple(
    fc.constantFrom("allow", "block"),
    fc.array(RULE, { minLength: 1, maxLength: 6 }),
    fc.array(OTHER, { maxLength: 2 }),
  )
  .map(([verdict, rules, others]) => {
    const all = [...others, ...rules].map((text, index) => `rule r${index} ${text}`);
    return `default ${verdict}\n${all.join("\n")}`;
  });

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at).toString(16).padStart(4, "0"));
  return `"${units.map((unit) => String.raw`\u${unit}`).join("")}"`;
}

test("whatever the policy and the call: what is decided unread is what is decided read", () => {
  let unread = 0;
  let read = 0;
  fc.assert(
    fc.property(
      POLICY,
      fc.array(ARGUMENTS, { minLength: 4, maxLength: 12 }),
      fc.boolean(),
      (policy, calls, isNamed) => {
        const revision = revisionOf(policy);
        const { facts } = callOf("t");
        const selection = select(revision, facts);
        const reviewed = thing(isNamed ? KNOWN : { type: "object" });
        for (const args of calls) {
          const envelope = requestOf(`{"name":"t","arguments":${args}}`);
          const { byAbsence } = selection;
          if (byAbsence === undefined || !hasNothingSought(byAbsence, { envelope, thing: reviewed })) {
            read += 1;
            continue;
          }
          unread += 1;
          const whole = finish(
            decide(revision, selection, facts, parseContent(envelope), { ...NOWHERE, thing: reviewed }),
          );
          expect({ ...byAbsence.decision, content: whole.content }).toEqual(whole);
        }
      },
    ),
    { numRuns: 1500 },
  );
  expect(Math.min(read, unread)).toBeGreaterThan(400);
});

describe("on its way through the proxy", () => {
  const tools = [{ name: "t", inputSchema: KNOWN }];
  const open = (policy = WORDS): Stage => Stage.open({ policy, servers: { a: { tools } } });
  const named = { name: "t" };

  /** How often something was parsed that holds the arguments. */
  function readsOf(stage: Stage, args: JsonObject): number {
    const parse = vi.spyOn(JSON, "parse");
    try {
      stage.happen({ kind: "client-message", client: "c", bytes: bytesOf(args) });
      return parse.mock.calls.filter(([text]) => text.startsWith('{"name"')).length;
    } finally {
      parse.mockRestore();
    }
  }

  function bytesOf(args: JsonObject): Buffer {
    return Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...call(7, args, named) }));
  }

  test("a call that holds nothing is never parsed, one that may is", () => {
    const stage = open();
    expect(readsOf(stage, { q: "select", p: { file: "notes" } })).toBe(0);
    expect(readsOf(stage, { q: "select 'drop-table'", p: { file: "notes" } })).toBe(1);
    expect(readsOf(stage, { q: "select" })).toBe(1);
  });

  test("it goes on byte for byte, is refused, or is told what is wrong with it", () => {
    const stage = open();
    expect(stage.client(call(1, { q: "select", p: { file: "notes" } }, named))).toEqual([
      [
        "a",
        { id: "$1", method: "tools/call", params: { name: "t", arguments: { q: "select", p: { file: "notes" } } } },
      ],
    ]);
    const refusals = [
      { q: "drop-table", p: { file: "notes" } },
      { q: "select", p: { file: "secret-x" } },
      { q: "select", p: { file: "notes" }, Q: "drop-table" },
    ].map((args, index) => stage.client(call(2 + index, args, named)));
    const refusal = (id: number, text: string): unknown => [
      ["client", { id, result: { content: [{ type: "text", text }], isError: true } }],
    ];
    expect(refusals).toEqual([
      refusal(2, "no dropping"),
      refusal(3, "no secrets"),
      refusal(4, "The arguments do not fit: `Q` could be taken for `q`, which is spelt otherwise"),
    ]);
  });

  test("what stands beside its params goes along with nothing that rules look into", () => {
    const stage = open();
    const message = { ...call(1, { q: "select", p: { file: "notes" } }, named), parms: { q: "drop-table" } };
    expect(stage.client(message)).toEqual([
      [
        "a",
        { id: "$1", method: "tools/call", params: { name: "t", arguments: { q: "select", p: { file: "notes" } } } },
      ],
    ]);
  });

  test("its record is that of a call that was read", () => {
    const stage = open(`${WORDS}\nrule all when tools/call t tag seen`);
    stage.client(call(1, { q: "select", p: { file: "notes" } }, named));
    const unread = stage.records();
    stage.client(call(2, { q: "select" }, named));
    const both = stage.records();
    expect(unread).toMatchObject([{ verdict: "allow", rule: "default", tags: ["seen"] }]);
    expect(both).toEqual([...unread, ...unread]);
  });
});
