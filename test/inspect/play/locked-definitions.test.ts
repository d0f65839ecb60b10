// Tests of a policy beside the catalogue lock: what servers have is known, and what a test gives still wins.
import { describe, expect, test } from "vitest";
import type { Revision } from "../../../src/engine/policy-store.ts";
import { runTests } from "../../../src/inspect/play/run-tests.ts";
import { lockOf } from "../../language/lock-comment.ts";
import { drive, NOW, revisionOf } from "./play.ts";

const SEARCH = {
  name: "search",
  annotations: { readOnlyHint: true },
  inputSchema: { type: "object", properties: { q: { type: "string" } } },
};
const WRITE = { name: "write", inputSchema: { type: "object" } };
const LOCK = lockOf({ notes: { tools: [SEARCH, WRITE], prompts: [{ name: "daily" }] } });

/** What does not hold. */
function failures(text: string, lock: Revision["lock"]): readonly string[] {
  const { tests } = drive(runTests({ ...revisionOf(text), lock }, { now: NOW }));
  expect(tests).toHaveLength(1);
  return tests.flatMap((one) => one.failures.map(({ expected, got }) => `expected ${expected}, got ${got}`));
}

const READERS = `default allow
rule writers when tool * on notes with annotations.readOnlyHint = false block`;

describe("a tool is defined as in the lock", () => {
  test("when a test calls it", () => {
    const text = `${READERS} test "t" send tools/call search {"q": "x"} on notes expect allow send tools/call write {} on notes expect block`;
    expect(failures(text, LOCK)).toStrictEqual([]);
    expect(failures(text, undefined)).toStrictEqual(["expected allow, got block by writers"]);
  });

  test("when a test asks whether it is listed", () => {
    const text = `${READERS} test "t" expect listed tool search on notes expect hidden tool write on notes`;
    expect(failures(text, LOCK)).toStrictEqual([]);
  });

  test("under the name that clients know", () => {
    const text = `${READERS} rule short when tool se* on notes rename to n_* rule shorter when tool wr* on notes rename to n_*
      test "t" send tools/call n_arch {} on notes expect allow expect params.name = "search"
      send tools/call n_ite {} on notes expect params.name = "write"`;
    expect(failures(text, LOCK)).toStrictEqual([
      'expected params.name = "write", got it is absent: what came is {"error":{"code":-32602,"message":"Unknown tool: n_ite"}}',
    ]);
    expect(failures(text.replaceAll('expect params.name = "write"', "expect block"), LOCK)).toStrictEqual([]);
  });

  test("on the only server there is, when the policy names none", () => {
    const text = `default allow rule writers when tool * with annotations.readOnlyHint = false block
      test "t" send tools/call search {} expect allow`;
    expect(failures(text, LOCK)).toStrictEqual([]);
    expect(failures(text, undefined)).toStrictEqual(["expected allow, got block by writers"]);
  });

  test("but not when the test gives it itself", () => {
    const text = `${READERS} test "t" given tool search {"annotations": {"readOnlyHint": false}} on notes send tools/call search {} on notes expect block`;
    expect(failures(text, LOCK)).toStrictEqual([]);
  });

  test("but not when the test lists what there is", () => {
    const text = `${READERS} test "t" send tools/list on notes reply {"tools": [{"name": "search", "inputSchema": {}}]} send tools/call search {} on notes expect block`;
    expect(failures(text, LOCK)).toStrictEqual([]);
  });

  test("and what the lock does not know is taken to exist", () => {
    const text = `${READERS} test "t" send tools/call erase {} on notes expect block`;
    expect(failures(text, LOCK)).toStrictEqual([]);
  });
});
