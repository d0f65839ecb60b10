// Tags that outlive their call: kept before the message goes on where a rule reads them, and read before the next one is judged.
import { describe, expect, test } from "vitest";
import type { StoreAnswer } from "../../../src/dispatch/gates/store-need.ts";
import { Stage } from "../stage.ts";
import { call } from "../../tool-call.ts";

const TOOLS = {
  a: {
    tools: [
      { name: "read", inputSchema: {} },
      { name: "post", inputSchema: {} },
    ],
  },
};
const NOTE = "rule note when tools/call read tag seen for 1h by user";
const STOP = "rule stop when tools/call post with tags seen block";
const KEPT: StoreAnswer = { kind: "kept" };
const FAILED: StoreAnswer = { kind: "failed", reason: "it is gone" };

function open(...rules: readonly string[]): Stage {
  return Stage.open({ policy: ["default allow", ...rules].join("\n"), servers: TOOLS });
}

/** Like `[a, {method: tools/call}]`. */
const SENT = [["a", { method: "tools/call" }]];

describe("a tag that some rule reads", () => {
  test("is kept before its message goes on", () => {
    const stage = open(NOTE, STOP);
    expect(stage.client(call(7, {}, { name: "read" }))).toEqual([]);
    expect(stage.asked()).toMatchObject([
      { kind: "store", store: { kind: "mark", names: ["seen"], forMs: 3_600_000 } },
    ]);
    expect(stage.remembers(KEPT)).toMatchObject(SENT);
  });

  test("is looked for under the key it is kept under", () => {
    const stage = open(NOTE, STOP);
    stage.client(call(7, {}, { name: "read" }));
    const [mark] = stage.asked();
    const key = mark?.kind === "store" && mark.store.kind === "mark" ? mark.store.key : "none";
    stage.remembers(KEPT);
    stage.client(call(8, {}, { name: "post" }));
    expect(stage.asked()).toEqual([{ kind: "tags", keys: [key] }]);
    const said = stage.tell({ kind: "tags", answer: { kind: "tags", tags: ["seen"] } });
    expect(JSON.stringify(said)).toContain("isError");
  });

  test("that is not there lets the message on", () => {
    const stage = open(NOTE, STOP);
    stage.client(call(7, {}, { name: "post" }));
    expect(stage.tell({ kind: "tags", answer: { kind: "tags", tags: [] } })).toMatchObject(SENT);
  });

  test("that cannot be read is one that may be there", () => {
    const stage = open(NOTE, STOP);
    stage.client(call(7, {}, { name: "post" }));
    const said = stage.tell({ kind: "tags", answer: { kind: "failed", reason: "it is gone" } });
    expect(JSON.stringify(said)).toContain("isError");
  });

  test("and that cannot be kept keeps its message back", () => {
    const stage = open(NOTE, STOP);
    stage.client(call(7, {}, { name: "read" }));
    const said = stage.remembers(FAILED);
    expect(JSON.stringify(said)).toContain("could not be applied (note)");
    expect(JSON.stringify(said)).not.toContain("it is gone");
    expect(stage.records()).toMatchObject([
      { verdict: "block", rule: "note", reason: "a tag that some rule reads could not be kept: it is gone" },
    ]);
  });

  test("keeps nothing back where its rule says `fails open`", () => {
    const stage = open("rule note fails open when tools/call read tag seen for 1h by user", STOP);
    stage.client(call(7, {}, { name: "read" }));
    expect(stage.remembers(FAILED)).toMatchObject(SENT);
    expect(stage.records()).toMatchObject([{ verdict: "allow", failedOpen: ["note"] }]);
  });

  test("of a result is kept before the result goes back", () => {
    const stage = open("rule note when result of tools/call read tag seen for 1h by user", STOP);
    stage.client(call(7, {}, { name: "read" }));
    expect(stage.server("a", { id: "$1", result: { content: [] } })).toEqual([]);
    expect(stage.remembers(KEPT)).toMatchObject([["client", { id: 7, result: { content: [] } }]]);
  });
});

describe("a tag that no rule reads", () => {
  test("holds nothing up", () => {
    const stage = open(NOTE);
    expect(stage.client(call(7, {}, { name: "read" }))).toMatchObject(SENT);
    expect(stage.asked()).toMatchObject([{ kind: "store", store: { kind: "mark" } }]);
    stage.remembers(FAILED);
    expect(stage.reports()).toEqual(["tags that last could not be kept (seen): it is gone"]);
  });
});
