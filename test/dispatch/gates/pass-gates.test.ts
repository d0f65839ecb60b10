// The gates, for a call that nobody waits for any more by the time it reaches them.
import { expect, test } from "vitest";
import { modern, Stage } from "../stage.ts";

test("nobody is asked about a call whose client hung up while its rules were looked at", () => {
  const stage = Stage.modern({
    policy: `default allow
rule mark when prompts/get * tag seen for 1h by user
rule stop when tools/call * with tags seen block
rule sure when tools/call * ask via queue`,
  });
  const call = { jsonrpc: "2.0", ...modern(9, "tools/call", { name: "echo", arguments: {} }) };
  stage.happen({ kind: "client-message", client: "c", bytes: Buffer.from(JSON.stringify(call)), stream: 4 });
  stage.happen({ kind: "stream-closed", client: "c", stream: 4 });
  expect(stage.tell({ kind: "tags", answer: { kind: "tags", tags: [] } })).toEqual([]);
  expect(stage.dispatcher.questions()).toEqual([]);
});
