// Invariant 1: what is judged is what is sent.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../src/mcp/json.ts";
import { ALLOW, Stage } from "../dispatch/stage.ts";
import { eventOf, KEY, MASK, say, toServers } from "./lines.ts";
import { call } from "../tool-call.ts";

const READS = 'default allow\nrule no when message containing "forbidden" block "no"';
const CALL = '"jsonrpc":"2.0","id":7,"method":"tools/call"';

describe.each([
  ["nobody reads it", ALLOW],
  ["a rule reads it", READS],
])("a request that two readers may read differently reaches no server, when %s:", (_when, policy) => {
  test.each([
    ["a name twice", `{${CALL},"params":{"name":"echo","name":"other"}}`],
    ["a name twice, once escaped", String.raw`{${CALL},"params":{"name":"echo","n\u0061me":"other"}}`],
    ["an argument twice", `{${CALL},"params":{"name":"echo","arguments":{"a":{"x":1,"x":2}}}}`],
    ["params twice", `{${CALL},"params":{"name":"echo"},"params":{"name":"other"}}`],
    ["params twice, once in another case", `{${CALL},"params":{"name":"echo"},"Params":{"name":"other"}}`],
    ["two methods", `{${CALL},"method":"ping"}`],
    ["two ids", `{${CALL},"id":8,"params":{"name":"echo"}}`],
    ["a known field in another case", `{${CALL},"params":{"name":"echo","NAME":"other"}}`],
    ["a known field with a long s", `{${CALL},"params":{"name":"echo","argumentſ":{}}}`],
    ["a request that is a reply too", `{${CALL},"params":{"name":"echo"},"result":{}}`],
    ["bytes that are no UTF-8", Buffer.from(`{${CALL},"params":{"name":"echo","arguments":{"a":"é"}}}`, "latin1")],
    ["one within a batch", `[{${CALL},"params":{"name":"echo","name":"other"}}]`],
    ["a call that is no request", '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}'],
    ["a method in another case", '{"jsonrpc":"2.0","id":7,"method":"Tools/Call","params":{"name":"echo"}}'],
    ["a method with a space", '{"jsonrpc":"2.0","id":7,"method":"tools/call ","params":{"name":"echo"}}'],
    ["a notification that is a request", '{"jsonrpc":"2.0","id":7,"method":"notifications/cancelled","params":{}}'],
  ])("%s", (_what, line) => {
    expect(toServers(say(Stage.open({ policy }), "client", line))).toEqual([]);
  });
});

test.each([
  ["two ids", '{"jsonrpc":"2.0","id":4,"id":3,"result":{}}'],
  ["two results", '{"jsonrpc":"2.0","id":3,"result":{},"result":{"x":1}}'],
  ["a result and an error", '{"jsonrpc":"2.0","id":3,"result":{},"error":{"code":1,"message":"x"}}'],
  ["a result in another case", '{"jsonrpc":"2.0","id":3,"Result":{}}'],
])("a reply with %s is no answer", (_what, line) => {
  const stage = Stage.open();
  stage.client(call(7));
  expect(say(stage, "a", line)).toMatchObject([["client", { id: 7, error: { code: -32603 } }]]);
});

describe("what a rule has read", () => {
  test("leaves without what stands beside it and no rule can read; what nobody read leaves as it is", () => {
    const line = `{"x":"${KEY}","jsonrpc":"2.0","y":1,"id":3,"result":{"n":1},"z":["${KEY}"]}`;
    const answers = [MASK, ALLOW].map((policy) => {
      const stage = Stage.open({ policy });
      stage.client(call(7));
      return stage.bytesTo("client", eventOf("a", line));
    });
    expect(answers).toEqual(['{"jsonrpc":"2.0","id":7,"result":{"n":1}}', line.replace('"id":3', '"id":7')]);
  });

  test("leaves as it was read where a key of a result stands twice", () => {
    const stage = Stage.open({ policy: READS });
    stage.client(call(7));
    const line = '{"jsonrpc":"2.0","id":3,"result":{"x":"forbidden","x":"fine"}}';
    expect(stage.bytesTo("client", eventOf("a", line))).toBe('{"jsonrpc":"2.0","id":7,"result":{"x":"fine"}}');
  });

  test.each(["Path", "PATH", "pat\u{212a}"])("is not what a server may take another argument for: %s", (key) => {
    const properties = { path: { type: "string" }, patk: { type: "string" } };
    const tools = [{ name: "read", inputSchema: { type: "object", properties } }];
    const policy = 'default allow\nrule fence when tools/call read except with path "/projects/**" block';
    const stage = Stage.open({ policy, servers: { a: { tools } } });
    const said = stage.client(call(1, { path: "/projects/x", [key]: "/etc/passwd" }, { name: "read" }));
    expect(toServers(said)).toEqual([]);
    expect(JSON.stringify(said)).toContain("could be taken for");
    expect(toServers(stage.client(call(2, { path: "/projects/x", other: 1 }, { name: "read" })))).toHaveLength(1);
  });

  test("keeps its big integers and its spelling where no rule changed them", () => {
    const stage = Stage.open({ policy: "default allow\nrule cap when tools/call echo set limit = 10" });
    const args = String.raw`{"big":12345678901234567890,"f":1.0,"e":1e2,"u":"\u0061","limit":99}`;
    const line = `{${CALL},"params":{"name":"echo","arguments":${args}}}`;
    expect(stage.bytesTo("server", eventOf("client", line))).toContain(args.replace("99", "10"));
  });

  test("is the same for the rule and for the server, whatever it is", () => {
    const stage = Stage.open({ policy: READS, options: { limits: { depth: 64, inFlight: 1000 } } });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const args = { value: JSON.parse(JSON.stringify(value)) as JsonValue };
        const isForbidden = JSON.stringify(value).includes("forbidden");
        const answer = { id: 1, result: { content: [{ type: "text", text: "no" }], isError: true } };
        const sent = { method: "tools/call", params: { name: "echo", arguments: args } };
        expect(stage.client(call(1, args))).toMatchObject([isForbidden ? ["client", answer] : ["a", sent]]);
      }),
      { numRuns: 200 },
    );
  });
});
