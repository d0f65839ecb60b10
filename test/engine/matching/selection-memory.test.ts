// What is remembered of one message is never taken for another: whatever was asked before, the answer is the one of a policy that was asked nothing.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Facts } from "../../../src/engine/facts.ts";
import { select } from "../../../src/engine/matching/select.ts";
import { type SelectionMemory, memoryOf } from "../../../src/engine/matching/selection-memory.ts";
import { NOBODY, revisionOf, user } from "../policy.ts";

const POLICY = `default allow
rule by-server when tools/call * on a block
rule by-name when tools/call write block
rule by-user when tools/call * for user "ann" block
rule by-method when prompts/get * block
rule by-kind when result of tools/call read block
`;

const facts: fc.Arbitrary<Facts> = fc.record({
  kind: fc.constantFrom("request", "result", "error", "notification"),
  from: fc.constantFrom("client", "server"),
  method: fc.constantFrom("tools/call", "prompts/get"),
  server: fc.constantFrom("a", "b", undefined),
  name: fc.constantFrom("read", "write", undefined),
  thing: fc.constantFrom("tool", "prompt", "resource", undefined),
  principal: fc.constantFrom(NOBODY, user("ann"), user("bob")),
});

const few = fc.uniqueArray(facts, { minLength: 2, maxLength: 3 });
/** The same few, again and again in another order. */
const asked = few.chain((some) => fc.array(fc.constantFrom(...some), { minLength: 2, maxLength: 8 }));

test("a selection is the one of a policy that was asked nothing before", () => {
  fc.assert(
    fc.property(asked, (messages) => {
      const revision = revisionOf(POLICY);
      const alone = messages.map((message) => select({ ...revision }, message));
      expect(messages.map((message) => select(revision, message))).toEqual(alone);
    }),
  );
});

const HEARD: Facts = {
  kind: "request",
  from: "client",
  method: "tools/call",
  server: "a",
  name: "read",
  thing: "tool",
  principal: user("bob", [], { iss: "A" }),
};

test.each<[string, Partial<Facts>]>([
  ["kind", { kind: "result" }],
  ["sender", { from: "server" }],
  ["method", { method: "prompts/get" }],
  ["server", { server: "b" }],
  ["server at all", { server: undefined }],
  ["name", { name: "write" }],
  ["name at all", { name: undefined }],
  ["thing", { thing: "prompt" }],
  ["thing at all", { thing: undefined }],
  ["user", { principal: user("ann") }],
  ["user of that name, whom somebody else vouches for", { principal: user("bob", [], { iss: "B" }) }],
])("nothing is recalled of a message with another %s", (_, other) => {
  const revision = revisionOf(POLICY);
  const memory: SelectionMemory = memoryOf(revision);
  const selection = select(revision, HEARD);
  expect(memory.recall(HEARD)).toBe(selection);
  expect(memory.recall({ ...HEARD, ...other })).toBeUndefined();
  expect(memory.recall(HEARD)).toBe(selection);
});

test("a single client that asks for ever new names does not fill the memory", () => {
  const revision = revisionOf(POLICY);
  const memory = memoryOf(revision);
  select(revision, HEARD);
  const selections = Array.from({ length: 8192 }, (_, number) =>
    select(revision, { ...HEARD, name: `tool-${number}` }),
  );
  expect(memory.recall(HEARD)).toBeUndefined();
  expect(memory.recall({ ...HEARD, name: "tool-8191" })).toBe(selections[8191]);
});
