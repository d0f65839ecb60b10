// Names that two servers want are told of once for each revision, however many clients come, and in one line.
import { expect, test } from "vitest";
import { hello, Stage } from "../stage.ts";

const TOOLS = ["create", "read", "update", "delete", "search"].map((name) => ({
  name,
  inputSchema: { type: "object" },
}));

function enter(stage: Stage, client: string): void {
  stage.happen({ kind: "client-opened", client, user: undefined, profile: undefined });
  stage.client(hello(), client);
  for (const server of ["a", "b"]) stage.raise(server, client);
}

test("once for all clients, the first by their names", () => {
  const stage = new Stage({ servers: { a: { tools: TOOLS }, b: { tools: TOOLS } } });
  for (const client of ["one", "two", "three"]) enter(stage, client);
  expect(stage.reports()).toEqual([
    "tool `create` of b is called `b__create`: `create` is taken; tool `read` of b is called `b__read`: `read` is taken; tool `update` of b is called `b__update`: `update` is taken; and 2 more like these",
  ]);
  stage.swap("default allow\nrule r\n  when tools/call search\n  block");
  expect(stage.reports()).toHaveLength(2);
});
