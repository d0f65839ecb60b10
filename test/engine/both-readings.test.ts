// Texts that a server may take for the list or the object they hold: rules are asked of both readings.
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../src/mcp/json.ts";
import { decided, LOOKS, thing } from "./packed-tool.ts";
import { call, decided as deciding, decision, NOWHERE, result, revisionOf, settle, texts } from "./policy.ts";

describe("what may be a text or not is asked both ways: where they differ, there is doubt", () => {
  it.each<readonly [string, string, JsonValue, readonly [string, string]]>([
    ["a list", "with either *x* block", { either: '["x"]' }, ["block", "r"]],
    ["a list, escaped", "with either x block", { either: String.raw`["\u0078"]` }, ["block", "r"]],
    ["a list without it", "with either *x* block", { either: '["a"]' }, ["allow", "default"]],
    ["an object below", "with any.amount > 10 block", { any: '{"amount": 50}' }, ["block", "r"]],
    ["an object below, of less", "with any.amount > 10 block", { any: '{"amount": 5}' }, ["allow", "default"]],
    ["what must be there", "without any.ok block", { any: '{"ok": true}' }, ["block", "r"]],
    ["escapes anywhere", "containing secret block", { any: String.raw`{"a": "\u0073ecret"}` }, ["block", "r"]],
    ["what Python reads", "with any.amount > 10 block", { any: '{"n": NaN, "amount": 50}' }, ["block", "r"]],
    [
      "what Python reads, beside its words in texts",
      "with any.path *NaN* block",
      { any: '{"n": -Infinity, "path": "a NaN"}' },
      ["block", "r"],
    ],
    ["what nobody reads", "with any.amount > 10 block", { any: '{"n": -NaN, "amount": 50}' }, ["allow", "default"]],
    [
      "an argument that the tool does not name",
      "with more.amount > 10 block",
      { more: '{"amount": 50}' },
      ["block", "r"],
    ],
    [
      "what hangs on the reading",
      'set note = (any.mode = "live" ? "a" : "b")',
      { any: '{"mode": "live"}' },
      ["block", "r"],
    ],
    ["what would be written otherwise", "rewrite either[*] ($uppercase($))", { either: '["a"]' }, ["block", "r"]],
    ["null", "except with any * block", { any: "null" }, ["block", "r"]],
    ["a word that begins like null", "except with any * block", { any: "nullable" }, ["allow", "default"]],
    ["an object where the rule means a text", "with any *password* block", { any: '{"a": 1}' }, ["allow", "default"]],
    ["objects where the rule means a text", "with any *password* block", { any: '[{"a": 1}]' }, ["allow", "default"]],
    ["a text beside an object", "with any secret block", { any: '["secret", {"a": 1}]' }, ["block", "r"]],
    ["an object that the tool does not take", "with either.a = 1 block", { either: '{"a": 1}' }, ["allow", "default"]],
    ["an object where the rule means a number", "with any.n > 5 block", { any: '{"n": {}}' }, ["block", "r"]],
    ["a fence that both pass", "except with either /a/ block", { either: '["a"]' }, ["allow", "default"]],
    ["a fence that one passes", 'except with either "/p/**" block', { either: '["/p/a"]' }, ["block", "r"]],
    ["a text that begins like a list", "with either *x* block", { either: "[draft] a" }, ["allow", "default"]],
    ["what cannot be changed", "remove any.secret", { any: '{"secret": 1}' }, ["block", "r"]],
    ["what cannot be masked", "redact /k\\d/ in any.note", { any: '{"note": "k1"}' }, ["block", "r"]],
    ["nothing to remove", "remove any.secret", { any: '{"a": 1}' }, ["allow", "default"]],
  ])("%s", (_, rule, args, outcome) => {
    const { verdict, rule: by, changed } = decided(`rule r when tools/call t ${rule}`, args);
    expect([verdict, by, changed]).toEqual([...outcome, false]);
  });

  it("allows nothing in doubt", () => {
    const policy = revisionOf("default block rule r when tools/call t with any.kind safe allow");
    const said = (args: JsonValue): string => decision(policy, call("t", args), { ...NOWHERE, thing: thing() }).verdict;
    expect([said({ any: { kind: "safe" } }), said({ any: '{"kind": "safe"}' })]).toEqual(["allow", "block"]);
  });

  it("asks each of many rules, whatever their words", () => {
    const rules = Array.from({ length: 12 }, (_, at) => `rule r${at} when tools/call t with either word-${at} block`);
    const hidden = String.raw`["wor\u0064-7"]`;
    expect(decided(rules.join("\n"), { either: hidden })).toMatchObject({ verdict: "block", rule: "r7" });
  });

  it.each<readonly [string, string, string, string]>([
    ["a value", "set note = ($parse(any).a)", '{"a": 5}', "allow"],
    ["a condition", "where ($parse(any).a > 5) block", '{"a": 5}', "allow"],
    ["a condition that holds", "where ($parse(any).a > 4) block", '{"a": 5}', "block"],
    ["a length", "where ($length(any) > 100) block", '{"a": 5}', "allow"],
    ["a share", "limit 5 per 1m by ($parse(any).a)", '{"a": 5}', "allow"],
  ])("takes what fails of the value as meant for the text: %s", async (_, rule, any, verdict) => {
    const revision = revisionOf(`default allow rule r when tools/call t ${rule}`);
    const asked = await settle(deciding(revision, call("t", { any }), { ...NOWHERE, thing: thing() }));
    expect(asked.verdict).toBe(verdict);
  });

  it("counts against both shares", () => {
    const { limits } = decided("rule r when tools/call t limit 5 per 1m by (any)", { any: '{"a": 1}' });
    expect(limits.map(({ key }) => key)).toEqual(['r ["value","{\\"a\\": 1}"]', 'r ["value",{"a":1}]']);
  });

  it("reads the same arguments anew where they are for another tool", () => {
    const rule = "rule r when tools/call t with any.kind evil block";
    const args = { any: '{"kind": "evil"}' };
    const ofText = thing({ type: "object", properties: { any: { type: "string" } } });
    expect(
      [decided(rule, args), decided(rule, args, ofText), decided(rule, args)].map(({ verdict }) => verdict),
    ).toEqual(["block", "allow", "block"]);
  });

  it("tells what stands in a text", () => {
    const { question } = decided('rule r when tools/call t ask "Pay {any.amount}?"', { any: '{"amount": 5}' });
    expect(JSON.stringify(question)).toContain("Pay 5?");
  });

  it("holds a call to the schema that rules made of the tool", () => {
    const schema: JsonObject = {
      type: "object",
      properties: { any: { anyOf: [{ type: "string" }, { type: "object" }] } },
    };
    const policy = revisionOf(`default allow ${LOOKS}`, (_, args) =>
      JSON.stringify(args).includes('"amount":50') ? "too much" : undefined,
    );
    const said = (any: JsonValue): string =>
      decision(policy, call("t", { any }), { ...NOWHERE, thing: { ...thing(schema), schemaChanged: true } }).verdict;
    expect([said('{"amount":5}'), said({ amount: 50 }), said('{"amount":50}')]).toEqual(["allow", "block", "block"]);
  });

  it("asks the rules on the reply both ways, too", () => {
    const policy = revisionOf(
      "default allow rule r when result of tools/call t with request.params.arguments.any.kind evil block",
    );
    const reply = (any: JsonValue): string => {
      const request = { method: "tools/call", params: { name: "t", arguments: { any } } };
      return decision(policy, result("tools/call", texts("x"), "t"), { ...NOWHERE, thing: thing(), request }).verdict;
    };
    expect([reply({ kind: "evil" }), reply('{"kind": "evil"}'), reply('{"kind": "good"}')]).toEqual([
      "block",
      "block",
      "allow",
    ]);
  });

  it("refuses what is too deep to be looked into", () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    expect(decided(LOOKS, { any: deep }).reason).toBe(
      "The arguments do not fit: `any` holds JSON that is nested too deep",
    );
  });
});
