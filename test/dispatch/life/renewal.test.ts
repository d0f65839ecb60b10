// Servers over HTTP lose single requests and whole sessions: whoever waits is told, and the client's view stays whole.
import { expect, test } from "vitest";
import { Stage } from "../stage.ts";

const CALL = { id: 7, method: "tools/call", params: { name: "echo", arguments: {} } };
const unanswered = (about: string, reason = "its answer was cut off") =>
  ({ kind: "server-unanswered", client: "c", server: "a", about, reason }) as const;

/** The id that the call has at the server. */
function realId(stage: Stage): string {
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: "2.0", ...CALL }));
  const sent = stage.bytesTo("server", { kind: "client-message", client: "c", bytes });
  return String((JSON.parse(sent) as { id: number }).id);
}

test("a request that will have no answer is answered 5030, and a late answer is dropped", () => {
  const stage = Stage.open();
  const id = realId(stage);
  expect(stage.happen(unanswered(id))).toEqual([
    ["client", { id: 7, error: { code: 5030, message: "the server `a` cannot be reached: its answer was cut off" } }],
  ]);
  expect(stage.server("a", { id: Number(id), result: { content: [] } })).toEqual([]);
  expect(stage.happen(unanswered(id))).toEqual([]);
  expect(stage.client({ ...CALL, id: 8 })).toMatchObject([["a", { method: "tools/call" }]]);
});

test("a new session learns the log level and the subscriptions, and its lists are read again", () => {
  const capabilities = { logging: {} };
  const stage = Stage.open({ servers: { a: { capabilities, resources: [{ uri: "file:///a", name: "a" }] } } });
  stage.client({ id: 1, method: "logging/setLevel", params: { level: "debug" } });
  stage.server("a", { id: "$1", result: {} });
  stage.client({ id: 2, method: "resources/subscribe", params: { uri: "file:///a" } });
  const said = stage.happen({ kind: "server-renewed", client: "c", server: "a" });
  expect(said.map(([to, message]) => [to, (message as { method: string }).method])).toEqual([
    ["a", "logging/setLevel"],
    ["a", "resources/subscribe"],
    ["a", "tools/list"],
    ["a", "resources/list"],
    ["a", "resources/templates/list"],
  ]);
  expect(stage.play("a", said).filter(([to]) => to === "client")).toEqual([]);
});

test("what the old session asked is not answered in the new one", () => {
  const stage = Stage.open();
  const asked = stage.server("a", { id: 0, method: "roots/list" });
  expect(asked).toMatchObject([["client", { method: "roots/list" }]]);
  stage.happen({ kind: "server-renewed", client: "c", server: "a" });
  expect(stage.client({ id: "$1", result: { roots: [] } })).toEqual([]);
});

test("the client is told when a new session has other tools", () => {
  const stage = Stage.open();
  const asked = stage.happen({ kind: "server-renewed", client: "c", server: "a" });
  const [[, first] = ["a", {}]] = asked;
  const { id } = first as { id: string };
  const tools = [{ name: "other", inputSchema: { type: "object" } }];
  expect(stage.server("a", { id, result: { tools } })).toEqual([
    ["client", { method: "notifications/tools/list_changed" }],
  ]);
});
