// A server that does not take what it is sent is not sent more, and keeps nobody waiting.
import { expect, test } from "vitest";
import { Stage } from "./stage.ts";

const OTHER = { name: "other", inputSchema: {} };
const call = (id: number, name: string) => ({ id, method: "tools/call", params: { name, arguments: {} } });
const stuck = (isStuck: boolean) => ({ kind: "server-stuck", client: "c", server: "a", isStuck }) as const;

function open(): Stage {
  return Stage.open({ servers: { a: { capabilities: { tools: {} } }, b: { tools: [OTHER] } } });
}

test("its calls are answered 5030, the others' go on, and what it had before is still answered", () => {
  const stage = open();
  stage.client(call(1, "echo"));
  expect(stage.happen(stuck(true))).toEqual([]);
  expect(stage.dispatcher.status()[0]?.servers[0]).toMatchObject({ state: "stuck" });
  const error = { code: 5030, message: "the server `a` does not take what it is sent" };
  expect(stage.client(call(2, "echo"))).toEqual([["client", { id: 2, error }]]);
  expect(stage.client(call(3, "other"))).toMatchObject([["b", { method: "tools/call" }]]);
  expect(stage.server("a", { id: "$1", result: {} })).toMatchObject([["client", { id: 1, result: {} }]]);
  stage.happen(stuck(false));
  expect(stage.client(call(4, "echo"))).toMatchObject([["a", { method: "tools/call" }]]);
  expect(stage.reports()).toEqual([
    "does not take what it is sent; until it does, its requests are answered 5030",
    "takes what it is sent again",
  ]);
});

test("nobody waits for its lists", () => {
  const stage = open();
  stage.happen(stuck(true));
  stage.now += 10_000;
  const [[to, answer] = []] = stage.client({ id: 1, method: "tools/list" });
  expect(to).toBe("client");
  expect(JSON.stringify(answer)).toContain('"echo"');
});

test("another process of it starts anew", () => {
  const stage = open();
  stage.happen(stuck(true));
  stage.drop("a");
  stage.restart("a");
  expect(stage.client(call(1, "echo"))).toMatchObject([["a", { method: "tools/call" }]]);
});
