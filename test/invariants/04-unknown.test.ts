// Invariant 4: nothing unknown is lost.
import { expect, test } from "vitest";
import { eventOf, toClient } from "./lines.ts";
import { ALLOW, hello, Stage } from "../dispatch/stage.ts";

const RENAMES = "default allow\nrule r when tool * rename to x_*";
const CHANGES = "default allow\nrule r when tools/call * set mine = 1";

const UNKNOWN = String.raw`"_meta":{"acme/k":[1.0,{"z":null}],"progressToken":"p"},"new":{"\u0061":12345678901234567890}`;

test.each([
  ["request", "client", "server", '"id":7,"method":"acme/do"', '"id":7', '"id":3'],
  ["notification", "client", "server", '"method":"notifications/acme"', "", ""],
  ["request", "a", "client", '"id":7,"method":"acme/ask"', '"id":7', '"id":1'],
  ["notification", "a", "client", '"method":"acme/happened"', "", ""],
] as const)("a %s that MCP does not know goes on, from %s to %s", (_what, from, to, head, id, mapped) => {
  const stage = Stage.open();
  const line = `{"jsonrpc":"2.0",${head},"params":{"new":{"x":[1.50]}},"beside":true}`;
  const sent = stage.bytesTo(to, eventOf(from, line));
  expect(sent).toBe(id === "" ? line : line.replace(id, mapped));
});

test.each([
  ["nobody touches it", ALLOW, "echo", ""],
  ["its tool has another name", RENAMES, "x_echo", ""],
  ["a rule changes something else in it", CHANGES, "echo", ',"mine":1'],
])("what is unknown in a call stays, byte for byte, when %s", (_when, policy, exposed, added) => {
  const stage = Stage.open({ policy });
  const line = (id: number, name: string, token: string, more: string): string =>
    `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"${name}","arguments":{"a":1.0${more}},${UNKNOWN.replace('"p"', token)}}}`;
  expect(stage.bytesTo("server", eventOf("client", line(7, exposed, '"p"', "")))).toBe(line(3, "echo", "3", added));
});

test("what is unknown in a result stays, also beside what a rule changes", () => {
  const stage = Stage.open({ policy: "default allow\nrule r when result of tools/call * set mine = 1" });
  stage.client({ id: 7, method: "tools/call", params: { name: "echo" } });
  const body = `"content":[{"type":"hologram","n":1.0},{"type":"text","text":"t","new":1e2}],"resultType":"later",${UNKNOWN}`;
  expect(stage.bytesTo("client", eventOf("a", `{"jsonrpc":"2.0","id":3,"result":{${body}}}`))).toBe(
    `{"jsonrpc":"2.0","id":7,"result":{${body},"mine":1}}`,
  );
});

test("an error keeps its code and what comes with it", () => {
  const stage = Stage.open();
  stage.client({ id: 7, method: "tools/call", params: { name: "echo" } });
  const error = '{"code":-32123,"message":"m","data":{"n":1.0},"new":true}';
  expect(stage.bytesTo("client", eventOf("a", `{"jsonrpc":"2.0","id":3,"error":${error}}`))).toBe(
    `{"jsonrpc":"2.0","id":7,"error":${error}}`,
  );
});

test("capabilities and fields of the handshake that are not known are handed on, both ways", () => {
  const stage = new Stage({ servers: { a: { capabilities: { hologram: { depth: 3 } } } } });
  stage.happen({ kind: "client-opened", client: "c", user: undefined, profile: undefined });
  const capabilities = { telepathy: { range: 1 }, sampling: { tools: {}, mood: {} } };
  stage.client(hello({ capabilities, new: 1 }));
  const greeting = stage.happen({ kind: "server-opened", client: "c", server: "a" });
  expect(greeting).toMatchObject([["a", { params: { capabilities, new: 1 } }]]);
  expect(toClient(stage.play("a", greeting))).toMatchObject([
    ["client", { result: { capabilities: { hologram: { depth: 3 } } } }],
  ]);
});

test("definitions keep what is not known in them", () => {
  const entry = {
    name: "t",
    inputSchema: { type: "object", new: 1 },
    hologram: [1],
    _meta: { k: 1 },
    annotations: { m: 2 },
  };
  const stage = Stage.open({ servers: { a: { tools: [entry] } }, policy: RENAMES });
  expect(stage.client({ id: 1, method: "tools/list" })).toMatchObject([
    ["client", { result: { tools: [{ ...entry, name: "x_t" }] } }],
  ]);
});
