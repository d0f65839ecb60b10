// A client takes back what still waits for the store: at once, and the server never hears of it.
import { describe, expect, test } from "vitest";
import type { StoreAnswer } from "../../../src/dispatch/store-need.ts";
import { asked, Stage } from "../stage.ts";

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

test("a request that waits in line itself is cancelled when its turn has come, and nothing gets out of order", () => {
  const tools = ["echo", "other"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const stage = Stage.open({
    policy: "default allow\nrule few when tools/call echo limit 5 per 1h",
    servers: { a: { tools } },
  });
  stage.client(CALL);
  stage.client({ method: "notifications/roots/list_changed" });
  stage.client({ id: "second", method: "tools/call", params: { name: "other", arguments: {} } });
  stage.client({ method: "notifications/cancelled", params: { requestId: "second" } });
  expect(stage.records()).toEqual([]);
  const said = stage.remembers({ kind: "reserved" });
  expect(said.map(([, message]) => (message as { readonly method: string }).method)).toEqual([
    "tools/call",
    "notifications/roots/list_changed",
    "tools/call",
    "notifications/cancelled",
  ]);
});
