// Invariant 8: a reload changes the policy whole or not at all, drops no connection and loses no message.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../src/mcp/json.ts";
import { asked, Stage } from "../dispatch/stage.ts";
import { toClient, tool } from "./lines.ts";
import { call } from "../tool-call.ts";

const SERVERS = { a: { tools: [tool("echo"), tool("other")] } };

function revision(mark: string, condition = ""): string {
  return `default allow
rule block-${mark} when tools/call echo with stop ${condition} block "by ${mark}" as error
rule mark-${mark} when tools/call echo set mark = "${mark}"
rule back-${mark} when result of tools/call echo set mark = "${mark}"`;
}

test("a message is transformed, judged and recorded under one revision, also if that ends while it waits", () => {
  const stage = Stage.open({ policy: revision("old", asked("slow")), servers: SERVERS });
  expect(stage.client(call(7, { stop: 1 }))).toEqual([]);
  expect(toClient(stage.swap(revision("new")))).toEqual([]);
  expect(stage.answer(true)).toMatchObject([
    ["client", { id: 7, error: { message: "by old", data: { rule: "block-old", revision: "r1" } } }],
  ]);
  expect(stage.records().at(-1)).toMatchObject({ rule: "block-old", revision: "r1" });
  expect(stage.client(call(8, { stop: 1 }))).toMatchObject([
    ["client", { id: 8, error: { message: "by new", data: { rule: "block-new", revision: "r2" } } }],
  ]);
});

test("a call that is under way is answered, its reply under the rules that are in force by then", () => {
  const stage = Stage.open({ policy: revision("old"), servers: SERVERS });
  expect(stage.client(call(7))).toMatchObject([["a", { params: { arguments: { mark: "old" } } }]]);
  stage.swap(revision("new"));
  expect(stage.server("a", { id: "$1", result: {} })).toEqual([["client", { id: 7, result: { mark: "new" } }]]);
});

test("a call keeps the names it came in under", () => {
  const resources = [{ uri: "m://x", name: "x" }];
  const servers = { a: { resources }, b: { resources, tools: [tool("linked")] } };
  const stage = Stage.open({ servers });
  stage.client(call(7, {}, { name: "linked" }));
  stage.swap("default allow\nrule r when tool * rename to new_*\nrule gone when resource * on a block");
  const content = [{ type: "resource_link", uri: "m://x", name: "x" }];
  expect(stage.server("b", { id: "$1", result: { content } })).toEqual([
    ["client", { id: 7, result: { content: [{ ...content[0], uri: "b+m://x" }] } }],
  ]);
});

test.each([
  ["names", "rule r when tool * rename to x_*", ["notifications/tools/list_changed"]],
  ["what is hidden", "rule r when tool other block", ["notifications/tools/list_changed"]],
  ["descriptions", 'rule r when tool * set description = "new"', ["notifications/tools/list_changed"]],
  ["nothing that is listed", 'rule r when tools/call * with a "b" block', []],
])("clients are told once of a list that is another, and of no other: %s", (_what, rule, told) => {
  const stage = Stage.open({ servers: SERVERS });
  const first = toClient(stage.swap(`default allow\n${rule}`)).map(([, message]) => message);
  expect(first).toEqual(told.map((method) => ({ method })));
  expect(toClient(stage.swap(`default allow\n${rule}`))).toEqual([]);
});

test("a list never mixes two revisions", () => {
  const stage = Stage.open({ policy: "default allow\nrule r when tool * rename to old_*", servers: SERVERS });
  const rename = `rule r when tool * rename to new_*\nrule s when tool * ${asked("true")} set description = "new"`;
  stage.swap(`default allow\n${rename}`);
  const said = [...stage.client({ id: 1, method: "tools/list" }), ...stage.answer(true), ...stage.answer(true)];
  const lists = toClient(said).filter(([, message]) => JSON.stringify(message).includes('"tools"'));
  const listed = (name: string): JsonObject => tool(name, { description: "new" });
  expect(lists).toEqual([["client", { id: 1, result: { tools: [listed("new_echo"), listed("new_other")] } }]]);
});

test("whatever is reloaded when, all calls are answered, each under one revision", () => {
  const step = fc.constantFrom("call", "reply", "swap", "evaluate");
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
      const stage = Stage.open({ policy: revision("0", asked("slow")), servers: SERVERS });
      const said: string[] = [];
      let [calls, replies, swaps] = [0, 0, 0];
      const isWaiting = (): boolean => stage.others.some(({ kind }) => kind === "answer-need");
      const play = (what: (typeof steps)[number]): readonly unknown[] => {
        if (what === "call") return stage.client(call((calls += 1), { stop: 1 }));
        if (what === "swap") return stage.swap(revision(String((swaps += 1) % 3), asked("slow")));
        if (what === "evaluate") return isWaiting() ? stage.answer(calls % 2 === 0) : [];
        return stage.server("a", { id: `$${(replies += 1)}`, result: {} });
      };
      for (const what of steps) said.push(...play(what).map((one) => JSON.stringify(one)));
      while (isWaiting()) said.push(...stage.answer(true).map((one) => JSON.stringify(one)));
      said.push(...stage.drop("a").map((one) => JSON.stringify(one)));
      const answers = said.filter((one) => one.startsWith('["client",{"id"'));
      expect(answers).toHaveLength(calls);
      const blocks = stage.records().filter(({ rule }) => rule?.startsWith("block-"));
      const marks = blocks.map((record) => (Number(record.revision.slice(1)) - 1) % 3);
      expect(blocks.map(({ rule }) => rule)).toEqual(marks.map((mark) => `block-${mark}`));
    }),
    { numRuns: 40 },
  );
});
