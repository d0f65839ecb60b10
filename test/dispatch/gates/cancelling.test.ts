// A client takes back what still waits for the store: at once, and the server never hears of it.
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../src/mcp/json.ts";
import type { StoreAnswer } from "../../../src/dispatch/gates/store-need.ts";
import { asked, type Said, Stage } from "../stage.ts";

const CALL = { id: "call", method: "tools/call", params: { name: "echo", arguments: {} } };
const CANCEL = { method: "notifications/cancelled", params: { requestId: "call" } };

const WAITS: readonly (readonly [string, string, StoreAnswer])[] = [
  ["its limit", "rule few when tools/call echo limit 5 per 1h", { kind: "reserved" }],
  ["what is kept", "rule kept when tools/call echo cache for 1h", { kind: "recalled", value: undefined }],
];

describe("a call that waits for", () => {
  test.each(WAITS)("%s is cancelled at once, and not sent", (_what, rule, answer) => {
    const stage = Stage.open({ policy: `default allow\n${rule}` });
    stage.client(CALL);
    expect(stage.asked()).toMatchObject([{ kind: "store" }]);
    stage.client(CANCEL);
    expect(stage.records().map(({ method }) => method)).toContain("notifications/cancelled");
    expect(stage.remembers(answer)).toEqual([]);
    expect(stage.asked()).toEqual([]);
  });

  test("an expression is cancelled at once, and not sent", () => {
    const stage = Stage.open({ policy: `default allow\nrule slow when tools/call echo ${asked("true")} log` });
    stage.client(CALL);
    stage.client(CANCEL);
    expect(stage.answer(true)).toEqual([]);
  });
});

describe("a request that waits in line itself", () => {
  const tools = ["echo", "other"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const second = { id: "second", method: "tools/call", params: { name: "other", arguments: {} } };
  const third = { ...second, id: "third" };
  const taken = { method: "notifications/cancelled", params: { requestId: "second" } };
  const inLine = (policy: string): Stage => {
    const stage = Stage.open({
      policy: `default allow\nrule few when tools/call echo limit 5 per 1h\n${policy}`,
      servers: { a: { tools } },
    });
    for (const message of [CALL, { method: "notifications/roots/list_changed" }, second, third]) stage.client(message);
    return stage;
  };
  const sent = (said: readonly Said[]): readonly JsonValue[] =>
    said.map(([, message]) => (message as JsonObject)["method"] ?? null);

  test("is cancelled at once, and never sent; nothing else gets out of order", () => {
    const stage = inLine("");
    expect(stage.client(taken)).toEqual([]);
    expect(stage.records().map(({ method }) => method)).toEqual(["notifications/cancelled"]);
    const said = stage.remembers({ kind: "reserved" });
    expect(sent(said)).toEqual(["tools/call", "notifications/roots/list_changed", "tools/call"]);
    expect(stage.server("a", { id: "$2", result: { content: [] } })).toMatchObject([["client", { id: "third" }]]);
  });

  test("goes on where a rule refuses that it is cancelled", () => {
    const stage = inLine("rule on when notifications/cancelled block");
    stage.client(taken);
    const said = stage.remembers({ kind: "reserved" });
    expect(sent(said)).toEqual(["tools/call", "notifications/roots/list_changed", "tools/call", "tools/call"]);
  });
});
