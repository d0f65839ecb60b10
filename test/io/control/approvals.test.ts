// Which of all that waits somebody means by an id, or by how it begins.
import { describe, expect, test } from "vitest";
import { chosen } from "../../../src/io/control/approvals.ts";

const WAITING = [{ id: "4f9c21ab" }, { id: "4f00aa11" }, { id: "b1" }];

describe("what waits", () => {
  test.each([
    ["4f9c21ab", "4f9c21ab"],
    ["4f9", "4f9c21ab"],
    ["b", "b1"],
  ])("is found by %s", (id, found) => expect(chosen(WAITING, id).id).toBe(found));

  test("has to be the only one whose id begins so", () => {
    expect(() => chosen(WAITING, "4f")).toThrow("several ids begin with `4f`: 4f9c21ab, 4f00aa11");
    expect(() => chosen(WAITING, "c")).toThrow("nothing waits for approval as `c`");
  });
});
