// After an enforced redact nothing that it means is left: not in the message, a reason, a line, a record or `$request`.
import { array, assert, constantFrom, dictionary, letrec, oneof, property, tuple, type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Answer } from "../../src/engine/decision.ts";
import type { ModuleAnswer } from "../../src/engine/need.ts";
import { Scene } from "../../src/engine/scene.ts";
import type { JsonValue } from "../../src/mcp/json.ts";
import { call, decided, decision, NOWHERE, result, revisionOf, told, user } from "./policy.ts";

const SECRET = /k[0-9]{2}/;

const TEXT: Arbitrary<string> = array(constantFrom("k", "1", "23", "k42", "a", "{", '"', "\\", "é", "\n"), {
  maxLength: 6,
}).map((pieces) => pieces.join(""));
const HOLDING_JSON: Arbitrary<string> = tuple(TEXT, TEXT).map(([key, value]) => JSON.stringify({ [key]: [value] }));

const { json } = letrec<{ json: JsonValue; leaf: JsonValue }>((tie) => ({
  leaf: oneof(TEXT, HOLDING_JSON, constantFrom(null, true, 12, 1.5)),
  json: oneof(
    { depthSize: "small", withCrossShrink: true },
    tie("leaf"),
    array(tie("json"), { maxLength: 3 }),
    dictionary(TEXT, tie("json"), { maxKeys: 3 }),
  ),
}));

const REVISION = revisionOf(`
  default allow
  rule before when tools/call * with a set b = params.arguments.a
  rule mask when message on files redact /k[0-9]{2}/ as "*"
  rule after when tools/call * with c set d = "k77"
  rule no when tools/call * with e block "no {e} {user} {name} {params.arguments}"
  rule note when message on files log "{params.arguments} {result} {user} {name} {request.params}" tag seen`);

function leaks(value: unknown): boolean {
  return SECRET.test(JSON.stringify([value]));
}

describe("redact", () => {
  it("leaves nothing in what is sent on, and nothing in what is said about it", () => {
    assert(
      property(json, json, json, TEXT, (one, other, third, text) => {
        const args = { a: one, c: other, ...(text.includes("é") && { e: third }), [text]: third };
        const message = call("t", args, { principal: user(text) });
        const { verdict, content, reason, logs, record } = decision(REVISION, message);
        expect(verdict === "allow" && leaks(content)).toBe(false);
        expect(leaks([reason, logs, record])).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves nothing in replies and in the request that their rules see", () => {
    assert(
      property(json, json, TEXT, (one, other, text) => {
        const request = { method: "tools/call", params: { name: text, arguments: other } };
        const message = result("tools/call", { content: [], structuredContent: one }, text);
        const surroundings = { ...NOWHERE, request };
        const { verdict, content, reason, logs, record } = decision(REVISION, message, surroundings);
        const scene = new Scene({ revision: REVISION, ...message, surroundings, definition: undefined });
        expect(verdict === "allow" && leaks(content)).toBe(false);
        expect(leaks([reason, logs, record, scene.named("request")])).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  it("leaves nothing in what modules, translators and humans get to see, nor in what modules say", () => {
    assert(
      property(json, json, TEXT, (one, other, text) => {
        const message = call("t", { a: one, b: text, c: other, [text]: one });
        const asked: unknown[] = [];
        const { value } = told(decided(HELPED, message), (need): Answer => {
          if (need.kind === "translate") {
            asked.push(need.translation.texts);
            const texts = need.translation.texts.map(() => "k42");
            return { kind: "translate", answer: { kind: "translated", texts, isPartial: false } };
          }
          if (need.kind !== "call") throw new Error(`asked to ${need.kind}`);
          asked.push(need.calls.map(({ payload, request }) => [payload, request]));
          return {
            kind: "call",
            answers: need.calls.map(({ type }) => (type === "mutation" ? empties() : objects(text))),
          };
        });
        expect(leaks([asked, value.question, value.reason, value.record])).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });
});

/** The only `redact` is about another message. */
const HELPED = revisionOf(`
  default allow
  rule mask when result of tools/call * on other redact /k[0-9]{2}/ as "*"
  rule speak when tools/call * translate in b to "fr"
  rule call when tools/call * call dlp
  rule ask when tools/call * ask "{a} {b} {params.arguments} {params}"`);

/** All arguments are gone but one: the record says which. */
function empties(): ModuleAnswer {
  const used = [{ module: "dlp", interceptor: "i", ms: 1, outcome: "changed" }] as const;
  return { kind: "changed", payload: { method: "tools/call", params: { name: "t", arguments: { b: "x" } } }, used };
}

function objects(message: string): ModuleAnswer {
  const used = [{ module: "dlp", interceptor: "i", ms: 1, outcome: "rejected" }] as const;
  return { kind: "rejected", messages: [{ message }], asks: !message.includes("a"), mayTell: true, used };
}
