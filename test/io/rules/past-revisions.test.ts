// Which revision a rollback leads to.
import { expect, test } from "vitest";
import { indexPolicy } from "../../../src/engine/index-policy.ts";
import { PastRevisions } from "../../../src/io/rules/past-revisions.ts";
import { compilePolicy } from "../../../src/language/compile-policy.ts";

const { policy } = compilePolicy([{ path: "a.mcprules", text: "mcprules 1\ndefault allow\n" }], { now: 0 });
if (policy === undefined) throw new Error("this is a policy");
const indexed = indexPolicy(policy);

function past(...ids: readonly string[]): PastRevisions {
  const revisions = new PastRevisions();
  for (const id of ids) add(revisions, id);
  return revisions;
}

function add(revisions: PastRevisions, id: string): void {
  revisions.add({ revision: { id, policy: indexed }, hash: id, since: 1 });
}

function back(revisions: PastRevisions, wanted?: string): string {
  const found = revisions.back(wanted, 2);
  return typeof found === "string" ? found : found.revision.id;
}

test("to the one before, and to the one before that, and no further", () => {
  const revisions = past("a", "b", "c");
  expect([back(revisions), back(revisions)]).toEqual(["b", "a"]);
  expect(back(revisions)).toBe("there is no revision before this one; `mcprules rollback c` leads to the newest");
  expect(back(past("a"))).toBe("there is no revision before this one");
  expect(revisions.current).toMatchObject({ hash: "a", since: 2 });
});

test("to any that is named, by the beginning of its id", () => {
  const revisions = past("abc@1", "bcd@2", "cde@3");
  expect(back(revisions, "ab")).toBe("abc@1");
  expect(back(revisions, "cde@3")).toBe("cde@3");
  expect(back(revisions, "cde")).toBe("revision cde@3 is in force already");
  expect(back(revisions, "x")).toBe("no revision `x` is within reach; there are `cde@3`, `bcd@2`, `abc@1`");
});

test("not to what was gone back from, once the files have changed", () => {
  const revisions = past("a", "b");
  back(revisions);
  add(revisions, "c");
  expect(back(revisions)).toBe("a");
  expect(back(revisions, "b")).toBe("b");
});

test("to the last ten", () => {
  const revisions = past(...Array.from({ length: 12 }, (_, index) => `r${String(index).padStart(2, "0")}`));
  expect(Array.from({ length: 9 }, () => back(revisions)).at(-1)).toBe("r02");
  expect(back(revisions)).toContain("no revision before");
});
